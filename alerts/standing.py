"""How a brand stands in deciding, as a record: what is due, what is silenced, which sources are down. Pure.

In the flow: :class:`alerts.agents.DecideMessages` sends it beside the incident events whenever it has changed, so that
the live view shows the timers that deciding has, and never reckons its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from alerts.brands import Brand
from alerts.settings import DecidePolicy
from alerts.state import ScopeState, Silence
from alerts.timers import timers
from contracts.records import Hush, Standing, Timer


def standing_of(brand: Brand, now: datetime, policy: DecidePolicy) -> Standing:
    """What holds of a brand at ``now``."""
    due = [timer for _, state in sorted(brand.scopes.items()) for timer in _due(state, policy)]
    since = brand.scopes[brand.whole].down_since if brand.down else None
    return Standing(
        brand=dict(brand.whole)["brand"],
        at=now,
        timers=tuple(sorted(due, key=lambda one: (one.due, one.incident, one.kind, one.name))),
        silences=tuple(_hush(one, matched) for one, matched in brand.silences_in_force()),
        down=brand.down,
        down_since=since,
    )


def _due(state: ScopeState, policy: DecidePolicy) -> Iterator[Timer]:
    if state.incident is None:
        return
    for one in timers(state, policy):
        if one.kind is not None:
            yield Timer(kind=one.kind, due=one.due, incident=state.incident.id, name=one.silence)


def _hush(silence: Silence, matched: int) -> Hush:
    return Hush(
        id=silence.id,
        since=silence.since,
        until=silence.until,
        author=silence.author,
        comment=silence.comment,
        where=dict(silence.where),
        upto=silence.upto,
        matched=matched,
    )
