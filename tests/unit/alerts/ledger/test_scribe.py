"""Deciding with the ledger behind it: every deed has its entry, and cuts, kills and replays change no byte."""

from __future__ import annotations

import pickle
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.agents import DecideMessages
from alerts.ledger.chain import Book
from alerts.ledger.scribe import Scribe
from alerts.ledger.verify import Found, verify
from contracts.codec import decode_mixed, encode_mixed
from contracts.ports import Out
from contracts.records import CommandKind, LedgerEntry, Record
from contracts.topics import Topic
from tests.unit.alerts.given import POLICY, command, mark, signal
from tests.unit.alerts.ledger.given import KEY

STORY: list[Record] = [
    signal(5, 2.0),
    mark(5),
    signal(10, 4.0),
    command(CommandKind.FEEDBACK, "c0", what="true"),
    command(CommandKind.SILENCE, "c1", until="2026-03-02T12:30:00+00:00"),
    command(CommandKind.SILENCE, "c1", until="2026-03-02T12:30:00+00:00"),
    mark(10),
    mark(4_000),
]


def decider() -> DecideMessages:
    return DecideMessages(0, POLICY, [Scribe((), Book("decide-0", KEY))])


def entries(outs: Sequence[Out]) -> list[LedgerEntry]:
    records = [one for out in outs if out.topic is Topic.SERIES for one in decode_mixed(out.value)]
    return [one for one in records if isinstance(one, LedgerEntry)]


def whole() -> list[LedgerEntry]:
    return entries(decider().take(encode_mixed(STORY)))


def test_events_and_commands_are_entered_in_order_with_who_did_them() -> None:
    told = [(one.what, one.actor) for one in whole()]
    assert told[:3] == [("incident.opened", "rule:any"), ("incident.promoted", "rule:any"), ("command.feedback", "lin")]
    assert told[3] in [("incident.silenced", "lin"), ("command.silence", "lin")]
    assert [what for what, _ in told].count("command.silence") == 1, "a command sent again is no second deed"
    assert told[-1] == ("incident.resolved", "clock")
    refused = next(one for one in whole() if one.what == "command.feedback")
    assert refused.body["refused"] == "bad_argument"
    assert refused.body["args"] == {"what": "true"}


def test_the_chain_is_whole() -> None:
    assert verify([Found(str(one.seq), one) for one in whole()], [], KEY).good


def test_without_a_key_everything_but_the_ledger_is_the_same() -> None:
    with_book = decider().take(encode_mixed(STORY))
    without = DecideMessages(0, POLICY, [Scribe()]).take(encode_mixed(STORY))
    assert [one for one in with_book if not entries([one])] == without


@settings(deadline=None, max_examples=20)
@given(st.sets(st.integers(1, len(STORY) - 1)), st.integers(0, len(STORY)))
def test_cuts_and_restarts_from_a_snapshot_change_nothing(cuts: set[int], kill: int) -> None:
    """What is written again after a kill bears the same number and the same bytes."""
    places = [0, *sorted(cuts), len(STORY)]
    portions = [STORY[a:b] for a, b in zip(places, places[1:], strict=False)]
    core, written = decider(), {}
    for number, portion in enumerate(portions):
        snapshot = pickle.dumps(core)
        outs = core.take(encode_mixed(portion))
        if number == kill % len(portions):
            written.update({one.seq: one for one in entries(outs)})
            core = pickle.loads(snapshot)  # noqa: S301
            assert core.adopt(decider())
            outs = core.take(encode_mixed(portion))
        written.update({one.seq: one for one in entries(outs)})
    assert [one for _, one in sorted(written.items())] == whole()
