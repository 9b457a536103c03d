"""What deciding knows of one brand: its scopes, silences, the rules that hold for it, and where its log stands."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from alerts.gags import in_force
from alerts.settings import DecidePolicy, RulesFile
from alerts.state import Scope, ScopeState, Silence, scope_of
from contracts.records import Command

EVERYBODY = "*"
MAX_SCOPES = 200
"""Parts of a brand with an incident of their own; idle ones give way, then the whole brand takes their signals."""
MAX_SILENCES = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Version:
    """A new version of the rules: by which command, whose, and why."""

    id: str
    brand: str
    author: str
    comment: str
    issued_at: datetime
    packed: bytes = b""
    """The rules file it brought, small: a thousand of them are kept."""

    @classmethod
    def of(cls, command: Command) -> Version:
        """The version that a command brings."""
        text = json.dumps(command.args.get("rules"), ensure_ascii=False, separators=(",", ":"))
        packed = zlib.compress(text.encode())
        return cls(command.id, command.brand, command.author, command.reason, command.issued_at, packed)

    def rules(self) -> RulesFile:
        """What it brought."""
        return RulesFile.model_validate_json(zlib.decompress(self.packed))


def whole(brand: str) -> Scope:
    """The scope of a whole brand."""
    return scope_of({"brand": brand})


def bucket_after(at: datetime, width: timedelta) -> datetime:
    """The first instant of the next bucket.

    >>> bucket_after(datetime(2026, 1, 1, 0, 0, 59, tzinfo=UTC), timedelta(seconds=60)).isoformat()
    '2026-01-01T00:01:00+00:00'
    """
    return _EPOCH + ((at - _EPOCH) // width + 1) * width


@dataclass(slots=True)
class Brand:
    """Mutable; belongs to one core."""

    whole: Scope
    order: tuple[int, int] | None = None
    """Of the last signal or mark."""
    now: datetime | None = None
    history_until: datetime | None = None
    commands: dict[str, None] = field(default_factory=dict)
    """Known ids, oldest first."""
    scopes: dict[Scope, ScopeState] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    down: tuple[str, ...] = ()
    """Its sources that are down, as its last mark says."""
    policy: DecidePolicy | None = None
    """A version of the rules that was commanded; none: what the settings say."""
    coming: tuple[tuple[datetime | None, DecidePolicy], ...] = ()
    """Versions that hold from a later bucket, oldest first."""

    @property
    def idle(self) -> bool:
        """No incident, no silence, and every source lives."""
        return not (self.silences or self.down or any(one.incident is not None for one in self.scopes.values()))

    def heir(self, name: str) -> Brand:
        """A new brand that starts with what was commanded for this one."""
        latest = self.coming[-1][1] if self.coming else self.policy
        made = Brand(whole(name), history_until=self.history_until, silences=self.silences, policy=latest)
        made.scope(made.whole)
        return made

    def scope(self, scope: Scope) -> None:
        """Begin a scope with the silences that fit it."""
        wide = self.scopes.get(self.whole)
        open_one = wide.incident if wide is not None and wide.incident is not None and wide.incident.open else None
        self.scopes[scope] = ScopeState(
            scope,
            now=wide.now if wide else None,
            down_since=wide.down_since if wide else None,
            silences=tuple(one for one in self.silences if one.fits(scope)),
            wider=open_one.tier if open_one else None,
        )

    def scope_for(self, labels: Mapping[str, str], dims: tuple[str, ...]) -> Scope:
        """The scope that a signal with these labels belongs to; the whole brand where it lacks a dimension."""
        if not dims or any(name not in labels for name in dims):
            return self.whole
        wanted = scope_of({**dict(self.whole), **{name: labels[name] for name in dims}})
        if wanted in self.scopes:
            return wanted
        if len(self.scopes) > MAX_SCOPES:
            idle = [one for one, state in self.scopes.items() if state.incident is None and one != self.whole]
            if not idle:
                return self.whole
            del self.scopes[idle[0]]
        self.scope(wanted)
        return wanted

    def reach(self, at: datetime) -> None:
        """All parts have come as far as the brand, so that what is commanded next happens now in each of them."""
        for scope, state in self.scopes.items():
            if state.now is None or state.now < at:
                self.scopes[scope] = replace(state, now=at)

    def silence(self, silence: Silence) -> None:
        """One with the same reach replaces the one in force."""
        others = (one for one in self.silences if (one.where, one.upto) != (silence.where, silence.upto))
        kept = tuple(others) if self.now is None else in_force(tuple(others), self.now)
        self.silences = (*kept, silence)[-MAX_SILENCES:]

    def unsilence(self, name: str) -> bool:
        """Whether there was one with this id."""
        before = len(self.silences)
        self.silences = tuple(one for one in self.silences if one.id != name)
        return len(self.silences) < before

    def silences_in_force(self) -> Iterator[tuple[Silence, int]]:
        """Silences that have not ended, and how many changes each kept from being told."""
        for one in self.silences:
            if self.now is None or self.now < one.until:
                parts = (part for state in self.scopes.values() for part in state.silences if part.id == one.id)
                yield one, sum(part.matched for part in parts)

    def expect(self, policy: DecidePolicy, begin: datetime | None) -> None:
        """Another version of the rules from ``begin`` on; at once where the brand has no time yet."""
        if begin is None:
            self.policy, self.coming = policy, ()
        else:
            self.coming = (*self.coming, (begin, policy))[-20:]

    def turn(self, now: datetime) -> None:
        """Let versions hold whose bucket has begun (evidence of an earlier bucket ends at its border)."""
        while self.coming and self.coming[0][0] is not None and now > self.coming[0][0]:
            self.policy, self.coming = self.coming[0][1], self.coming[1:]
