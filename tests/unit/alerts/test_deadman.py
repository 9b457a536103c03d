"""The dead-man's switch falls silent when a stage stands still, and only then."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts.deadman import DeadMan, Progress
from tests.unit.alerts.given import NOON


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_nothing_is_said_before_anything_was_heard() -> None:
    assert not DeadMan().speaks(NOON)


def test_stages_that_move_or_rest_keep_it_speaking() -> None:
    switch = DeadMan()
    for second in range(0, 600, 15):
        switch.hears([Progress("count", 0, second, 10), Progress("decide", 0, 7, 0)], after(second))
        assert switch.speaks(after(second + 14))


def test_a_stage_that_stands_still_silences_it_and_moving_again_ends_that() -> None:
    switch = DeadMan()
    for second in range(0, 75, 15):
        switch.hears([Progress("count", 0, second, 10), Progress("decide", 0, 7, 3)], after(second))
        assert switch.speaks(after(second)) is (second < 60)
    assert switch.still(after(60)) == ["decide 0: 3 waiting, not moved for 60 s"]
    switch.hears([Progress("decide", 0, 8, 2), Progress("count", 0, 90, 0)], after(75))
    assert switch.speaks(after(75))


def test_work_that_comes_after_a_rest_gets_its_time() -> None:
    switch = DeadMan()
    switch.hears([Progress("notify", 0, 7, 0)], NOON)
    switch.hears([Progress("notify", 0, 7, 5)], after(59))
    assert switch.speaks(after(100))
    switch.hears([Progress("notify", 0, 7, 5)], after(110))
    assert not switch.speaks(after(119))


def test_a_stage_that_is_not_heard_of_silences_it() -> None:
    switch = DeadMan()
    switch.hears([Progress("detect", 2, 7, 0)], NOON)
    assert switch.still(after(60)) == ["detect 2: not heard of for 60 s"]
    switch.forget("detect", 2)
    assert switch.still(after(60)) == []
