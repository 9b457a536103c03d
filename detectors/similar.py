"""What the past holds that is most like one text: by the cosine that tells matters, and by edit distance.

The cosine alone looks at the few terms that tell matters apart and calls texts equal that share them all; the letters
alone know no matter. Their geometric mean is 1 only where both are.

Used by ``fenghuo similar``; no part of a stream. Time and memory are proportional to the past.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from heapq import nlargest
from math import sqrt
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from detectors.cluster_names import runs
from detectors.clusters import weighed
from detectors.copies import LEAST, is_edit, letters_of
from detectors.terms import terms_of
from detectors.usage import Rarity

EXCERPT = 280
PHRASES = 4
UNEQUAL = 0.99
"""What texts that differ, be it in a mark or a number, are alike at most."""


class Past(NamedTuple):
    """A masked text of the past."""

    id: str
    ts: datetime
    where: str
    """Brand and channel, or the incident that it was shown with."""
    text: str
    case: str = ""


class Similar(NamedTuple):
    """A text of the past that is like the one asked for, and why."""

    past: Past
    similarity: float
    """0 to 1, which is kept for equal texts: the share of the letters that are equal if it is a light edit, else the
    geometric mean of that and of the cosine."""
    phrases: tuple[str, ...]
    """What both say, the longest first."""
    copy: bool
    """Whether one is the other, lightly edited."""
    copies: int
    """Near-equal ones of the past that are left out."""


def most_similar(text: str, past: Sequence[Past], count: int) -> list[Similar]:
    """At most ``count`` texts that share anything rare with ``text``, the most alike first, copies of one another once.

    >>> from datetime import UTC
    >>> old = ("parcel locker, the code expired", "lovely weather", "locker code expired again!", "battery exploded")
    >>> found = most_similar("my code for the parcel locker expired", [
    ...     Past(str(n), datetime(2026, 3, 1, tzinfo=UTC), "shop web", text) for n, text in enumerate(old)], 3)
    >>> [(one.past.id, one.phrases) for one in found]
    [('0', ('parcel locker', 'code expired')), ('2', ('locker code expired',))]
    """
    said = [terms_of(one.text[:EXCERPT], ()) for one in past]
    asked = terms_of(text[:EXCERPT], ())
    counts = Counter(term for terms in (asked, *said) for term in terms)
    rarity = Rarity({term: (float(number),) for term, number in counts.items()}, 0.0, 1.0, float(len(past)))
    wanted = weighed(asked, text[:EXCERPT], rarity)
    scored = (
        (_likeness(wanted, terms, one, rarity), -place)
        for place, (terms, one) in enumerate(zip(said, past, strict=True))
    )
    best = nlargest(20 * count, ((score, place) for score, place in scored if score > 0))
    told = [_compared(text, past[-place], score, wanted) for score, place in best]
    found: dict[str, Similar] = {}
    for one in sorted(told, key=lambda one: -one.similarity):
        own = letters_of(one.past.text[:EXCERPT])
        twin = next((known for known in found if _near(own, known)), None)
        if twin is not None:
            found[twin] = found[twin]._replace(copies=found[twin].copies + 1)
        elif len(found) < count:
            found[own] = one
    return list(found.values())


def _compared(text: str, one: Past, cosine: float, wanted: dict[str, float]) -> Similar:
    """How alike ``text`` and one of the past are."""
    letters, own = letters_of(text[:EXCERPT]), letters_of(one.text[:EXCERPT])
    near = _near(letters, own)
    share = Levenshtein.normalized_similarity(letters, own)
    alike = share if near else sqrt(cosine * share)
    most = 1.0 if text.split() == one.text.split() else UNEQUAL
    return Similar(one, min(alike, most), _shared(one.text, wanted), near, 0)


def _likeness(wanted: dict[str, float], terms: Sequence[str], one: Past, rarity: Rarity) -> float:
    if wanted.keys().isdisjoint(terms):
        return 0.0
    weights = weighed(terms, one.text[:EXCERPT], rarity)
    return sum(weight * weights.get(term, 0.0) for term, weight in wanted.items())


def _near(first: str, second: str) -> bool:
    return first == second or (min(len(first), len(second)) >= LEAST and is_edit(first, second))


def _shared(text: str, wanted: dict[str, float]) -> tuple[str, ...]:
    """Phrases of ``text`` made of what was asked for."""
    phrases = dict.fromkeys(runs(text[:EXCERPT].lower(), wanted))
    longest = sorted(phrases, key=len, reverse=True)
    chosen = [one for place, one in enumerate(longest) if not any(one in other for other in longest[:place])]
    return tuple(chosen[:PHRASES])
