"""A source that lies about time moves nothing but its own clock, whichever way it lies."""

from __future__ import annotations

import pytest

from streams.watermark import HEARTBEAT, Watermark

SECOND = 1_000_000
DAY = 86_400 * SECOND
LATE = 15 * SECOND
START = 20_000 * DAY


def told(mark: Watermark, source: str, when: int) -> None:
    mark.advance(mark.source(source, LATE), when)


def minutes(mark: Watermark, honest: list[str], lies: dict[str, int], *, beat: bool) -> list[int]:
    """Ten minutes, every source once a second; the watermark after each, from the third minute on."""
    seen = []
    for second in range(600):
        now = START + second * SECOND
        for name in honest:
            told(mark, name, now)
        for name, offset in lies.items():
            told(mark, name, now + offset)
        if beat:
            told(mark, HEARTBEAT, now)
        if second >= 180:
            seen.append(now - mark.value)
    return seen


@pytest.mark.parametrize("offset", [-DAY, -3600 * SECOND, -DAY * 400])
@pytest.mark.parametrize(("honest", "beat"), [(["shop"], True), (["shop", "web"], False), (["a", "b", "c"], True)])
def test_a_source_that_trails_is_not_waited_for(offset: int, honest: list[str], beat: bool) -> None:
    assert set(minutes(Watermark(120 * SECOND), honest, {"liar": offset}, beat=beat)) == {LATE}


@pytest.mark.parametrize("offset", [59 * SECOND, 60 * SECOND])
@pytest.mark.parametrize("beat", [True, False])
def test_a_source_that_runs_ahead_closes_nothing_before_its_time(offset: int, beat: bool) -> None:
    assert set(minutes(Watermark(120 * SECOND), ["shop"], {"liar": offset}, beat=beat)) == {LATE}


def test_without_a_wall_clock_one_far_ahead_does_not_make_the_many_late() -> None:
    """The demo plays a past day while somebody already sends what happens now."""
    mark = Watermark(120 * SECOND)
    assert set(minutes(mark, ["sim-web", "sim-mail", "sim-chat"], {"live": DAY}, beat=False)) == {LATE}


def test_of_two_that_disagree_without_a_wall_clock_the_slower_is_waited_for() -> None:
    """Nobody can tell which of them lies, and late is worse than slow."""
    assert set(minutes(Watermark(120 * SECOND), ["sim-web"], {"live": DAY}, beat=False)) == {LATE}


def test_a_source_that_is_honest_again_is_waited_for_again() -> None:
    mark = Watermark(120 * SECOND)
    minutes(mark, ["shop"], {"liar": -DAY}, beat=True)
    now = START + 600 * SECOND
    told(mark, "liar", now)
    for second in range(30):
        told(mark, "shop", now + second * SECOND)
        told(mark, HEARTBEAT, now + second * SECOND)
    assert mark.value == now - LATE


def test_what_is_committed_knows_the_liar_too() -> None:
    mark = Watermark(120 * SECOND)
    minutes(mark, ["shop"], {"liar": -DAY}, beat=True)
    again = Watermark.unpack(mark.pack(), 120 * SECOND)
    for one in (mark, again):
        told(one, "shop", START + 700 * SECOND)
        told(one, "liar", START + 700 * SECOND - DAY)
        told(one, HEARTBEAT, START + 700 * SECOND)
    assert again.value == mark.value == START + 685 * SECOND
