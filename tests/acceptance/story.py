"""Timed stories: at such a second push this, between those two seconds want that; on a manual clock.

A story runs the deciding core with the shipped rules, closes every pane of five seconds with a mark, and tells
through a real notifier, so that what is checked is what a person at the terminal would have got, and when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from alerts.decide import DecideCore
from alerts.notify.deadline import Deadline
from alerts.notify.heard import Key
from alerts.notify.notifier import Notifier
from alerts.notify.receivers import Answer, Sent
from alerts.notify.render import Message
from alerts.settings import DecidePolicy, ReceiverSettings
from contracts.clock import ManualClock
from contracts.records import Command, CommandKind, IncidentEvent, SignalKind
from tests.unit.alerts.given import NOON, PANE, command, mark, shipped, signal


def seconds(clock: str) -> int:
    """``4:00`` is 240, ``1:30:00`` is 5400.

    >>> seconds("4:00"), seconds("1:30:00")
    (240, 5400)
    """
    total = 0
    for part in clock.split(":"):
        total = total * 60 + int(part)
    return total


@dataclass(frozen=True)
class Heard:
    """What a person was told, and when."""

    second: int
    event: IncidentEvent


@dataclass
class Ear:
    """A receiver that writes down what it hears and when."""

    clock: ManualClock
    name: str = "terminal"
    heard: list[Heard] = field(default_factory=list)

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        """Take it."""
        second = int((self.clock.now() - NOON).total_seconds())
        self.heard.append(Heard(second, message.event))
        return Sent()


class Story:
    """Collects what happens, then plays it pane by pane.

    Signals pushed at a second belong to the pane that ends there; times must be whole panes.
    """

    def __init__(self, policy: DecidePolicy | None = None) -> None:
        self.core = DecideCore(policy or shipped())
        self._clock = ManualClock(NOON)
        self._ear = Ear(self._clock)
        self._notifier = Notifier([self._ear], ReceiverSettings(), self._clock)
        self._told: set[Key] = set()
        self._signals: dict[int, list[tuple[float, str, dict[str, Any]]]] = {}
        self._commands: dict[int, list[Command]] = {}
        self._down: list[tuple[int, int, str]] = []

    def push(self, clock: str, score: float, brand: str = "Delta", **fields: Any) -> Story:
        """At this time a detector notices something."""
        self._signals.setdefault(seconds(clock), []).append((score, brand, fields))
        return self

    def push_often(self, begin: str, end: str, every: int, score: float, **fields: Any) -> Story:
        """The same, again and again."""
        for second in range(seconds(begin), seconds(end) + 1, every):
            self._signals.setdefault(second, []).append((score, "Delta", fields))
        return self

    def down(self, begin: str, end: str, source: str = "weibo") -> Story:
        """A source is dead from the one time to the other."""
        self._down.append((seconds(begin), seconds(end), source))
        return self

    def says(self, clock: str, kind: CommandKind, **args: Any) -> Story:
        """Somebody commands something."""
        given = self._commands.setdefault(seconds(clock), [])
        given.append(command(kind, f"{clock}-{len(given)}", **args))
        return self

    async def play(self, until: str) -> list[Heard]:
        """Everything that was heard up to this time."""
        for second in range(PANE, seconds(until) + 1, PANE):
            self._clock.advance(PANE)
            await self._tell(self._pane(second))
        return self._ear.heard

    def _pane(self, second: int) -> Iterable[IncidentEvent]:
        brands = {"Delta", *(brand for given in self._signals.values() for _, brand, _ in given)}
        counts = dict.fromkeys(brands, 0)
        for score, brand, fields in self._signals.get(second, []):
            yield from self.core.feed(signal(second, score, counts[brand], brand, **fields))
            counts[brand] += 1
        stale = tuple(source for begin, end, source in self._down if begin <= second < end)
        for brand in sorted(brands):
            yield from self.core.feed(mark(second, *stale, brand=brand))
        for one in self._commands.get(second, []):
            yield from self.core.feed(one)

    async def _tell(self, events: Iterable[IncidentEvent]) -> None:
        for event in events:
            told = await self._notifier.tell(event, self._told)
            self._told |= {(one.incident, one.seq, one.receiver) for one in told}


def want(heard: list[Heard], *expected: tuple[str, str, str, str]) -> None:
    """Exactly these, each (what, tier, not before, not after)."""
    shown = [f"{one.event.event.value} {one.event.tier.value} at {one.second} s" for one in heard]
    assert len(heard) == len(expected), shown
    for one, (what, tier, begin, end) in zip(heard, expected, strict=True):
        assert (one.event.event.value, one.event.tier.value) == (what, tier), shown
        assert seconds(begin) <= one.second <= seconds(end), shown


SHIFT = SignalKind.SENTIMENT_SHIFT
