"""What detectors need of each mention: held while its pane is open, and written when that closes.

A pane's evidence is encoded at once, which is much cheaper than one by one: it runs for every mention there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from contracts.records import CaseWords, Evidence, Mention, Reading

SNIPPET = 280
"""Characters of the text that are kept."""

_FIELDS = {name: field for name, field in Evidence.model_fields.items() if name != "schema_version"}
_NEEDED = [name for name, field in _FIELDS.items() if field.is_required() and name != "text"]
_READ = [name for name in _NEEDED if name in Reading.model_fields]
_SAID = [name for name in _NEEDED if name not in Reading.model_fields]
_OPTIONAL = [name for name, field in _FIELDS.items() if not field.is_required() and name in Mention.model_fields]

_Struct: Callable[..., Any] = msgspec.defstruct(
    "_Evidence",
    [
        *((name, Any) for name in (*_SAID, *_READ, "text")),
        *((name, Any, _FIELDS[name].default) for name in (*_OPTIONAL, "case_words")),
    ],
    omit_defaults=True,
    gc=False,
)
_Words: Callable[..., Any] = msgspec.defstruct(
    "_CaseWords",
    [(name, Any, field.default) for name, field in CaseWords.model_fields.items()],
    omit_defaults=True,
    gc=False,
)
_said, _read, _optional = attrgetter(*_SAID), attrgetter(*_READ), attrgetter(*_OPTIONAL)
_encode = msgspec.json.Encoder().encode


def evidence(mention: Mention, reading: Reading, words: CaseWords | None = None) -> Any:
    """One piece of evidence, as :func:`evidence_parts` takes it. It keeps nothing of a long text but its beginning."""
    made = _Struct(*_said(mention), *_read(reading), mention.text[:SNIPPET], *_optional(mention))
    if words is not None:
        made.case_words = _Words(**words.__dict__)
    return made


def evidence_parts(pieces: Sequence[Any], most: int, size: int) -> Iterator[bytes]:
    """Arrays of :class:`~contracts.records.Evidence` in order, of at most ``most`` pieces and ``size`` bytes each.

    A single piece may take more than ``size``; it never takes more than some ten kilobytes.
    """
    for start in range(0, len(pieces), most):
        yield from _halved(pieces[start : start + most], size)


def _halved(pieces: Sequence[Any], size: int) -> Iterator[bytes]:
    body = _encode(pieces)
    if len(body) <= size or len(pieces) == 1:
        yield body
        return
    middle = len(pieces) // 2
    yield from _halved(pieces[:middle], size)
    yield from _halved(pieces[middle:], size)
