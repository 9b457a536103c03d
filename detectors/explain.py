"""Why a signal is one: what the excess is made of, the new phrases, and a few typical voices.

The expected count is split by the brand's usual shares, the observed one by the shares among the voices still kept;
per dimension the differences add up to the whole excess.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from contracts.panes import from_micros
from contracts.records import Contribution, Voice
from contracts.series import OTHER
from detectors.cluster_names import name_of
from detectors.settings import ExplainSettings
from detectors.usual import Usual, matter_of
from detectors.voices import DIMENSIONS, UNKNOWN, Heard

_NEW_RATIO = 3.0
_LEAST_SAID = 3


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a signal shows."""

    contributions: tuple[Contribution, ...] = ()
    phrases: tuple[str, ...] = ()
    voices: tuple[Voice, ...] = ()
    praise: float = 0.0
    """Share of the excess that is positive."""


def explain(
    heard: Sequence[Heard],
    usual: Usual,
    fixed: Mapping[str, str],
    observed: float,
    expected: float,
    settings: ExplainSettings,
    *,
    negative: bool = False,
    phrases: tuple[str, ...] | None = None,
) -> Reasons:
    """Reasons for an excess of ``observed`` over ``expected`` in the series with dimensions ``fixed``.

    ``heard`` are its voices in the window, only the negative ones if ``negative``; ``phrases``, if they are known
    already, are not looked for.
    """
    if not heard:
        return Reasons()
    parts: list[Contribution] = []
    for place, name in enumerate(DIMENSIONS):
        seen = Counter(one.dims[place] for one in heard)
        if name in fixed or set(seen) == {UNKNOWN}:
            continue
        known = usual.shares("negative " + name if negative else name)
        parts += split(name, seen, known, observed, expected, settings.values)
    parts += _by_matter(heard, usual, observed, expected, settings.values)
    if phrases is None:
        phrases = new_phrases(heard, usual, settings.phrases)
    praised = split(
        "sentiment", Counter(one.sentiment for one in heard), usual.shares("sentiment"), observed, expected, 9
    )
    excess = observed - expected
    praise = sum(one.excess for one in praised if one.value == "positive") / excess if excess > 0 else 0.0
    return Reasons(tuple(parts), phrases, typical(heard, phrases, settings.typical_voices), praise)


def split(
    name: str, seen: Mapping[str, int], known: Mapping[str, float], observed: float, expected: float, limit: int
) -> list[Contribution]:
    """The excess of one dimension by value, largest first, the smallest added up as ``other``.

    >>> [(one.value, one.excess) for one in split("channel", {"web": 3, "mail": 1}, {"mail": 1.0}, 8.0, 2.0, 6)]
    [('web', 6.0), ('mail', 0.0)]
    """
    total = sum(seen.values())
    shares = {value: count / total for value, count in seen.items()}
    base = known or shares
    excess = {
        value: observed * shares.get(value, 0.0) - expected * base.get(value, 0.0) for value in {**shares, **base}
    }
    order = sorted(excess, key=lambda value: (-abs(excess[value]), value))
    named = [value for value in order if value != OTHER]
    kept = named if len(order) <= limit else named[: limit - 1]
    parts = [Contribution(dimension=name, value=value, excess=excess[value]) for value in kept]
    rest = [excess[value] for value in order if value not in kept]
    return [*parts, Contribution(dimension=name, value=OTHER, excess=sum(rest))] if rest else parts


def _by_matter(
    heard: Sequence[Heard], usual: Usual, observed: float, expected: float, limit: int
) -> list[Contribution]:
    """The excess by matter, under the matters' names; nothing when no two voices speak of one."""
    matters = {matter_of(one): one.matter for one in heard if one.matter is not None}
    seen = Counter(map(matter_of, heard))
    if set(seen) <= {OTHER}:
        return []
    known = usual.shares("matter")
    if known:
        known = {name: known.get(name, 0.0) for name in seen if name != OTHER}
        known[OTHER] = max(0.0, 1.0 - sum(known.values()))
    parts = split("matter", seen, known, observed, expected, limit)
    return [
        part if matter is None else part.model_copy(update={"value": name_of(matter)})
        for part, matter in ((part, None if part.value == OTHER else matters[part.value]) for part in parts)
    ]


def apportioned(occasions: Sequence[tuple[str, ...]], excess: float, limit: int) -> tuple[Contribution, ...]:
    """An excess shared out among single occasions, each the values of :data:`~detectors.voices.DIMENSIONS`.

    >>> [(one.dimension, one.excess) for one in apportioned([("web", "price", "unknown", "unknown")] * 3, 3.0, 6)]
    [('channel', 3.0), ('category', 3.0)]
    """
    parts: list[Contribution] = []
    for place, name in enumerate(DIMENSIONS):
        seen = Counter(one[place] for one in occasions)
        if set(seen) != {UNKNOWN}:
            parts += split(name, seen, {}, excess, 0.0, limit)
    return tuple(parts)


def expected_parts(usual: Usual, excess: float, limit: int) -> tuple[Contribution, ...]:
    """An excess that has not come yet, shared out as voices usually are."""
    parts: list[Contribution] = []
    for name in DIMENSIONS:
        shares = usual.shares(name)
        if set(shares) - {UNKNOWN}:
            weights = {value: round(1e6 * share) for value, share in shares.items()}
            parts += split(name, weights, {}, excess, 0.0, limit)
    return tuple(parts)


def new_phrases(heard: Sequence[Heard], usual: Usual, limit: int) -> tuple[str, ...]:
    """Keywords said far more often than usual, the most telling first."""
    said = Counter(word for one in heard for word in set(one.keywords))
    everything = usual.voices() + 1
    telling: list[tuple[float, str]] = []
    for word, count in said.items():
        ratio = count / len(heard) / ((usual.weight("keyword", word) + 0.5) / everything)
        if count >= _LEAST_SAID and ratio >= _NEW_RATIO:
            telling.append((-count * log(ratio), word))
    return tuple(word for _, word in sorted(telling)[:limit])


def typical(heard: Sequence[Heard], phrases: Sequence[str], limit: int) -> tuple[Voice, ...]:
    """Voices that say what many say, the fiercest first; one of each signature."""
    ranked = sorted(heard, key=lambda one: (-_said(one, phrases) - one.heat, one.ts, one.id))
    chosen: dict[str, Heard] = {}
    for one in ranked:
        if one.text and len(chosen) < limit:
            chosen.setdefault(one.signature or one.id, one)
    return tuple(
        Voice(id=one.id, ts=from_micros(one.ts), channel=one.dims[0], text=one.text) for one in chosen.values()
    )


def _said(one: Heard, phrases: Sequence[str]) -> int:
    """How many of the phrases a voice says."""
    text = one.text.lower()
    return sum(phrase in one.keywords or phrase in text for phrase in phrases)
