"""Limits that are moved while all runs: they hold from their bucket, leave what was learned, and can be taken back."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
import pytest

from contracts.errors import InvalidRecord
from contracts.layers import MOST_LAYERS, Layer, Layers
from contracts.records import (
    Closed,
    Command,
    CommandKind,
    PaneCounts,
    Record,
    Setting,
    Signal,
    SignalKind,
    setting_of,
)
from contracts.records.incident import rfc3339
from detectors.brand import BrandDetector
from detectors.budget import Account, Budget
from detectors.budget_settings import BudgetSettings
from detectors.live import LIVE, limits, with_values
from detectors.merge import Merge
from detectors.settings import DetectSettings
from tests.unit.detectors.streams import BASE, PANES, feed, mentions, trained
from tests.unit.detectors.test_feedback import BURST, DAY, HOUR, stream

NOW = PANES.start_of(BASE)


def said(name: str, pane: int, values: Mapping[str, float] | None = None, undo: str = "", brand: str = "*") -> Setting:
    """A command that holds from ``pane`` (a minute) on; later names were said later."""
    return Setting(id=name, brand=brand, issued_at=NOW, begin=PANES.start_of(pane), values=values or {}, undo=undo)


def spikes(signals: Sequence[Signal]) -> list[Signal]:
    return [one for one in signals if one.kind is SignalKind.VOLUME_SPIKE]


STRICT = {"volume.least_voices": 1000.0}


def test_a_moved_limit_holds_from_its_bucket_and_taken_back_the_former_one_holds_again() -> None:
    told = []
    for words in ((), (said("a", 0, STRICT),), (said("a", 0, STRICT), said("b", 1, undo="a"))):
        detector, pane, _ = trained(days=8, rate=0.15)
        for word in words:
            detector.hear(word)
        told.append(spikes(feed(detector, stream(pane, 8 * HOUR, BURST))))
    assert told[0] and not told[1]
    assert [one.model_dump_json() for one in told[2]] == [one.model_dump_json() for one in told[0]]


def test_what_was_learned_stays() -> None:
    (one, pane, _), (other, _, _) = trained(days=3), trained(days=3)
    one.hear(said("a", pane, {"volume.least_voices": 9.0, "budget.per_week": 1.0, "emotion.limit": 0.5}))
    one.hear(said("b", pane + 30, undo="a"))
    for detector in (one, other):
        feed(detector, stream(pane, 3 * HOUR))
    banks = [detector._bank for detector in (one, other)]
    assert all(banks)
    seasons = [pickle.dumps(bank.trunk.season) for bank in banks if bank]
    assert seasons[0] == seasons[1]


def test_a_command_that_comes_after_its_bucket_holds_from_the_next() -> None:
    detector, pane, _ = trained(days=1)
    detector.hear(said("a", pane - HOUR, {"budget.debt": 0.0}))
    assert detector._settings.budget.debt == 0.75
    feed(detector, stream(pane, 3, (0, 3, 3.0)))
    assert detector._settings.budget.debt == 0.0


def test_the_last_word_counts_in_whichever_order_commands_are_read() -> None:
    found = []
    for order in ((0, 1), (1, 0)):
        detector, pane, _ = trained(days=1)
        words = [
            Setting(id=name, issued_at=NOW + timedelta(seconds=second), begin=NOW, values={"budget.debt": value})
            for name, second, value in (("z", 1, 0.1), ("a", 2, 0.2))
        ]
        for place in order:
            detector.hear(words[place])
        feed(detector, stream(pane, 3, (0, 3, 3.0)))
        found.append(detector._settings.budget.debt)
    assert found == [0.2, 0.2]


def test_a_repeat_and_an_undo_of_what_is_not_known_change_nothing() -> None:
    detector, pane, _ = trained(days=1)
    for word in (
        said("u", 0, undo="nothing"),
        said("a", 0, {"budget.debt": 0.1}, brand="B"),
        said("v", 0, undo="a"),  # it was for B alone
        said("b", 0, {"budget.debt": 0.2}, brand="B"),
        said("c", 0, undo="b", brand="B"),
        said("b", 0, {"budget.debt": 0.2}, brand="B"),
    ):
        detector.hear(word)
    feed(detector, stream(pane, 3, (0, 3, 3.0)))
    assert detector._settings.budget.debt == 0.1


def test_an_undo_that_comes_before_what_it_takes_back_keeps_it_from_holding() -> None:
    detector, pane, _ = trained(days=1)
    detector.hear(said("a", pane + 2 * HOUR, {"budget.debt": 0.1}))
    detector.hear(said("b", pane, undo="a"))
    feed(detector, stream(pane, 4 * HOUR))
    assert detector._settings.budget.debt == 0.75


def test_memory_is_bounded() -> None:
    detector, pane, _ = trained(days=1)
    for number in range(3000):
        detector.hear(said(f"s{number:05}", pane + number // 10, {"budget.debt": (number % 10) / 10}))
    assert len(pickle.dumps(detector._tuned)) < 200_000
    layers = Layers()
    for number in range(3 * MOST_LAYERS):
        layers.put(f"{number:04}", Layer(NOW + timedelta(seconds=number), {"budget.debt": number / 1000}))
    assert len(layers.all()) == MOST_LAYERS
    for name, _ in layers.all():
        layers.drop(name)
    assert layers.values() == {"budget.debt": (2 * MOST_LAYERS - 1) / 1000}


# -- which, and between which values ---------------------------------------------------------------------------


def test_every_value_that_may_be_moved_is_a_setting_within_its_own_bounds() -> None:
    plain = DetectSettings()
    assert len(limits()) == sum(len(names) for _, names in LIVE.values())
    for name, limit in limits().items():
        for value in (limit.low, limit.high):
            if not limit.refusal(value):
                group, field = name.split(".")
                changed = with_values(plain, {name: value})
                assert getattr(getattr(changed, group), field) == value
                assert DetectSettings.model_validate(changed.model_dump()) == changed


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        ({"values": {"budget.start": 2.0}}, "values, field budget.start: cannot be moved while all runs"),
        ({"values": {"volume.half_life_days": 2.0}}, "field volume.half_life_days: cannot be moved"),
        ({"values": {"budget.per_week": 0}}, "field budget.per_week: must be above 0 and at most 1000"),
        ({"values": {"budget.per_week": "2"}}, "field budget.per_week: must be a number"),
        ({"values": {"budget.per_week": True}}, "must be a number"),
        ({"values": {"budget.per_week": None}}, "must be a number"),
        ({"values": {"volume.least_voices": 2.5}}, "field volume.least_voices: must be a whole number"),
        ({"values": {"emotion.limit": 1.0}}, "must be above 0 and below 1"),
        ({"values": ["budget.per_week"]}, "args, field values"),
        ({"values": {}}, "needs either values or the id"),
        ({"values": {"budget.debt": 1.0}, "undo": "x"}, "needs either values or the id"),
        ({"values": {"budget.debt": 1.0}, "from": "soon"}, "field from"),
        ({"values": {"budget.debt": 1.0}, "more": 1}, "field more"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_place(args: dict[str, object], problem: str) -> None:
    given = {"from": rfc3339(NOW), **args}
    command = Command.model_validate(
        {"id": "c", "kind": "setting", "brand": "*", "author": "lin", "issued_at": NOW, "args": given}
    )
    with pytest.raises(InvalidRecord, match=problem):
        setting_of(command, limits())
    merge = Merge(1, PANES, DetectSettings())
    assert merge.feed([command]) == []


# -- the budget ------------------------------------------------------------------------------------------------


def test_a_lower_ceiling_cuts_the_threshold_and_back_it_stands_where_it_stood() -> None:
    budget = Budget(BudgetSettings())
    before = budget.limit
    budget.retune(BudgetSettings(highest=1.2), 60.0)
    assert budget.limit == 1.2
    budget.retune(BudgetSettings(lowest=3.0), 120.0)
    assert budget.limit == 3.0
    budget.retune(BudgetSettings(), 180.0)
    assert budget.limit == pytest.approx(before, rel=1e-3)


def test_an_allowance_that_changes_fills_the_account_at_its_new_rate_from_then_on() -> None:
    account = Account(per_week=1.0, weeks=6, start=0.0)
    week = 7 * 86_400.0
    account.retune(3.0, 6, week)
    assert account.holds(2 * week) == pytest.approx(4.0)
    account.retune(1.0, 2, 2 * week)
    assert account.holds(2 * week) == 2.0


def test_a_tier_gets_and_loses_its_own_allowance() -> None:
    budget = Budget(BudgetSettings())
    budget.retune(BudgetSettings(red_per_week=0.1), 0.0)
    assert budget.weigh(60.0, 9.0, 9.0).cap == "orange"
    budget.retune(BudgetSettings(), 120.0)
    assert budget.weigh(3 * 86_400.0, 9.0, 9.0).cap is None


# -- the stage -------------------------------------------------------------------------------------------------


def command(name: str, pane: int, args: Mapping[str, object], brand: str = "*") -> Command:
    """As it stands in the log."""
    given = {**args, "from": rfc3339(PANES.start_of(pane))}
    return Command.model_validate(
        {"id": name, "kind": CommandKind.SETTING, "brand": brand, "author": "lin", "issued_at": NOW, "args": given}
    )


def messages(minutes: int, brands: Sequence[str] = ("B",), first: int = BASE) -> list[Record]:
    """Some voices of each brand in every minute."""
    random = np.random.default_rng(3)
    made: list[Record] = []
    for pane in range(first, first + minutes):
        for brand in brands:
            given = mentions(pane, 2, random)
            made.append(PaneCounts(partition=0, pane=pane, brand=brand, rows=given.rows, evidence=given.evidence))
        made.append(Closed(partition=0, closed=pane + 1, alive=((pane, "crawler"),)))
    return made


def test_a_command_for_all_holds_in_every_brand_and_in_those_that_begin_later() -> None:
    merge = Merge(1, PANES, DetectSettings())
    merge.feed(messages(10, ("A", "B")))
    merge.feed([command("a", BASE + 20, {"values": {"budget.per_week": 1.0}})])
    merge.feed([command("b", BASE + 20, {"values": {"budget.per_week": 3.0}}, brand="B")])
    merge.feed([command("c", BASE + 20, {"values": {"budget.per_week": 5.0}}, brand="New")])
    merge.feed(messages(30, ("A", "B", "New", "Newer"), BASE + 10))
    found = {name: merge._brands[name]._settings.budget.per_week for name in merge.brands()}
    assert found == {"A": 1.0, "B": 3.0, "New": 5.0, "Newer": 1.0}
    merge.feed([command("d", BASE + 45, {"undo": "a"})])
    merge.feed(messages(20, ("A", "B", "New", "Newer"), BASE + 40))
    found = {name: merge._brands[name]._settings.budget.per_week for name in merge.brands()}
    assert found == {"A": 2.0, "B": 3.0, "New": 5.0, "Newer": 2.0}


def test_it_does_not_matter_when_the_command_is_read_as_long_as_it_comes_before_its_bucket() -> None:
    states = []
    for place in (0, 1, 17, 58):
        merge = Merge(1, PANES, DetectSettings())
        records = messages(40)
        records.insert(place, command("a", BASE + 30, {"values": {"budget.per_week": 1.0}}))
        for record in records:
            merge.feed([record])
        budget = merge._brands["B"]._budget.live
        states.append((budget.limit, budget._account.holds(PANES.start_of(BASE + 40).timestamp())))
    assert states == [states[0]] * 4


def test_days_of_a_detector_with_a_limit_that_never_bites_are_those_without_it() -> None:
    results = []
    for word in (None, said("a", BASE, {"volume.ramp_hours": 8.0, "budget.larger": 3.1})):
        detector = BrandDetector("B", PANES, DetectSettings())
        if word is not None:
            detector.hear(word)
        signals = feed(detector, stream(BASE, 2 * DAY, (DAY, 20, 5.0)))
        results.append([one.model_dump_json() for one in signals])
    assert results[0] == results[1] and results[0]
