"""Putting folded cards together as they are read: lists in their order, and one incident with its timeline. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alerts.view.cards import steps_of
from contracts.records import Hush, IncidentEvent, Standing, Timer, TimerKind, Told
from contracts.view import IncidentCard, IncidentFile, RunCard, SilenceCard, SourceCard, TimerCard

_WAITING = ("open", "due_soon")


def dressed(
    cards: Iterable[IncidentCard], standings: Iterable[Standing], runs: Iterable[RunCard]
) -> list[IncidentCard]:
    """Cards with what others know of them: the silence that holds, whether a source is down, the runs."""
    stands = {one.brand: one for one in standings}
    mine: dict[str, list[str]] = {}
    for run in sorted(runs, key=_begun):
        if run.incident:
            mine.setdefault(run.incident, []).append(run.run)
    return [_dressed(one, stands.get(one.brand), tuple(mine.get(one.incident, ()))) for one in cards]


def open_of(cards: Iterable[IncidentCard], brand: str | None = None) -> list[IncidentCard]:
    """Those that are not resolved: the highest tier first, then the latest change first."""
    mine = [one for one in cards if one.open and brand in (None, one.brand)]
    return sorted(mine, key=lambda one: (-one.tier.rank, -one.changed.timestamp(), one.incident))


def ended_of(cards: Iterable[IncidentCard], brand: str | None, limit: int) -> list[IncidentCard]:
    """Those that were resolved, the last one first."""
    mine = [(one.ended, one) for one in cards if one.ended is not None and brand in (None, one.brand)]
    return [one for _, one in sorted(mine, key=lambda pair: (-pair[0].timestamp(), pair[1].incident))][:limit]


def file_of(
    card: IncidentCard,
    events: Iterable[IncidentEvent],
    told: Iterable[Told],
    runs: Iterable[RunCard],
    standings: Sequence[Standing],
) -> IncidentFile:
    """One incident with all that is known of it."""
    ordered = tuple(sorted(events, key=lambda one: one.seq))
    heard = tuple(sorted(told, key=lambda one: (one.seq, one.told_at, one.receiver)))
    mine = tuple(sorted((one for one in runs if one.incident == card.incident), key=_begun))
    names = {one.run for one in mine}
    due = timers_of(standings, mine, card.brand)
    return IncidentFile(
        card=dressed([card], standings, mine)[0],
        events=ordered,
        told=heard,
        steps=steps_of(ordered, heard),
        runs=mine,
        timers=tuple(one.timer for one in due if one.timer.incident == card.incident or one.timer.run in names),
    )


def runs_of(runs: Iterable[RunCard], brand: str | None, *, closed: bool) -> list[RunCard]:
    """Runs by start; those that are closed too if asked."""
    mine = (one for one in runs if brand in (None, one.brand) and (closed or one.closed is None))
    return sorted(mine, key=_begun)


def silences_of(standings: Iterable[Standing], brand: str | None = None) -> list[SilenceCard]:
    """Silences in force, by brand, then by end."""
    mine = [
        SilenceCard(brand=one.brand, silence=hush)
        for one in standings
        if brand in (None, one.brand)
        for hush in one.silences
    ]
    return sorted(mine, key=lambda one: (one.brand, one.silence.until, one.silence.id))


def timers_of(standings: Iterable[Standing], runs: Iterable[RunCard], brand: str | None = None) -> list[TimerCard]:
    """What is due of incidents, silences and open runs, by time."""
    due = [TimerCard(brand=one.brand, timer=timer) for one in standings for timer in one.timers]
    for run in runs:
        due.extend(TimerCard(brand=run.brand, timer=timer) for timer in _due_of(run))
    mine = (one for one in due if brand in (None, one.brand))
    return sorted(mine, key=lambda one: (one.timer.due, one.brand, one.timer.kind, one.timer.run, one.timer.name))


def sources_of(standings: Iterable[Standing], brand: str | None = None) -> list[SourceCard]:
    """Sources that are down, by name."""
    found: dict[str, list[Standing]] = {}
    for one in standings:
        for source in one.down if brand in (None, one.brand) else ():
            found.setdefault(source, []).append(one)
    return [
        SourceCard(
            source=source,
            brands=tuple(sorted(one.brand for one in stands)),
            since=min((one.down_since for one in stands if one.down_since is not None), default=None),
        )
        for source, stands in sorted(found.items())
    ]


def _dressed(card: IncidentCard, stands: Standing | None, runs: tuple[str, ...]) -> IncidentCard:
    if not card.open:
        return card.model_copy(update={"runs": runs})
    held = [one.until for one in (stands.silences if stands else ()) if _holds(one, card)]
    down = stands is not None and bool(stands.down)
    return card.model_copy(update={"runs": runs, "stale": down, "silenced_until": max(held, default=None)})


def _holds(hush: Hush, card: IncidentCard) -> bool:
    return hush.where.items() <= card.scope.items() and card.tier.rank <= hush.upto.rank


def _due_of(run: RunCard) -> list[Timer]:
    if run.closed is not None:
        return []
    tasks = [(TimerKind.TASK, one.due, one.name) for one in run.tasks if one.state in _WAITING]
    clocks = [(TimerKind.CLOCK, one.due, one.name) for one in run.clocks if one.state in _WAITING]
    return [
        Timer(kind=kind, due=due, incident=run.incident, run=run.run, name=name) for kind, due, name in tasks + clocks
    ]


def _begun(run: RunCard) -> tuple[float, str]:
    return (run.started.timestamp(), run.run)
