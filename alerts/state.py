"""What the incident machine remembers of one scope: frozen values, bounded in size.

At most one incident a scope, open or lately resolved; of each tier only until when it stands and by which signal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from alerts.rules import Verdict
from contracts.records import Detail, Signal, SignalKind, Tier
from contracts.records.incident import rfc3339
from contracts.series import series_key

Scope = tuple[tuple[str, str], ...]
"""Names and values, sorted by name: a scope that can be a key."""


def scope_of(dims: Mapping[str, str]) -> Scope:
    """The scope with these dimensions.

    >>> scope_of({"category": "logistics", "brand": "Delta"})
    (('brand', 'Delta'), ('category', 'logistics'))
    """
    return tuple(sorted(dims.items()))


def incident_id(scope: Scope, bucket: datetime) -> str:
    """Sixteen hex digits from the scope and the first bucket.

    >>> from datetime import UTC
    >>> incident_id((("brand", "Delta"),), datetime(2026, 1, 1, tzinfo=UTC))
    'b426a466e2af89fc'
    """
    text = f"{series_key(dict(scope))}\n{rfc3339(bucket)}"
    return blake2b(text.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Cause:
    """What an event tells of the signal that caused it."""

    kind: SignalKind
    observed: float
    expected: float
    score: float
    detail: Detail


def cause_of(signal: Signal, verdict: Verdict) -> Cause:
    """The numbers and the explanation of one signal."""
    detail = Detail(
        series=signal.series,
        window_seconds=signal.window_seconds,
        support=signal.support,
        reach=signal.reach,
        contributions=signal.contributions,
        phrases=signal.phrases,
        voices=signal.voices,
        labels=signal.labels,
        signal_id=signal.id,
        rule=verdict.rule,
    )
    return Cause(signal.kind, signal.observed, signal.expected, signal.score, detail)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One tier was seen; it stands until ``until``."""

    until: datetime
    cause: Cause


UNSEEN: tuple[Sighting | None, ...] = (None,) * len(Tier)


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody is told of changes before ``until``; a person said so."""

    id: str
    since: datetime
    until: datetime
    author: str = ""
    comment: str = ""
    where: Scope = ()
    """Only scopes with these dimensions; empty means the whole brand and its parts."""
    upto: Tier = Tier.RED
    """The highest tier it holds back."""
    noticed: bool = False
    """People were told that it is about to end."""
    matched: int = 0
    """How many changes of this scope it kept from being told."""

    def fits(self, scope: Scope) -> bool:
        """Whether it is about this scope."""
        return set(self.where) <= set(scope)

    def holds(self, tier: Tier, at: datetime) -> bool:
        """Whether it keeps a change of this tier from being told."""
        return at < self.until and tier.rank <= self.upto.rank


@dataclass(frozen=True, slots=True)
class Paging:
    """An escalation under way."""

    tier: Tier
    """The tier that began it: its escalation goes on while the incident is open, also when it falls unheard."""
    reached: datetime
    """When the tier was reached: steps count from here."""
    paged: int
    """How many pages went out."""
    due: datetime | None
    """When the next one is due; none when there is no further one."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident, open or (``resolved_at`` set) lately resolved."""

    id: str
    since: datetime
    """When it opened, or opened again."""
    first: SignalKind
    """Kind of the signal that opened it (again)."""
    tier: Tier
    last: Cause
    """The last signal that joined."""
    quiet_at: datetime
    """When it is resolved if nothing more is seen."""
    seq: int = 0
    """Number of its next event."""
    seen: tuple[Sighting | None, ...] = UNSEEN
    """Last sighting of each tier, by rank."""
    told: Tier | None = None
    """The tier that people know of; none when nobody was told of the incident at all."""
    owner: str | None = None
    """Who has acknowledged it."""
    paging: Paging | None = None
    outage_ended: datetime | None = None
    """When the last outage ended that fell into it."""
    resolved_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it is not resolved."""
        return self.resolved_at is None

    @property
    def acknowledged(self) -> bool:
        """Whether somebody has taken it on."""
        return self.owner is not None

    @property
    def untold(self) -> bool:
        """Whether it is worse than people know."""
        return self.open and (self.told is None or self.told.rank < self.tier.rank)


KindSeen = tuple[SignalKind, int, datetime]
"""A kind gave a tier (its rank) at a time."""


@dataclass(frozen=True, slots=True)
class ScopeState:
    """Everything the machine knows of one scope."""

    scope: Scope
    now: datetime | None = None
    """Event time of the last item."""
    down_since: datetime | None = None
    """Since when a source of the brand is down; silence means nothing meanwhile."""
    silences: tuple[Silence, ...] = ()
    """Those that fit this scope and have not ended."""
    wider: Tier | None = None
    """Tier of the open incident of the wider scope."""
    incident: Incident | None = None
    past: tuple[str, int] | None = None
    """Id and next event number of the last incident forgotten, so that no key is ever used twice."""
    kinds: tuple[KindSeen, ...] = ()
    """Last time each kind gave each tier, as far as a combination looks back."""
    lasting: Tier | None = None
    """What goes on by itself deserves this tier (:mod:`alerts.lasting`); none: nothing does."""

    @property
    def brand(self) -> str:
        """The brand it belongs to."""
        return dict(self.scope)["brand"]

    @property
    def silenced_until(self) -> datetime | None:
        """The latest end of the silences in force."""
        return max((one.until for one in self.silences), default=None)
