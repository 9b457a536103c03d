"""One run: deadlines, reminders, dependencies, levels, clocks, and the same whatever the marks between."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.plans.events import PlanEvent
from alerts.plans.machine import ABANDONED, Run, close, done, raise_level, tick
from alerts.plans.settings import Level
from tests.unit.alerts.plans.given import NOON, at, plan, started, told


def test_a_run_begins_with_the_tasks_and_clocks_of_its_level() -> None:
    run, events = started(Level.III)
    assert [one.sheet.name for one in run.steps] == ["confirm", "answer"]
    assert [one.name for one in events[0].clocks] == ["reply"]
    assert events[0].tasks[1].partners[0].en == "legal department/legal"
    assert events[0].tasks[1].due == at(60)


def test_what_is_late_is_told_once_reminded_before_and_in_order_of_time() -> None:
    run, _ = started()
    run, events = tick(run, at(400))
    assert told(events) == [
        ("due_soon", "confirm", 10),
        ("task_overdue", "confirm", 15),
        ("due_soon", "answer", 55),
        ("task_overdue", "answer", 60),
        ("clock_overdue", "word", 300),
    ]
    assert tick(run, at(400))[1] == ()


def test_a_task_done_at_its_deadline_is_in_time_and_meets_its_clock() -> None:
    run, _ = started()
    run, first = done(run, "confirm", "wang", at(15))
    run, second = done(run, "answer", "li", at(60), note="sent")
    assert told(first) == [("due_soon", "confirm", 10), ("task_done", "confirm", 15)]
    assert told(second) == [("due_soon", "answer", 55), ("task_done", "answer", 60), ("clock_met", "word", 60)]
    assert (second[1].by, second[1].note) == ("li", "sent")
    assert told(tick(run, at(1_500))[1]) == [("due_soon", "press", 1_435), ("task_overdue", "press", 1_440)]


def test_what_is_needed_comes_first_unless_it_is_skipped() -> None:
    run, _ = started()
    run, refused = done(run, "answer", "li", at(1))
    assert (refused[0].kind.value, refused[0].note) == ("refused", "confirm must be done or skipped before")
    run, _ = done(run, "confirm", "li", at(2), skipped=True, note="known already")
    run, events = done(run, "answer", "li", at(3))
    assert told(events)[0] == ("task_done", "answer", 3)
    assert done(run, "answer", "li", at(4))[1][0].note == "it is done already"
    assert "asked for: confirm, answer, press" in done(run, "none", "li", at(4))[1][0].note


def test_a_skipped_task_meets_no_clock() -> None:
    run, _ = started()
    run, _ = done(run, "answer", "li", at(1), skipped=True)
    assert told(tick(run, at(300))[1])[-1] == ("clock_overdue", "word", 300)


def test_a_graver_level_asks_for_more_from_then_and_never_for_less() -> None:
    run, _ = started(Level.IV)
    run, _ = done(run, "confirm", "li", at(5))
    run, _ = done(run, "answer", "li", at(20))
    run, events = raise_level(run, plan(), Level.I, at(30))
    assert [one.name for one in events[0].tasks] == ["press"]
    assert events[0].tasks[0].due == at(30 + 1_440)
    assert told(events)[1:] == [("clock_met", "word", 30)], "the answer was given before the clock was asked for"
    assert raise_level(run, plan(), Level.III, at(31)) == (run, ())


def test_a_closed_run_takes_nothing_more() -> None:
    run, _ = started()
    run, events = close(run, "lin", at(20), "over")
    assert told(events)[-1] == ("closed", "", 20)
    assert tick(run, at(9_000))[1] == ()
    assert [one.kind.value for one in done(run, "answer", "li", at(30))[1]] == ["refused"]
    assert [one.kind.value for one in close(run, "lin", at(30))[1]] == ["refused"]


def test_nobody_has_to_close_a_run_for_it_to_end() -> None:
    run, _ = started()
    run, events = tick(run, NOON + ABANDONED)
    assert run.closed
    assert events[-1].note == "nobody closed it in time"


STEPS = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(["confirm", "answer", "press", "raise", "skip", "none"])), max_size=8
)


def played(steps: list[tuple[int, str]], marks: list[int]) -> list[PlanEvent]:
    run, events = started(Level.III)
    todo = sorted([*((minute, 0, what) for minute, what in steps), *((minute, 1, "") for minute in marks)])
    for minute, _, what in todo:
        run, more = _stepped(run, minute, what)
        events.extend(more)
    return [*events, *tick(run, at(5_000))[1]]


def _stepped(run: Run, minute: int, what: str) -> tuple[Run, tuple[PlanEvent, ...]]:
    if not what:
        return tick(run, at(minute))
    if what == "raise":
        return raise_level(run, plan(), Level.I, at(minute))
    if what == "skip":
        return done(run, "confirm", "li", at(minute), skipped=True)
    return done(run, what, "li", at(minute))


@settings(deadline=None, max_examples=60)
@given(STEPS, st.lists(st.integers(0, 400), max_size=6))
def test_marks_between_change_nothing_and_no_task_ends_twice(steps: list[tuple[int, str]], marks: list[int]) -> None:
    events = played(steps, marks)
    assert events == played(steps, [])
    assert [one.at for one in events] == sorted(one.at for one in events)
    ended = [one.task for one in events if one.kind.value in ("task_done", "task_skipped")]
    late = [one.task for one in events if one.kind.value == "task_overdue"]
    assert len(ended) == len(set(ended))
    assert len(late) == len(set(late))
    for one in events:
        if one.kind.value == "task_done" and one.due is not None:
            assert (one.at > one.due) == (one.task in late)
