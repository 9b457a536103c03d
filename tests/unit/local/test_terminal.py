"""What a person sees of a run: sentences as they are, warnings with tier and numbers, bars that go away."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from rich.console import Console

from contracts.records import IncidentEvent, IncidentEventKind, SignalKind, Tier
from fenghuo.local.terminal import Terminal


def shown(force_terminal: bool = False) -> tuple[Terminal, io.StringIO]:
    out = io.StringIO()
    return Terminal(Console(file=out, width=80, force_terminal=force_terminal), UTC), out


def test_a_warning_is_one_line_with_tier_scope_reason_and_numbers_however_narrow_the_terminal() -> None:
    screen, out = shown()
    event = IncidentEvent(
        incident="0123456789ab",
        seq=1,
        event=IncidentEventKind.OPENED,
        at=datetime(2026, 1, 1, 8, tzinfo=UTC),
        tier=Tier.ORANGE,
        kind=SignalKind.VOLUME_SPIKE,
        scope={"brand": "[bold]Delta"},
        reason="first",
        observed=90.0,
        expected=9.0,
        score=3.0,
    )
    screen.warning(event)
    line = out.getvalue()
    assert line.count("\n") == 1
    for part in ("橙", "orange", "[bold]delta", "first", "90", "9", "3.0"):
        assert part in line.lower()


def test_a_bar_shows_while_something_runs_and_is_gone_when_it_is_full() -> None:
    screen, out = shown(force_terminal=True)
    with screen:
        screen.progress("Fetching Kafka", 1, 2)
        screen.say("meanwhile")
        screen.progress("Fetching Kafka", 2, 2)
        before = out.getvalue()
        screen.say("after")
    assert "Fetching Kafka" in before and "meanwhile" in before
    assert out.getvalue()[len(before) :].strip() == "after"
