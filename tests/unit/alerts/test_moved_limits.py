"""Limits of the detectors moved by command, as deciding and the ledger know of them."""

from __future__ import annotations

from typing import Any

from alerts.agents import DecideMessages
from alerts.decide import DecideCore
from alerts.ledger.chain import Book
from alerts.ledger.scribe import Scribe
from alerts.reasons import Reason
from contracts.codec import decode_mixed, encode_mixed
from contracts.records import Command, CommandKind, LedgerEntry
from contracts.topics import Topic
from detectors.live import limits
from tests.unit.alerts.given import POLICY, at, command, mark
from tests.unit.alerts.ledger.given import KEY

HERE = POLICY.model_copy(update={"limits": dict(limits())})


def move(name: str, brand: str = "*", **args: Any) -> Command:
    """A command that holds from noon."""
    return command(CommandKind.SETTING, name, brand=brand, **{"from": at(0).isoformat(), **args})


def feed(*some: Command) -> DecideCore:
    core = DecideCore(HERE)
    core.feed(mark(5))
    for one in some:
        core.feed(one)
    return core


def test_what_is_in_force_can_be_asked_for_and_taken_back() -> None:
    first, second = move("a", values={"budget.per_week": 1}), move("b", values={"budget.debt": 0.5})
    core = feed(first, first, second)
    assert [(name, dict(one.values), one.author) for name, one in core.moved.in_force()] == [
        ("a", {"budget.per_week": 1.0}, "lin"),
        ("b", {"budget.debt": 0.5}, "lin"),
    ]
    core.feed(move("c", undo="a"))
    assert [name for name, _ in core.moved.in_force()] == ["b"]
    assert core.suppressed == {Reason.RESENT: 1}


def test_what_is_not_in_force_is_not_taken_back() -> None:
    mine = move("a", brand="Delta", values={"budget.per_week": 1})
    core = feed(mine, move("b", undo="a"), move("c", undo="z"), move("d", brand="Delta", undo="a"))
    assert core.suppressed == {Reason.UNKNOWN_SETTING: 2}
    assert core.moved.in_force() == []


def test_the_ledger_says_which_value_was_refused_and_why() -> None:
    stage = DecideMessages(0, HERE, [Scribe((), Book("decide-0", KEY))])
    bad = [
        move("a", values={"volume.half_life_days": 3}),
        move("b", values={"budget.per_week": -1}),
        move("c", undo="a"),
    ]
    outs = stage.take(encode_mixed([mark(5), *bad, move("d", values={"budget.per_week": 1})]))
    records = [one for out in outs if out.topic is Topic.SERIES for one in decode_mixed(out.value)]
    found = [one.body for one in records if isinstance(one, LedgerEntry)]
    assert [(one.get("refused"), one.get("problem")) for one in found] == [
        (
            "bad_argument",
            "values, field volume.half_life_days: cannot be moved while all runs; set it in detectors.yaml and start "
            "the workers again",
        ),
        ("bad_argument", "values, field budget.per_week: must be above 0 and at most 1000"),
        ("unknown_setting", "args, field undo: a is not in force for *"),
        (None, None),
    ]
