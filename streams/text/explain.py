"""Which places of a text make it praise or blame, found by leaving each out and reading again.

What a place weighs is the polarity of the text less the polarity without it, so that negation, contrast and the model's
n-grams are all in it, whatever the reader is made of. For a person who asks why; far too slow for counting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from streams.text.scan import Hit

LONGEST = 2_000
"""Characters of a text that are read; what follows is left out."""
MOST = 200
"""Places that are tried."""
_LEAST = 0.005
_PIECE = re.compile(r"[a-z0-9']+|[^\W_a-z0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Span:
    """One place [start, end) of :attr:`Explanation.text` and its weight, −2 (blame) to 2 (praise)."""

    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text has its polarity."""

    text: str
    """The text as it was read: folded, in simplified characters, names blanked."""
    polarity: float
    spans: tuple[Span, ...]
    """By place; those that weigh nothing are left out. They need not add up to the polarity."""


def explain(
    judged: str, hits: Callable[[str], Sequence[Hit]], polarities: Callable[[Sequence[str]], list[float]]
) -> Explanation:
    """Leave out each term and each piece between the terms in turn.

    >>> from streams.text.scan import Scanner
    >>> told = explain("味道好", Scanner(["好"]).hits, lambda texts: [float("好" in one) for one in texts])
    >>> [(span.text, span.weight) for span in told.spans]
    [('好', 1.0)]
    """
    judged = judged[:LONGEST]
    places = sorted(_places(judged, hits(judged)))[:MOST]
    whole, *without = polarities(
        [judged, *(f"{judged[:start]}{' ' * (end - start)}{judged[end:]}" for start, end in places)]
    )
    weighed = ((start, end, round(whole - rest, 6)) for (start, end), rest in zip(places, without, strict=True))
    spans = [Span(start, end, judged[start:end], weight) for start, end, weight in weighed if abs(weight) >= _LEAST]
    return Explanation(judged, round(whole, 6), tuple(spans))


def _places(looked_at: str, hits: Sequence[Hit]) -> Iterator[tuple[int, int]]:
    """The terms, and pieces of what lies between them."""
    at = 0
    for _, start, end in (*hits, (0, len(looked_at) + 1, len(looked_at) + 1)):
        for piece in _PIECE.finditer(looked_at, at, start - 1):
            yield piece.span()
        if looked_at[start - 1 : end - 1].strip():
            yield start - 1, end - 1
        at = end - 1
