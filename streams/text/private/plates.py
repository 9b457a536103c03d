"""Number plates: Chinese ones by their form, others behind their cue."""

from __future__ import annotations

import re

from streams.text.private.cued import EDGE, FRONT, LINKING, finder
from streams.text.private.kinds import Form, Kind

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][\s]?[A-HJ-NP-Za-hj-np-z][\s·.-]?"
    rf"(?P<rest>[A-HJ-NP-Za-hj-np-z0-9]{{5,6}}|[A-HJ-NP-Za-hj-np-z0-9]{{4}}[学挂警港澳领]){EDGE}"
)
_FOREIGN_PLATE = re.compile(
    rf"{FRONT}(?:(?P<sure>licen[sc]e|number|registration|car|vehicle) )?plates?(?P<named> number| no\b\.?)?{LINKING}"
    rf"(?P<value>[A-Z0-9]{{1,4}}[ -]?[A-Z0-9]{{2,5}}){EDGE}",
    re.IGNORECASE,
)
PLATE_DIGITS = 3
"""A Chinese number plate has so many digits at least."""


def _is_plate(found: re.Match[str]) -> bool:
    return sum(map(str.isdigit, found["rest"])) >= PLATE_DIGITS


def _is_foreign_plate(found: re.Match[str]) -> bool:
    """Two digits of five or more characters; behind "plate number" in capitals: others are eaten from."""
    value = found["value"]
    sure = found["sure"] or found["named"] and value == value.upper()
    return bool(sure) and sum(map(str.isdigit, value)) >= 2 and len(value) >= 5


chinese_plates = finder(Kind.PLATE, _PLATE, _is_plate)
"""They need no cue."""
PLATES = (Form(finder(Kind.PLATE, _FOREIGN_PLATE, _is_foreign_plate), ("plate",)),)
"""The form with a cue."""
