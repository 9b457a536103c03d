"""A small plan and its runs for tests; times count in minutes from noon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from alerts.plans.events import PlanEvent
from alerts.plans.machine import Begin, Run, start
from alerts.plans.settings import Level, Plan, PlanBook

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def text(name: str) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": f"中{name}", "en": name}


def role(name: str) -> dict[str, Any]:
    """A role of a department of its own."""
    return {"name": name, "title": text(name), "department": text(f"{name} department"), "does": text("work")}


def task(name: str, within: str, *needs: str, **more: Any) -> dict[str, Any]:
    """A task of the lead."""
    return {"name": name, "title": text(name), "owner": "lead", "within": within, "needs": needs, **more}


def clock(name: str, within: str, met_by: str, **more: Any) -> dict[str, Any]:
    """A clock."""
    return {"name": name, "title": text(name), "within": within, "met_by": met_by, **more}


def fields(**more: Any) -> dict[str, Any]:
    """What a plan is made of."""
    return {
        "name": "surge",
        "title": text("surge"),
        "purpose": text("to be ready"),
        "starts": [{"tier": "orange", "kind": ["volume.spike"]}],
        "remind": "5m",
        "roles": [role("lead"), role("legal")],
        "tasks": [
            task("confirm", "15m"),
            task("answer", "60m", "confirm", partners=["legal"]),
            task("press", "24h", "answer", level="II"),
        ],
        "clocks": [
            clock("word", "5h", "answer", levels=["I", "II"]),
            clock("reply", "48h", "answer", levels=["III", "IV"]),
        ],
        **more,
    }


def plan(**more: Any) -> Plan:
    """The plan."""
    return Plan.model_validate(fields(**more))


def book(*plans: Plan) -> PlanBook:
    """A book of plans."""
    return PlanBook(plans=plans or (plan(),))


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def started(level: Level = Level.II, **more: Any) -> tuple[Run, list[PlanEvent]]:
    """A run that started at noon."""
    run, events = start(plan(), Begin("surge-1", "Delta", level, NOON, "lin", **more))
    return run, list(events)


def told(events: Sequence[PlanEvent]) -> list[tuple[str, str, float]]:
    """Events as (kind, task, minutes after noon)."""
    return [(one.kind.value, one.task, (one.at - NOON).total_seconds() / 60) for one in events]
