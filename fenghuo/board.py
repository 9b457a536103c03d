"""The duty board as plain values: what is open, since when, why, how far from usual, who has it, what is due. Pure.

In the flow: the live view → :func:`read` → :func:`board` → ``fenghuo watch`` draws it. Ages count in event time
(:class:`Pace`), so that a simulated day or a history that trails life shows no false ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Literal

from alerts.notify.words import EVENTS, KINDS, REASONS, Words
from alerts.reasons import Reason
from contracts.records import Tier, Timer, TimerKind
from contracts.view import IncidentCard, LiveView, RunCard, SilenceCard, SourceCard, TimerCard

Lang = Literal["zh", "en"]
Say = Callable[[Words], str]
_ZH: Say = itemgetter(0)
_EN: Say = itemgetter(1)
_TIMERS: dict[TimerKind, Words] = {
    TimerKind.DEMOTE: ("降级", "falls"),
    TimerKind.RESOLVE: ("解除", "ends"),
    TimerKind.TELL: ("通知", "told"),
    TimerKind.PAGE: ("呼叫下一步", "next page"),
    TimerKind.SILENCE_NOTICE: ("静默将结束", "silence ends"),
    TimerKind.TASK: ("任务", "task"),
    TimerKind.CLOCK: ("时限", "clock"),
}
QUIET = timedelta(hours=1)
MOST_DUE = 2
"""So many things that are due stand in a row."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the view held at one moment."""

    cards: Sequence[IncidentCard] = ()
    runs: Sequence[RunCard] = ()
    timers: Sequence[TimerCard] = ()
    silences: Sequence[SilenceCard] = ()
    sources: Sequence[SourceCard] = ()
    reached: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One incident."""

    tier: Tier
    incident: str
    scope: str
    what: str
    """Kind and reason in words."""
    numbers: str
    """Observed against expected."""
    since: str
    who: str
    due: tuple[str, ...]
    """What comes next, and how its plans stand."""
    held: bool = False
    """Whether somebody has it."""


@dataclass(frozen=True, slots=True)
class Board:
    """All of it; rows by tier, the gravest first."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    """Silences, dead sources, and how far the view has come."""
    lang: Lang = "zh"

    @property
    def incidents(self) -> tuple[tuple[str, ...], ...]:
        """What stands on it but for ages and what is due, which change by themselves."""
        return tuple((row.incident, row.tier.value, row.what, row.numbers, row.who) for row in self.rows)

    @property
    def by_tier(self) -> dict[Tier, int]:
        """How many stand at each tier, the gravest first."""
        return {tier: sum(row.tier is tier for row in self.rows) for tier in reversed(Tier)}


async def read(view: LiveView, brand: str | None = None) -> Seen:
    """Everything the board needs; raises Unavailable."""
    return Seen(
        await view.open_incidents(brand),
        await view.runs(brand),
        await view.timers(brand),
        await view.silences(brand),
        await view.sources(brand),
        await view.reached(),
    )


class Pace:
    """What time it is for the events shown. The view tells it only when something changes; in between it is counted on.

    >>> from datetime import UTC
    >>> pace, noon, hour = Pace(), datetime(2026, 3, 2, 12, tzinfo=UTC), timedelta(hours=1)
    >>> [pace.now(noon, noon + late).hour for late in (5 * hour, 7 * hour)], pace.now(noon + hour, noon + 8 * hour).hour
    ([12, 14], 13)
    >>> Pace().now(noon, noon + timedelta(minutes=59)).minute
    59
    """

    def __init__(self) -> None:
        self._reached: datetime | None = None
        self._lag = timedelta(0)

    def now(self, reached: datetime | None, wall: datetime) -> datetime:
        """The event time at ``wall``; a view that trails by less than :data:`QUIET` is of a quiet live system."""
        if reached is not None and reached != self._reached:
            self._reached = reached
            self._lag = wall - reached if wall - reached > QUIET else timedelta(0)
        return wall - self._lag


def board(seen: Seen, now: datetime, lang: Lang = "zh") -> Board:
    """The board of what was seen, at the event time ``now``."""
    say = _ZH if lang == "zh" else _EN
    rows = tuple(_row(card, seen, now, say) for card in seen.cards)
    return Board(rows, tuple(_notes(seen, say)), lang)


def age(length: timedelta) -> str:
    """A length of time, short: the two largest parts at most.

    >>> [age(timedelta(minutes=minutes)) for minutes in (0.7, 3, 26 * 60 + 5, 120)]
    ['42s', '3m', '1d 2h', '2h']
    """
    seconds = max(0, int(length.total_seconds()))
    parts = [(seconds // 86_400, "d"), (seconds // 3_600 % 24, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s")]
    first = next((place for place, (number, _) in enumerate(parts) if number), 3)
    shown = parts[first : first + (2 if first < 2 else 1)]
    return " ".join(f"{number}{unit}" for number, unit in shown if number) or "0s"


def number(value: float) -> str:
    """Counts whole, shares with two digits.

    >>> number(4000.0), number(0.4166), number(0.0), number(12.34)
    ('4,000', '0.42', '0', '12.3')
    """
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 1 else f"{value:.1f}"


def _row(card: IncidentCard, seen: Seen, now: datetime, say: Say) -> Row:
    parts = [value for name, value in sorted(card.scope.items()) if name != "brand"]
    nobody = say(("无人", "nobody")) + (
        "" if card.step is None else say((f"·第{card.step + 1}步", f", step {card.step + 1}"))
    )
    return Row(
        tier=card.tier,
        incident=card.incident,
        scope=" · ".join((card.brand, *parts)),
        what=" · ".join((say(KINDS[card.kind]), *_told(card, say))),
        numbers=f"{number(card.observed)} / {number(card.expected)}",
        since=f"{card.since:%m-%d %H:%M} UTC ({age(now - card.since)})",
        who=card.owner or nobody,
        due=(*_due(card, seen.timers, now, say), *_plans(card, seen.runs, say)),
        held=bool(card.owner),
    )


def _told(card: IncidentCard, say: Say) -> list[str]:
    """What changed last and why, and what keeps people from hearing of it."""
    reason = say(REASONS[Reason(card.reason)]) if card.reason in tuple(Reason) else card.reason
    flags = [(("已屏蔽", "muted"), card.muted), (("数据中断", "stale"), card.stale and card.last != "stale")]
    return [f"{say(EVENTS[card.last])}: {reason}", *(say(words) for words, holds in flags if holds)]


def _due(card: IncidentCard, timers: Sequence[TimerCard], now: datetime, say: Say) -> list[str]:
    mine = [one.timer for one in timers if one.timer.incident == card.incident or one.timer.run in card.runs]
    return [_timer(one, now, say) for one in mine[:MOST_DUE]]


def _timer(timer: Timer, now: datetime, say: Say) -> str:
    words = say(_TIMERS[timer.kind]) + (f" {timer.name}" if timer.name else "")
    return f"{words} {age(timer.due - now)}" if timer.due >= now else f"{words} -{age(now - timer.due)}"


def _plans(card: IncidentCard, runs: Sequence[RunCard], say: Say) -> list[str]:
    told = []
    for run in runs:
        if run.run in card.runs:
            done = sum(one.state in ("done", "skipped") for one in run.tasks)
            late = sum(one.state == "overdue" for one in run.tasks) + sum(one.state == "overdue" for one in run.clocks)
            more = say((f"，超时 {late}", f", overdue {late}")) if late else ""
            told.append(f"{say(('预案', 'plan'))} {run.plan} {done}/{len(run.tasks)}{more}")
    return told


def _notes(seen: Seen, say: Say) -> list[str]:
    notes = []
    for one in seen.sources:
        notes.append(f"{say(('数据源中断', 'source down'))}: {one.source} ({', '.join(one.brands)})")
    if seen.silences:
        idle = sum(not one.silence.matched for one in seen.silences)
        more = say((f"，其中 {idle} 条没有匹配", f", {idle} match nothing")) if idle else ""
        notes.append(f"{say(('静默', 'silences'))}: {len(seen.silences)}{more}")
    reached = say(("空", "empty")) if seen.reached is None else f"{seen.reached:%Y-%m-%d %H:%M:%S} UTC"
    notes.append(f"{say(('事件时间', 'event time'))}: {reached}")
    return notes
