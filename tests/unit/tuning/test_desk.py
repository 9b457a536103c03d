"""The workbench behind the console: compares, remembers, refuses, applies and takes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from contracts.clock import SystemClock
from contracts.desk import Applied, Judging, Retuned
from contracts.errors import Invalid
from contracts.records import BucketRow, Counts, IncidentEvent, IncidentEventKind, SignalKind, Tier
from dashboards.store.memory import MemoryStore
from detectors import offline
from detectors.settings import DetectSettings
from fenghuo.tuning import desk as desk_module
from fenghuo.tuning.desk import TuningDesk, known_windows
from tests.unit.dashboards.console_counts import START, two_weeks


class Given:
    """Commands that were given, and those in force."""

    def __init__(self) -> None:
        self.all: list[tuple[str, str, str]] = []
        self.holding: dict[str, Applied] = {}

    async def in_force(self) -> Sequence[Applied]:
        """Those not taken back."""
        return list(self.holding.values())

    async def move(self, values: Mapping[str, float], author: str, reason: str) -> str:
        """Keep it."""
        self.all.append(("move", author, reason))
        name = f"c{len(self.all)}"
        self.holding[name] = Applied(name, dict(values), author, reason, START)
        return name

    async def take_back(self, name: str, author: str, reason: str) -> str:
        """Forget it."""
        self.all.append((f"take back {name}", author, reason))
        del self.holding[name]
        return f"c{len(self.all)}"


@pytest.fixture
def given() -> Given:
    return Given()


@pytest.fixture
def desk(given: Given) -> TuningDesk:
    store = MemoryStore()
    two_weeks(store)
    return TuningDesk(DetectSettings(), store, given, SystemClock(), patience=60.0)


async def compared(desk: TuningDesk, *asked: Any) -> Retuned:
    """What comes of a comparison."""
    made = await desk.compare(*asked)
    assert isinstance(made, Retuned)
    return made


SPAN = (START, START + timedelta(days=14))
STRICT = {"budget.start": 4.0, "budget.lowest": 2.0, "budget.highest": 6.0}


async def test_stricter_thresholds_lose_the_warning(desk: TuningDesk) -> None:
    made = await compared(desk, ["brand=A"], *SPAN, STRICT)
    assert [(len(one)) for one in (made.before, made.after, made.gained, made.lost)] == [1, 0, 0, 1]
    assert made.figures["told"] == (1.0, 0.0)
    same = await compared(desk, ["brand=A", "brand=gone"], *SPAN, {})
    assert same.before == same.after and not same.gained and not same.lost


async def test_scores_are_judged_once_and_again_when_what_scores_is_moved(
    desk: TuningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []
    original = offline.findings

    def counted(*args: Any, settings: DetectSettings, progress: Any) -> Any:
        judged.append(str(settings.volume.least_voices))
        return original(*args, settings=settings, progress=progress)

    monkeypatch.setattr(desk_module, "findings", counted)
    for values in ({}, STRICT, {"budget.per_week": 9.0}):
        await compared(desk, ["brand=A"], *SPAN, values)
    assert judged == ["5"]
    await compared(desk, ["brand=A"], *SPAN, {"volume.least_voices": 40.0})
    assert judged == ["5", "40"]


@pytest.mark.parametrize("values", [{"budget.start": 99.0}, {"budget.nothing": 1.0}, {"volume.country": 1.0}])
async def test_what_cannot_be_is_refused(desk: TuningDesk, given: Given, values: dict[str, float]) -> None:
    with pytest.raises(Exception, match="budget|volume"):
        await compared(desk, ["brand=A"], *SPAN, values)
    with pytest.raises(Exception, match="budget|volume"):
        await desk.apply(values, "lin", "why")
    assert given.all == []


async def test_too_much_at_once_is_refused(desk: TuningDesk) -> None:
    for series, span in (([], SPAN), (["brand=A"] * 300, SPAN), (["brand=A"], (SPAN[1], SPAN[0]))):
        with pytest.raises(Invalid, match="choose"):
            await compared(desk, series, *span, {})


async def test_applied_values_are_commands_that_are_taken_back(desk: TuningDesk, given: Given) -> None:
    values = {one.name: one.value for one in await desk.knobs()}
    with pytest.raises(Invalid, match="nothing was moved"):
        await desk.apply(values, "lin", "none")
    await desk.apply({"budget.per_week": 1.0, "budget.start": values["budget.start"]}, "lin", "noise")
    assert given.holding["c1"].values == {"budget.per_week": 1.0}
    assert {one.name: one.value for one in await desk.knobs()} == {**values, "budget.per_week": 1.0}
    with pytest.raises(Invalid, match="nothing was moved"):
        await desk.apply({"budget.per_week": 1.0}, "lin", "again")
    await desk.undo("c1", "wang", "too quiet")
    assert given.all == [("move", "lin", "noise"), ("take back c1", "wang", "too quiet")]
    assert {one.name: one.value for one in await desk.knobs()} == values
    with pytest.raises(Invalid, match="c1 is not in force"):
        await desk.undo("c1", "wang", "again")


async def test_what_shapes_what_was_learned_is_not_applied_and_the_sentence_says_what_to_do(
    desk: TuningDesk, given: Given
) -> None:
    assert [one.name for one in await desk.knobs() if not one.live] == ["budget.start"]
    with pytest.raises(Invalid, match=r"budget\.start .* needs a restart.*detectors\.yaml"):
        await desk.apply({"budget.start": 3.0, "budget.lowest": 1.5}, "lin", "why")
    assert given.all == []


async def test_what_is_in_force_is_what_changes_are_compared_with(desk: TuningDesk, given: Given) -> None:
    await desk.apply({"budget.lowest": 2.0, "volume.least_deviations": 20.0}, "lin", "why")
    made = await compared(desk, ["brand=A"], *SPAN, {"volume.least_deviations": 2.9})
    assert [(len(one)) for one in (made.before, made.after)] == [0, 1]


async def test_what_takes_longer_says_how_far_it_is_until_it_is_done(given: Given) -> None:
    store = MemoryStore()
    two_weeks(store)
    desk = TuningDesk(DetectSettings(), store, given, SystemClock(), patience=0.01)
    seen = [await desk.compare(["brand=A"], *SPAN, {"volume.least_voices": 40.0})]
    while isinstance(seen[-1], Judging):
        seen.append(await desk.look(seen[-1].job))
    assert isinstance(seen[-1], Retuned)
    steps = [(one.done, one.total) for one in seen if isinstance(one, Judging)]
    rows = 14 * 24 * 12
    assert steps == sorted(steps) and steps[-1][1] == 2 * rows and 0 < steps[-1][0] <= 2 * rows
    last = [one for one in seen if isinstance(one, Judging)][-1]
    with pytest.raises(Invalid, match="compare again"):
        await desk.look(last.job)


async def test_a_comparison_that_nobody_waits_for_is_stopped(given: Given) -> None:
    store = MemoryStore()
    two_weeks(store)
    desk = TuningDesk(DetectSettings(), store, given, SystemClock(), patience=0.01)
    first = await desk.compare(["brand=A"], *SPAN, {"volume.least_voices": 40.0})
    assert isinstance(first, Judging)
    await desk.compare(["brand=A"], *SPAN, {"volume.least_voices": 41.0}, first.job)
    with pytest.raises(Invalid, match="compare again"):
        await desk.look(first.job)


async def test_what_was_on_trial_is_compared_brand_by_brand(given: Given) -> None:
    store = MemoryStore()
    told = {3: ("new", "held"), 400: ("held", "new"), 800: ("new", "new"), 801: ("more", "more")}
    store.write(
        [
            BucketRow(
                brand="A", series="brand=A", bucket=START + timedelta(minutes=5 * step), bucket_seconds=300,
                counts=Counts(9), told=live, shadow=trial, score=2.0, expected=3.0,
            )
            for step, (live, trial) in told.items()
        ]
    )  # fmt: skip
    settings = DetectSettings(shadow={"per_week": 1.0, "red_per_week": None})
    desk = TuningDesk(settings, store, given, SystemClock())
    assert desk.shadow() == {"budget.per_week": 1.0}
    (one,) = await desk.on_trial(*SPAN)
    assert (one.brand, one.told, one.trial) == ("A", 2, 2)
    assert [[warned.at - START for warned in some] for some in (one.gained, one.lost)] == [
        [timedelta(minutes=2000)],
        [timedelta(minutes=15)],
    ]
    assert await desk.on_trial(SPAN[1], SPAN[1] + timedelta(days=1)) == []


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
