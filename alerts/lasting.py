"""What goes on by itself: a follower knows that something it signalled still is so, or is over; no timer need guess.

In the flow: :mod:`alerts.cases.fellow` answers a mark with :class:`Lasting` when other cases are late than before →
:meth:`alerts.decide.DecideCore.lasts` → :class:`alerts.incident.Lasts`. While it lasts the incident neither ends nor
falls below what it deserves; it ends with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from alerts.rules import Rule
from alerts.settings import Timing
from alerts.state import Incident, Scope, Sighting
from contracts.records import Signal, Tier


@dataclass(frozen=True, slots=True)
class Lasting:
    """What is still so in one scope, each as the signal that it would make now; no signals: it is over.

    It holds for an incident of this very scope and for no wider one: that has other reasons to stay open.
    """

    brand: str
    scope: Scope
    signals: tuple[Signal, ...]


def eased(incident: Incident, lasted: Tier, at: datetime, rule: Rule | None, timing: Timing) -> Incident:
    """The incident after ``lasted`` no longer lasts: that tier was seen until now, so hold and quiet time begin now."""
    hold = timing.hold if rule is None or rule.hold is None else rule.hold
    quiet = timing.quiet if rule is None or rule.quiet is None else rule.quiet
    rank = min(lasted.rank, incident.tier.rank)
    before = incident.seen[rank]
    until = at + hold if before is None else max(before.until, at + hold)
    sighting = Sighting(until, incident.last if before is None else before.cause)
    seen = (*incident.seen[:rank], sighting, *incident.seen[rank + 1 :])
    return replace(incident, seen=seen, quiet_at=max(incident.quiet_at, at + max(quiet, hold)))
