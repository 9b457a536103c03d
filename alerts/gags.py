"""What keeps a change from being told, and until when: silences, mute calendars, a wider incident. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from alerts.reasons import Reason
from alerts.settings import DecidePolicy
from alerts.state import ScopeState, Silence
from contracts.records import Tier

_MOST_ENDS = 1_000


@dataclass(frozen=True, slots=True)
class Gag:
    """Why nobody is told, and when that ends by itself; none: only when something else happens."""

    reason: Reason
    until: datetime | None
    silence: str = ""
    """Id of the silence, if it is one."""


def gag(state: ScopeState, tier: Tier, at: datetime, policy: DecidePolicy) -> Gag | None:
    """What keeps a change to ``tier`` at ``at`` from being told, if anything does: a person's silence goes first."""
    held = [one for one in state.silences if one.holds(tier, at)]
    if held:
        last = max(held, key=lambda one: (one.until, one.id))
        return Gag(Reason.SILENCED, last.until, last.id)
    for calendar in policy.mutes:
        if calendar.holds(state.brand, tier, at):
            return Gag(Reason.CALENDAR, calendar.hours.ends(at))
    if state.wider is not None and state.wider.rank >= tier.rank:
        return Gag(Reason.WIDER, None)
    return None


def tellable(state: ScopeState, tier: Tier, at: datetime, policy: DecidePolicy) -> datetime | None:
    """The first instant from ``at`` on at which a change to ``tier`` can be told; none: not by itself."""
    for _ in range(_MOST_ENDS):
        held = gag(state, tier, at, policy)
        if held is None:
            return at
        if held.until is None:
            return None
        at = held.until
    return None


def matched(state: ScopeState, silence: str) -> ScopeState:
    """The state in which that silence has held back one change more."""
    counted = tuple(replace(one, matched=one.matched + 1) if one.id == silence else one for one in state.silences)
    return replace(state, silences=counted)


def in_force(silences: tuple[Silence, ...], at: datetime) -> tuple[Silence, ...]:
    """Those that have not ended at ``at``."""
    return tuple(one for one in silences if at < one.until)
