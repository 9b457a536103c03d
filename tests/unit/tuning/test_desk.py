"""The workbench behind the console: compares, remembers, refuses, applies and takes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.clock import SystemClock
from contracts.errors import Invalid
from contracts.records import CommandKind, IncidentEvent, IncidentEventKind, SignalKind, Tier, Verdict
from dashboards.store.memory import MemoryStore
from detectors import offline
from detectors.settings import DetectSettings
from fenghuo.tuning import desk as desk_module
from fenghuo.tuning.desk import TuningDesk, known_windows
from tests.unit.dashboards.console_counts import START, two_weeks


class Given:
    """Commands that were given."""

    def __init__(self) -> None:
        self.all: list[tuple[CommandKind, str, Mapping[str, Any], str]] = []

    async def give(self, kind: CommandKind, brand: str, author: str, args: Mapping[str, Any], reason: str = "") -> str:
        """Keep it."""
        self.all.append((kind, author, args, reason))
        return f"c{len(self.all)}"

    async def feedback(
        self, incident: str, verdict: Verdict, author: str, until: datetime | None = None, comment: str = ""
    ) -> str:
        """Not used here."""
        raise AssertionError


@pytest.fixture
def given() -> Given:
    return Given()


@pytest.fixture
def desk(given: Given) -> TuningDesk:
    store = MemoryStore()
    two_weeks(store)
    return TuningDesk(DetectSettings(), store, given, SystemClock())


SPAN = (START, START + timedelta(days=14))
STRICT = {"budget.start": 4.0, "budget.lowest": 2.0, "budget.highest": 6.0}


async def test_stricter_thresholds_lose_the_warning(desk: TuningDesk) -> None:
    made = await desk.compare(["brand=A"], *SPAN, STRICT)
    assert [(len(one)) for one in (made.before, made.after, made.gained, made.lost)] == [1, 0, 0, 1]
    assert made.figures["told"] == (1.0, 0.0)
    same = await desk.compare(["brand=A", "brand=gone"], *SPAN, {})
    assert same.before == same.after and not same.gained and not same.lost


async def test_scores_are_judged_once_and_again_when_what_scores_is_moved(
    desk: TuningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []
    original = offline.findings

    def counted(*args: Any, settings: DetectSettings) -> Any:
        judged.append(str(settings.volume.least_voices))
        return original(*args, settings=settings)

    monkeypatch.setattr(desk_module, "findings", counted)
    for values in ({}, STRICT, {"budget.per_week": 9.0}):
        await desk.compare(["brand=A"], *SPAN, values)
    assert judged == ["5"]
    await desk.compare(["brand=A"], *SPAN, {"volume.least_voices": 40.0})
    assert judged == ["5", "40"]


@pytest.mark.parametrize("values", [{"budget.start": 99.0}, {"budget.nothing": 1.0}, {"volume.country": 1.0}])
async def test_what_cannot_be_is_refused(desk: TuningDesk, given: Given, values: dict[str, float]) -> None:
    with pytest.raises(Exception, match="budget|volume"):
        await desk.compare(["brand=A"], *SPAN, values)
    with pytest.raises(Exception, match="budget|volume"):
        await desk.apply(values, "lin", "why")
    assert given.all == []


async def test_too_much_at_once_is_refused(desk: TuningDesk) -> None:
    for series, span in (([], SPAN), (["brand=A"] * 300, SPAN), (["brand=A"], (SPAN[1], SPAN[0]))):
        with pytest.raises(Invalid, match="choose"):
            await desk.compare(series, *span, {})


async def test_applied_values_are_commands_that_are_taken_back(desk: TuningDesk, given: Given) -> None:
    with pytest.raises(Invalid, match="nothing was moved"):
        await desk.apply({one.name: one.value for one in desk.knobs()}, "lin", "none")
    start = next(one.value for one in desk.knobs() if one.name == "budget.start")
    await desk.apply({"budget.per_week": 1.0, "budget.start": start}, "lin", "noise")
    await desk.undo("wang", "too quiet")
    assert given.all == [
        (CommandKind.SETTING, "lin", {"values": {"budget.per_week": 1.0}}, "noise"),
        (CommandKind.SETTING, "wang", {"undo": "c1"}, "too quiet"),
    ]
    with pytest.raises(Invalid, match="nothing was applied"):
        await desk.undo("wang", "again")


def event(name: str, kind: IncidentEventKind, tier: Tier, minutes: float, brand: str = "A") -> IncidentEvent:
    """One change."""
    return IncidentEvent(
        incident=name * 8, seq=int(minutes), event=kind, at=START + timedelta(minutes=minutes), tier=tier,
        kind=SignalKind.VOLUME_SPIKE, scope={"brand": brand}, reason="threshold", observed=1, expected=1, score=1,
    )  # fmt: skip


def test_only_grave_incidents_of_the_brand_are_windows() -> None:
    kinds = IncidentEventKind
    events = [
        event("a", kinds.OPENED, Tier.BLUE, 0),
        event("b", kinds.OPENED, Tier.RED, 1, brand="B"),
        event("a", kinds.PROMOTED, Tier.ORANGE, 5),
        event("c", kinds.OPENED, Tier.YELLOW, 6),
        event("a", kinds.RESOLVED, Tier.ORANGE, 30),
        event("c", kinds.RESOLVED, Tier.YELLOW, 40),
        event("a", kinds.REOPENED, Tier.BLUE, 50),
        event("a", kinds.RESOLVED, Tier.BLUE, 60),
        event("d", kinds.OPENED, Tier.RED, 70),
        event("e", kinds.OPENED, Tier.RED, 80).model_copy(update={"kind": SignalKind.REPEAT}),
    ]
    minutes = [
        tuple(int((at - START).total_seconds()) // 60 for at in one) for one in known_windows(events, "A", SPAN[1])
    ]
    assert minutes == [(-10, 30), (60, 14 * 24 * 60)]
