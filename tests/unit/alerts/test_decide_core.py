"""The core of deciding: order, re-sent records, commands, reasons, and a state that survives being saved."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from alerts.decide import MAX_COMMANDS, DecideCore
from alerts.reasons import Reason
from alerts.why import WhyBook
from contracts.records import Command, CommandKind, IncidentEvent, Mark, Signal, State
from tests.unit.alerts.given import POLICY, at, command, mark, signal, told

HOUR = 3600
Given = Signal | Mark | Command
ROUGH: tuple[Given, ...] = (
    signal(5, 1.0),
    mark(5),
    signal(10, 3.0),
    signal(10, 4.0, index=1),
    mark(10),
    signal(300, 2.0),
    mark(600, "weibo"),
    mark(900),
    mark(2 * HOUR),
    signal(2 * HOUR + 5, 2.0),
    mark(9 * HOUR),
)


def feed(core: DecideCore, *records: Given) -> list[IncidentEvent]:
    return [event for record in records for event in core.feed(record)]


def test_a_record_sent_again_gives_nothing() -> None:
    once = feed(DecideCore(POLICY), *ROUGH)
    core = DecideCore(POLICY)
    twice = [event for index, record in enumerate(ROUGH) for event in feed(core, *ROUGH[: index + 1])]
    assert twice == once
    assert core.suppressed[Reason.RESENT] == sum(range(len(ROUGH)))


@pytest.mark.parametrize("cut", range(len(ROUGH)))
def test_a_restored_core_has_the_same_future(cut: int) -> None:
    core = DecideCore(POLICY)
    before = feed(core, *ROUGH[:cut])
    restored = pickle.loads(pickle.dumps(core))  # noqa: S301 - our own bytes
    assert before + feed(restored, *ROUGH[cut:]) == feed(DecideCore(POLICY), *ROUGH)


def test_why_a_signal_changed_nothing_is_counted() -> None:
    core = DecideCore(POLICY)
    feed(
        core,
        signal(5, 0.5),
        signal(10, 9.0, state=State.WARMING),
        signal(15, 9.0, state=State.STALE),
        signal(20, 2.0),
        signal(25, 1.0),
        mark(HOUR / 2 + 25),
        signal(HOUR / 2 + 30, 1.0),
    )
    assert core.suppressed == {
        Reason.BELOW: 1,
        Reason.WARMING: 1,
        Reason.STALE: 1,
        Reason.SAME_TIER: 1,
        Reason.REFRACTORY: 1,
    }


def test_history_tells_nobody_and_what_follows_does() -> None:
    core = DecideCore(POLICY)
    past = command(CommandKind.HISTORY, until=at(HOUR).isoformat())
    assert feed(core, past, signal(5, 4.0), mark(HOUR), signal(HOUR, 4.0, index=-1)) == []
    assert told(feed(core, signal(HOUR + 5, 1.0))) == [("opened", "blue", HOUR + 5)]
    assert core.suppressed[Reason.HISTORY] == 1


def test_an_earlier_end_of_history_does_not_shorten_it() -> None:
    core = DecideCore(POLICY)
    feed(core, command(CommandKind.HISTORY, "a", until=at(HOUR).isoformat()))
    feed(core, command(CommandKind.HISTORY, "b", until=at(60).isoformat()))
    assert feed(core, signal(120, 4.0)) == []


def test_history_for_all_holds_for_brands_seen_later_too() -> None:
    core = DecideCore(POLICY)
    feed(core, mark(5), command(CommandKind.HISTORY, brand="*", until=at(HOUR).isoformat()))
    assert feed(core, signal(10, 4.0), signal(10, 4.0, brand="United")) == []
    assert core.suppressed[Reason.HISTORY] == 2


def test_acknowledging_is_an_event_once() -> None:
    core = DecideCore(POLICY)
    (opened,) = feed(core, signal(5, 4.0))
    (event,) = feed(core, command(CommandKind.ACK, "a", incident=opened.incident))
    assert told([event]) == [("acknowledged", "red", 5)]
    assert (event.reason, event.seq, event.notify) == (Reason.BY_PERSON, 1, True)
    assert core.open_incidents()[0].acknowledged
    assert feed(core, command(CommandKind.ACK, "a", incident=opened.incident)) == []
    assert feed(core, command(CommandKind.ACK, "b", incident=opened.incident)) == []
    assert core.suppressed[Reason.RESENT] == 2


def test_an_acknowledgement_ends_with_the_incident() -> None:
    core = DecideCore(POLICY)
    (opened,) = feed(core, signal(5))
    feed(core, command(CommandKind.ACK, incident=opened.incident), mark(HOUR), signal(HOUR + 60, 2.0))
    assert not core.open_incidents()[0].acknowledged


def test_a_silence_keeps_changes_from_being_told_until_it_ends() -> None:
    core = DecideCore(POLICY)
    feed(core, signal(5, 1.0))
    (silenced,) = feed(core, command(CommandKind.SILENCE, until=at(600).isoformat()))
    assert (silenced.event.value, silenced.reason, silenced.notify) == ("silenced", Reason.BY_PERSON, True)
    (quiet,) = feed(core, signal(300, 2.0))
    (aloud,) = feed(core, signal(600, 3.0))
    assert (quiet.event.value, quiet.notify, quiet.reason) == ("promoted", False, Reason.SILENCED)
    assert (aloud.notify, aloud.reason) == (True, Reason.THRESHOLD)


def test_a_silence_can_come_before_the_incident() -> None:
    core = DecideCore(POLICY)
    assert feed(core, mark(0), command(CommandKind.SILENCE, until=at(600).isoformat())) == []
    assert [event.notify for event in feed(core, signal(5, 4.0))] == [False]


def test_a_silence_for_all_holds_for_every_brand() -> None:
    core = DecideCore(POLICY)
    feed(core, signal(5), signal(5, brand="United"))
    events = feed(core, command(CommandKind.SILENCE, brand="*", until=at(600).isoformat()))
    assert [event.brand for event in events] == ["Delta", "United"]
    events = feed(core, signal(10, 4.0), signal(10, 4.0, brand="Virgin"))
    assert [event.notify for event in events] == [False, False]


@pytest.mark.parametrize(
    ("kind", "args", "reason"),
    [
        (CommandKind.ACK, {}, Reason.BAD_ARGUMENT),
        (CommandKind.ACK, {"incident": ["x"]}, Reason.BAD_ARGUMENT),
        (CommandKind.ACK, {"incident": "0123456789abcdef"}, Reason.UNKNOWN_INCIDENT),
        (CommandKind.SILENCE, {}, Reason.BAD_ARGUMENT),
        (CommandKind.SILENCE, {"until": "tomorrow"}, Reason.BAD_ARGUMENT),
        (CommandKind.SILENCE, {"until": "2026-03-02T13:00:00"}, Reason.BAD_ARGUMENT),
        (CommandKind.SILENCE, {"until": at(-60).isoformat()}, Reason.BAD_ARGUMENT),
        (CommandKind.SILENCE, {"until": at(40 * 86_400).isoformat()}, Reason.BAD_ARGUMENT),
        (CommandKind.HISTORY, {"until": 7}, Reason.BAD_ARGUMENT),
        (CommandKind.RULES, {}, Reason.BAD_ARGUMENT),
        (CommandKind.SETTING, {"a": 1}, Reason.BAD_ARGUMENT),
        (CommandKind.PLAN, {}, Reason.NOT_IN_FORCE),
        (CommandKind.FEEDBACK, {}, Reason.BAD_ARGUMENT),
    ],
)
@pytest.mark.parametrize("seen", [True, False])
def test_a_command_that_cannot_be_followed_is_counted_and_breaks_nothing(
    kind: CommandKind, args: dict[str, Any], reason: Reason, seen: bool
) -> None:
    core = DecideCore(POLICY)
    if seen:
        feed(core, mark(0))
    assert feed(core, command(kind, **args)) == []
    assert core.suppressed == {reason: 1}
    assert told(feed(core, signal(5, 4.0))) == [("opened", "red", 5)]


def test_a_resolved_incident_can_not_be_acknowledged() -> None:
    core = DecideCore(POLICY)
    (opened, _) = feed(core, signal(5), mark(HOUR))
    assert feed(core, command(CommandKind.ACK, incident=opened.incident)) == []
    assert core.suppressed == {Reason.UNKNOWN_INCIDENT: 1}


def test_open_incidents_can_be_asked_for() -> None:
    core = DecideCore(POLICY)
    feed(core, signal(5, 1.0, brand="United"), signal(5, 3.0), mark(10, "weibo"))
    delta, united = core.open_incidents()
    assert (delta.scope, delta.tier.value, delta.stale, delta.since) == ({"brand": "Delta"}, "orange", True, at(5))
    assert (united.scope, united.tier.value, united.stale) == ({"brand": "United"}, "blue", False)
    feed(core, mark(15), mark(HOUR), mark(HOUR, brand="United"))
    assert core.open_incidents() == []


def test_memory_is_bounded() -> None:
    def size(rounds: int) -> int:
        core = DecideCore(POLICY, why=WhyBook(kept=20))
        for n in range(rounds):
            start = n * 4 * HOUR
            feed(core, signal(start + 5, 4.0), mark(start + 4 * HOUR))
            for one in range(20):
                feed(core, command(CommandKind.RULES, f"{n:06}-{one}"))
        return len(pickle.dumps(core))

    full = MAX_COMMANDS // 20
    assert size(3 * full) <= size(2 * full) + 100


def test_time_that_runs_back_within_the_order_moves_nothing_back() -> None:
    core = DecideCore(POLICY)
    late = signal(100, 4.0).model_copy(update={"at": at(50)})
    events = feed(core, signal(90, 1.0), mark(95), late)
    assert [event.at for event in events] == [at(90), at(95)]
