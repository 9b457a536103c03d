"""What is shown of one incident: why, since when, the curve with its band, contributions, phrases, voices, the like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.records import Contribution, Detail, IncidentEvent, IncidentEventKind
from contracts.series import series_dims, series_key
from contracts.view import IncidentCard, IncidentFile, RunCard
from dashboards.console.charts import Chart, volume
from dashboards.console.figures import Point, curve
from dashboards.console.visit import Gone, Visit, asked

BEFORE = timedelta(hours=2)
"""How much of the curve is shown before it began."""
LONGEST = timedelta(days=7)
"""The end of a curve is always shown; of a longer incident its beginning is not."""
MOST_LIKE = 5
UNKNOWN = (
    "没有这个事件，或者它早已结束；请回到值班台。",
    "This incident is not known (any more); go back to the duty board.",
)


@dataclass(frozen=True, slots=True)
class Story:
    """One incident as it is shown."""

    file: IncidentFile
    detail: Detail
    """Of the last change that explains itself."""
    series: str
    points: list[Point]
    chart: Chart
    parts: dict[str, list[Contribution]]
    """By dimension, the largest first."""
    runs: tuple[RunCard, ...]
    reason: str
    """Why it has the tier it has."""

    @property
    def card(self) -> IncidentCard:
        """Its line in the list."""
        return self.file.card


async def story(seen: Visit, incident: str) -> Story:
    """The incident as it stands; raises Gone, Unavailable."""
    file = await file_of(seen, incident)
    detail = explained(file.events)
    card = file.card
    reached = await seen.parts.view.reached() or card.changed
    end = (card.ended or max(reached, card.changed)) + timedelta(minutes=5)
    start = max(card.since - BEFORE, end - LONGEST)
    series = detail.series or series_key(card.scope)
    points = await asked(curve, seen.parts.store, series, start, end)
    chart = volume(points, seen.parts.zone, says(seen))
    return Story(file, detail, series, points, chart, parts_of(detail), file.runs, because(file.events, card.reason))


async def file_of(seen: Visit, incident: str) -> IncidentFile:
    """What the view has of it; raises Gone, Unavailable."""
    file = await seen.parts.view.incident(incident) if incident.isalnum() else None
    if file is None:
        raise Gone(UNKNOWN)
    return file


def says(seen: Visit) -> dict[str, str]:
    """What a curve's parts are called."""
    return {
        "mentions": seen.say("提及", "mentions"),
        "negative": seen.say("负面", "negative"),
        "band": seen.say("预期区间", "expected band"),
        "expected": seen.say("预期", "expected"),
    }


def explained(events: Sequence[IncidentEvent]) -> Detail:
    """The last detail that says what the excess is made of; else that names a series; else none."""
    for one in reversed(events):
        if one.detail.contributions or one.detail.voices or one.detail.phrases:
            return one.detail
    return next((one.detail for one in reversed(events) if one.detail.series), Detail())


_TIERED = (
    IncidentEventKind.OPENED,
    IncidentEventKind.PROMOTED,
    IncidentEventKind.DEMOTED,
    IncidentEventKind.REOPENED,
    IncidentEventKind.RESOLVED,
)


def because(events: Sequence[IncidentEvent], otherwise: str) -> str:
    """The reason of the last change that set the tier."""
    return next((one.reason for one in reversed(events) if one.event in _TIERED), otherwise)


def parts_of(detail: Detail) -> dict[str, list[Contribution]]:
    """Contributions by dimension, the largest first."""
    found: dict[str, list[Contribution]] = {}
    for one in detail.contributions:
        found.setdefault(one.dimension, []).append(one)
    return {name: sorted(rows, key=lambda one: (-one.excess, one.value)) for name, rows in found.items()}


def where(series: str) -> dict[str, str]:
    """The dimensions of a series beside its brand."""
    return {name: value for name, value in series_dims(series).items() if name != "brand"}


def alike(card: IncidentCard, others: Sequence[IncidentCard]) -> list[IncidentCard]:
    """Past incidents of the same brand or scope that share a kind with this one, the likest first."""
    return [one for score, one in sorted(_scored(card, others), key=_order) if score >= _LEAST][:MOST_LIKE]


_LEAST = 2


def _scored(card: IncidentCard, others: Sequence[IncidentCard]) -> list[tuple[int, IncidentCard]]:
    mine = set(card.kinds)
    parts = {pair for pair in card.scope.items() if pair[0] != "brand"}
    return [
        (
            2 * (one.brand == card.brand)
            + 2 * bool(parts & set(one.scope.items()))
            + min(len(mine & set(one.kinds)), 2)
            + (one.highest is card.highest),
            one,
        )
        for one in others
        if one.incident != card.incident and mine & set(one.kinds)
    ]


def _order(pair: tuple[int, IncidentCard]) -> tuple[int, float, str]:
    return (-pair[0], -pair[1].changed.timestamp(), pair[1].incident)


def lasted(card: IncidentCard, now: datetime) -> timedelta:
    """How long it has been (or was) open."""
    return max((card.ended or now) - card.since, timedelta(0))
