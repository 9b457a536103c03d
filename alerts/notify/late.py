"""What a receiver missed while it was down, and how much of it is still true when it is back. Pure.

A rise that was overtaken is not told any more, only how the incident stands now; of an incident that came and went
meanwhile nothing is told, since what is over helps nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from contracts.records import IncidentEvent, IncidentEventKind

Kind = IncidentEventKind
BEGINS = frozenset({Kind.OPENED, Kind.REOPENED})
STANDS = BEGINS | {Kind.PROMOTED, Kind.DEMOTED, Kind.RESOLVED}
"""Changes that say how an incident stands; the last one counts."""
STEPS = frozenset({Kind.PLAN_STARTED, Kind.TASK_DONE})
"""Changes of which a later one makes no earlier one untrue."""


def still_true(
    missed: Sequence[IncidentEvent], stands: IncidentEvent | None, now: datetime, *, wanted: bool
) -> list[IncidentEvent]:
    """What to tell of one incident, in the order of its numbers.

    Parameters
    ----------
    missed
        What the receiver did not get, in order.
    stands
        The last change since then that says how the incident stands, whoever it goes to.
    now
        A change that says when it ends (a silence) is not told after that.
    wanted
        Whether the receiver is to hear of ``stands`` although it does not lie among ``missed``: it did not hear it yet
        and a route leads that tier to it.
    """
    standing = [one for one in missed if one.event in STANDS]
    last = max([*standing, *([stands] if stands else [])], key=lambda one: one.seq, default=None)
    among = last in standing
    if last is not None and last.event is Kind.RESOLVED:
        return [last] if among and standing[0].event not in BEGINS else []
    told = [last] if last is not None and standing and (among or wanted) else []
    return sorted([*told, *_others(missed, now)], key=lambda one: one.seq)


def ends_paging(event: IncidentEvent) -> bool:
    """Whether an earlier page that reached nobody need not be tried again: somebody took the incident on, it is over,
    or the next step pages."""
    return event.event in (Kind.ACKNOWLEDGED, Kind.RESOLVED) or event.detail.step is not None


def _others(missed: Sequence[IncidentEvent], now: datetime) -> list[IncidentEvent]:
    """Of every other kind the last one, unless its time is over."""
    last = {one.event: one.seq for one in missed}
    return [
        one
        for one in missed
        if one.event not in STANDS
        and (one.event in STEPS or one.seq == last[one.event])
        and (one.detail.until is None or one.detail.until > now)
    ]
