"""How a brand stands in deciding beside its incidents: what is due, what is silenced, which sources are down.

Incident events say what changed. This says what holds, so that others can show it without deciding anew.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from contracts.records.base import Name, Record, When
from contracts.records.incident import Tier


class TimerKind(StrEnum):
    """What comes by itself when nothing else comes before."""

    DEMOTE = "demote"
    """The tier falls."""
    RESOLVE = "resolve"
    """The incident ends."""
    TELL = "tell"
    """What was kept back is told."""
    PAGE = "page"
    """The next step of the escalation is paged."""
    SILENCE_NOTICE = "silence_notice"
    """People hear that a silence is about to end."""
    TASK = "task"
    """A task of a running plan is due."""
    CLOCK = "clock"
    """A clock of a running plan is due."""


class Timer(Record):
    """One thing that is due."""

    kind: TimerKind
    due: When
    """Event time: it fires when a mark reaches it."""
    incident: str = ""
    run: str = ""
    """The run of a plan, of its tasks and clocks."""
    name: str = ""
    """The task or clock, or the silence."""


class Hush(Record):
    """A silence in force."""

    id: str
    since: When
    until: When
    author: str = ""
    comment: str = ""
    where: dict[str, str] = Field(default_factory=dict)
    """Only this part of the brand; empty means all of it."""
    upto: Tier = Tier.RED
    """The highest tier it holds back."""
    matched: int = 0
    """How many changes it kept from being told; 0 means that it matches nothing yet."""


class Standing(Record):
    """How one brand stands from ``at`` on; the whole of it, so that a later one replaces an earlier."""

    brand: Name
    at: When
    timers: tuple[Timer, ...] = ()
    """By ``due``."""
    silences: tuple[Hush, ...] = ()
    down: tuple[str, ...] = ()
    """Sources of the brand that are down."""
    down_since: When | None = None
    """Since when at least one is."""

    @property
    def tells(self) -> bool:
        """Something is due, something is silenced, or a source is down."""
        return bool(self.timers or self.silences or self.down)

    def same(self, other: Standing) -> bool:
        """Whether the same holds, whenever it was said."""
        return (self.timers, self.silences, self.down) == (other.timers, other.silences, other.down)
