"""Incidents: one of a scope at a time, climbing four tiers."""

from __future__ import annotations

from datetime import UTC
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from contracts.records.base import Finite, Name, Record, When
from contracts.records.signal import Contribution, SignalKind, Voice


class Tier(StrEnum):
    """蓝 黄 橙 红, in rising order.

    >>> Tier.RED.rank > Tier.BLUE.rank, Tier.ORANGE.hanzi
    (True, '橙')
    """

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def rank(self) -> int:
        """0 for blue to 3 for red."""
        return _RANK[self]

    @property
    def hanzi(self) -> str:
        """The tier's Chinese name."""
        return "蓝黄橙红"[self.rank]


_RANK = {tier: rank for rank, tier in enumerate(Tier)}


class IncidentEventKind(StrEnum):
    """What happened to an incident."""

    OPENED = "opened"
    """The first signal that deserved a tier."""
    PROMOTED = "promoted"
    """A higher tier, at once."""
    DEMOTED = "demoted"
    """A lower tier, after the hold."""
    ACKNOWLEDGED = "acknowledged"
    """Somebody takes it on."""
    SILENCED = "silenced"
    """Nobody is told of changes until a given time."""
    MUTED = "muted"
    """An incident of a wider scope speaks for it."""
    STALE = "stale"
    """A source died: silence means nothing until it is back."""
    PLAN_STARTED = "plan_started"
    """A response plan was started."""
    TASK_DONE = "task_done"
    """A task of the plan was done."""
    ESCALATED = "escalated"
    """It went to the next person."""
    RESOLVED = "resolved"
    """Quiet for the whole quiet time."""
    REOPENED = "reopened"
    """A new signal within the reopen time."""


class Detail(Record):
    """What a person is shown beside the numbers; not part of the exported line."""

    series: str = ""
    window_seconds: int = 60
    support: int = 0
    reach: int = 0
    contributions: tuple[Contribution, ...] = ()
    phrases: tuple[str, ...] = ()
    voices: tuple[Voice, ...] = ()
    labels: dict[str, str] = Field(default_factory=dict)
    """Of the signal, for instance the topic."""
    signal_id: str = ""
    rule: str = ""
    since: When | None = None
    """When the incident opened (or opened again)."""
    was: Tier | None = None
    """The tier before, when it changed."""
    by: str = ""
    """The person who did it, or who has taken the incident on."""
    note: str = ""
    """What a person said of it, or what was done."""
    step: Annotated[int, Field(ge=0)] | None = None
    """Step of the escalation that is to be paged; none when nobody is paged."""
    until: When | None = None
    """When what began here ends, for instance a silence."""


class IncidentEvent(Record):
    """One change of one incident; (``incident``, ``seq``) is its key."""

    incident: Annotated[str, Field(min_length=8, max_length=64)]
    """Hash of scope and first bucket."""
    seq: Annotated[int, Field(ge=0)]
    event: IncidentEventKind
    at: When
    tier: Tier
    kind: SignalKind
    """Kind of the causing signal."""
    scope: dict[str, str]
    reason: Name
    """From the closed list of ``alerts.reasons``."""
    observed: Finite
    expected: Finite
    score: Finite
    notify: bool = True
    """Whether people are told of it."""
    detail: Detail = Detail()

    @property
    def brand(self) -> str:
        """The brand of its scope."""
        return self.scope["brand"]

    def line(self) -> dict[str, Any]:
        """The eleven keys of ``incidents.ndjson``, floats to six digits."""
        return {
            "incident": self.incident,
            "seq": self.seq,
            "event": self.event.value,
            "at": rfc3339(self.at),
            "tier": self.tier.value,
            "kind": self.kind.value,
            "scope": dict(sorted(self.scope.items())),
            "reason": self.reason,
            "observed": six_digits(self.observed),
            "expected": six_digits(self.expected),
            "score": six_digits(self.score),
        }

    def sort_key(self) -> tuple[str, str, str, int]:
        """The order of ``incidents.ndjson``: at, scope, incident, seq."""
        scope = ",".join(f"{key}={value}" for key, value in sorted(self.scope.items()))
        return (rfc3339(self.at), scope, self.incident, self.seq)


class Told(Record):
    """The notification log: one receiver was told of one incident event."""

    incident: str
    seq: int
    brand: Name
    receiver: Name
    outcome: Name
    """``sent``, ``rejected``, ``gave_up`` (it is tried again), or ``over`` (it was down until this was over)."""
    told_at: When
    reason: str = ""


def rfc3339(when: When) -> str:
    """UTC with a ``Z``; microseconds only when there are any.

    >>> from datetime import datetime, timezone, timedelta
    >>> rfc3339(datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8))))
    '2026-01-01T00:00:00Z'
    """
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def six_digits(value: float) -> float:
    """Six significant digits, and never ``-0.0``.

    >>> six_digits(123456.789), six_digits(-0.0)
    (123457.0, 0.0)
    """
    return float(f"{value:.6g}") + 0.0
