"""Plans changed by command: for runs that start from then on, above the files, refused with all that is wrong."""

from __future__ import annotations

import pickle
from typing import Any

import orjson

from alerts.agents import DecideMessages
from alerts.ledger.chain import Book
from alerts.ledger.scribe import Scribe
from alerts.plans.events import PlanEvent
from alerts.plans.fellow import PlanFellow
from alerts.plans.settings import PlanBook
from contracts.codec import decode_mixed, encode_mixed
from contracts.records import Command, CommandKind, LedgerEntry, Record
from tests.unit.alerts.given import POLICY, command, mark, signal
from tests.unit.alerts.ledger.given import KEY
from tests.unit.alerts.plans.given import book, fields, plan, task


def decider(plans: PlanBook | None = None) -> DecideMessages:
    return DecideMessages(0, POLICY, [Scribe((PlanFellow(plans or book()),), Book("decide-0", KEY))])


def amend(key: str = "c1", brand: str = "*", **more: Any) -> Command:
    return command(CommandKind.PLANS, key, brand=brand, plan=orjson.loads(orjson.dumps(fields(**more))))


def entries(stage: DecideMessages, *story: Record) -> list[LedgerEntry]:
    outs = stage.take(encode_mixed(story))
    return [one for out in outs for one in decode_mixed(out.value) if isinstance(one, LedgerEntry)]


def tasks(found: list[LedgerEntry]) -> list[list[str]]:
    """Names of the tasks of each run that started."""
    begun = [one for one in found if one.what == "plan.started"]
    return [[each.name for each in PlanEvent.model_validate(one.body).tasks] for one in begun]


ONE = {"tasks": [task("call", "30m")], "clocks": [], "roles": fields()["roles"][:1]}


def test_runs_that_start_from_then_on_follow_the_new_version() -> None:
    stage = decider()
    start = [signal(5, 3.0), mark(5)]
    before = entries(stage, *start, mark(20_000))
    after = entries(stage, amend(**ONE), signal(20_005, 3.0), mark(20_010))
    assert tasks(before) == [["confirm", "answer", "press"]]
    assert tasks(after) == [["call"]]
    given = next(one for one in after if one.what == "command.plans")
    assert given.actor == "lin"
    assert '"name":"call"' in orjson.dumps(given.body["args"]).decode()


def test_a_restart_keeps_what_was_commanded_above_changed_files() -> None:
    stage = decider()
    entries(stage, amend(**ONE))
    back: DecideMessages = pickle.loads(pickle.dumps(stage))  # noqa: S301
    assert back.adopt(decider(book(plan(tasks=[task("other", "20m", partners=["legal"])], clocks=[]))))
    assert tasks(entries(back, signal(5, 3.0), mark(5))) == [["call"]]


def test_what_cannot_be_a_plan_is_refused_with_its_reason_and_changes_nothing() -> None:
    stage = decider()
    bad = [
        amend("c1", name="unheard-of"),
        amend("c2", tasks=[task("call", "0m")]),
        amend("c3", tasks=[task("call", "1h", "nobody")], clocks=[]),
        amend("c4", brand="Delta"),
        command(CommandKind.PLANS, "c5", brand="*"),
    ]
    found = entries(stage, mark(5), *bad)
    reasons = [str(one.body["reason"]) for one in found if one.what == "plan.refused"]
    assert len(reasons) == 5
    for reason, words in zip(
        reasons, ("unheard-of", "tasks.0", "needs nobody", "for all brands", "args.plan"), strict=True
    ):
        assert words in reason
    assert tasks(entries(stage, signal(10, 3.0), mark(15))) == [["confirm", "answer", "press"]]
