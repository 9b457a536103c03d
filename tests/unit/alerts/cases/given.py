"""Settings and case events for tests; times count in hours from a Monday noon in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alerts.cases.fellow import CaseFellow
from alerts.cases.settings import CaseSettings
from alerts.followers import Due, Happening
from alerts.ledger.chain import Note
from contracts.records import CaseEvent, Mark
from contracts.yamlfile import load_yaml

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SHIPPED = Path(__file__).parents[4] / "config" / "cases.yaml"


def shipped() -> CaseSettings:
    """The settings that ship."""
    return load_yaml(SHIPPED, CaseSettings)


def clock(name: str = "answer", met_by: tuple[str, ...] = ("replied", "resolved"), **more: Any) -> dict[str, Any]:
    """A clock of a day."""
    length = {} if "workdays" in more else {"within": "24h"}
    return {"name": name, "zh": name, "en": name, "met_by": met_by, **length, **more}


def settings(*clocks: dict[str, Any], **more: Any) -> CaseSettings:
    """Settings with these clocks."""
    return CaseSettings.model_validate({"clocks": clocks or (clock(),), **more})


def at(hours: float) -> datetime:
    """So many hours after noon."""
    return NOON + timedelta(hours=hours)


def event(hours: float, what: str, case: str = "c1", brand: str = "Delta", **more: Any) -> CaseEvent:
    """A step of a case."""
    when = at(hours)
    given: dict[str, Any] = {"id": f"{case}-{what}-{hours}", "ts": when, "received_at": when, "source": "desk"}
    return CaseEvent(**given, brand=brand, case_id=case, event=what, **more)


def mark(hours: float, brand: str = "Delta") -> Mark:
    """The brand is closed up to then."""
    return Mark(brand=brand, at=at(hours), order=(int(hours * 720), 999_999))


def told(notes: Iterable[Note]) -> list[tuple[str, str, float]]:
    """Notes as (what, clock, hours after noon)."""
    return [
        (one.what.removeprefix("case."), str(one.body.get("clock", "")), (one.at - NOON).total_seconds() / 3600)
        for one in notes
    ]


def noted(fellow: CaseFellow, happening: Happening) -> list[Note]:
    """What is entered in the ledger of one happening; a mark stands for the time it tells, which has come."""
    if isinstance(happening, Mark):
        happening = Due(happening.brand, happening.at)
    return [one for one in fellow.follow(happening) if isinstance(one, Note)]


def played(fellow: CaseFellow, *story: Happening) -> list[tuple[str, str, float]]:
    """What is found in a story."""
    return told(note for happening in story for note in noted(fellow, happening))
