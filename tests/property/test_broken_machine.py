"""Each invariant is worth something: broken on purpose, the random stories find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

import alerts.events
import alerts.incident
import alerts.timers
from contracts.records import IncidentEventKind
from tests.property.test_incident_machine import Machine

Break = Callable[[pytest.MonkeyPatch], None]


def promotion_untold(patch: pytest.MonkeyPatch) -> None:
    """What a silence kept back is never told."""
    patch.setattr(alerts.timers, "tellable", lambda *_: None)


def told_twice(patch: pytest.MonkeyPatch) -> None:
    """A signal of the same tier promotes again."""
    patch.setattr(alerts.incident, "_join", _joined_again)


def _joined_again(state: Any, incident: Any, hit: Any, policy: Any) -> Any:
    change = alerts.events.Change(IncidentEventKind.PROMOTED, hit.at, hit.reason, hit.cause, was=incident.tier)
    tier = hit.tier if hit.tier.rank > incident.tier.rank else incident.tier
    seen = alerts.incident._sighted(incident.seen, hit)
    joined = replace(incident, last=hit.cause, quiet_at=hit.quiet_at, seen=seen, tier=tier)
    state, event = alerts.events.write(state, joined, change, policy)
    return alerts.incident.Step(state, (event,))


def resolved_without_data(patch: pytest.MonkeyPatch) -> None:
    """A dead source looks like quiet."""
    whole = alerts.timers.timers
    patch.setattr(alerts.timers, "timers", lambda state, *rest: whole(replace(state, down_since=None), *rest))


def paged_after_acknowledgement(patch: pytest.MonkeyPatch) -> None:
    """An acknowledgement does not stop the escalation."""
    after = alerts.events._after

    def deaf(incident: Any, change: Any, policy: Any, *, notify: bool) -> Any:
        kept = after(incident, change, policy, notify=notify)
        return replace(kept, paging=incident.paging) if change.kind is IncidentEventKind.ACKNOWLEDGED else kept

    patch.setattr(alerts.events, "_after", deaf)


def demoted_before_the_hold(patch: pytest.MonkeyPatch) -> None:
    """A tier falls a pane too early."""
    hit_of = alerts.incident._hit_of

    def hasty(*given: Any) -> Any:
        hit = hit_of(*given)
        return replace(hit, until=hit.until - timedelta(seconds=5))

    patch.setattr(alerts.incident, "_hit_of", hasty)


def told_although_silenced(patch: pytest.MonkeyPatch) -> None:
    """Silences and calendars are not looked at."""
    patch.setattr(alerts.events, "gag", lambda *_: None)


def promotion_missed(patch: pytest.MonkeyPatch) -> None:
    """A higher signal only joins."""
    patch.setattr(alerts.incident, "_join", _joined_only)


def _joined_only(state: Any, incident: Any, hit: Any, policy: Any) -> Any:
    joined = replace(incident, last=hit.cause, quiet_at=hit.quiet_at, seen=alerts.incident._sighted(incident.seen, hit))
    return alerts.incident.Step(replace(state, incident=joined))


BREAKS = (
    promotion_untold,
    told_twice,
    resolved_without_data,
    paged_after_acknowledgement,
    demoted_before_the_hold,
    told_although_silenced,
    promotion_missed,
)


@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: str(one.__name__))
def test_a_broken_invariant_is_found(broken: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch)
    found = settings(
        max_examples=300,
        stateful_step_count=40,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Machine, settings=found)
