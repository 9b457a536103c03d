"""Who of a short list says again what another of it said: by the rules that the detecting stage counts voices by.

In the flow: :mod:`fenghuo.desk.recent_texts` asks for what stands behind one point before the console shows it. Only
the list itself is looked at, so what copies a text that is not listed stands as a voice. Time grows with the list, and
that is short: for a hundred texts of 200 letters, half of them copies, 7 ms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from contracts.desk import Listed
from contracts.panes import micros
from contracts.records import Evidence
from detectors.copies import Copies

DAY = timedelta(days=1)


def with_repeats(found: Sequence[Evidence], known_for: timedelta = DAY) -> list[Listed]:
    """The same texts in the same order, each with what it repeats; none is left out.

    Parameters
    ----------
    found
        Texts of one brand, by (time, id).
    known_for
        After so long a text said again is a voice of its own (``copies_hours`` of the detectors), to the second.
    """
    copies = Copies(max(1, len(found)), max(1, int(known_for.total_seconds())))
    known = [copies.of(one.id, one.signature, one.text, micros(one.ts) // 1_000_000, one.reach) for one in found]
    firsts = [None if one is None else one.id for one in known]
    times = Counter(firsts)
    return [Listed(one, first, times[one.id]) for one, first in zip(found, firsts, strict=True)]
