"""Each source is waited for by its own lateness; the watermark survives a commit, and says when one is not its own."""

from __future__ import annotations

import pytest

from contracts.errors import Lost
from streams.watermark import Watermark

MINUTE = 60_000_000


def test_each_source_is_waited_for_by_its_own_lateness() -> None:
    mark = Watermark(patience=60 * MINUTE)
    for name, lateness in (("weibo", 10), ("shop", 1), ("mail", 3)):
        mark.advance(mark.source(name, lateness * MINUTE), 100 * MINUTE)
    assert mark.value == 90 * MINUTE
    mark.advance(mark.source("weibo", 10 * MINUTE), 120 * MINUTE)
    assert mark.value == 97 * MINUTE


def test_a_lateness_that_is_told_anew_holds_from_then_on() -> None:
    mark = Watermark(patience=60 * MINUTE)
    mark.advance(mark.source("weibo", 10 * MINUTE), 100 * MINUTE)
    mark.advance(mark.source("weibo", 2 * MINUTE), 101 * MINUTE)
    assert mark.value == 99 * MINUTE
    mark.advance(mark.source("weibo", 20 * MINUTE), 110 * MINUTE)
    assert mark.value == 99 * MINUTE
    mark.advance(mark.source("weibo", 20 * MINUTE), 125 * MINUTE)
    assert mark.value == 105 * MINUTE


def test_it_goes_on_after_a_commit_as_if_nothing_had_been() -> None:
    mark = Watermark(patience=2 * MINUTE)
    mark.advance(mark.source("shop", 15_000_000), 100 * MINUTE)
    mark.advance(mark.source("weibo", 15_000_000), 99 * MINUTE)
    again = Watermark.unpack(mark.pack(), patience=2 * MINUTE)
    for one in (mark, again):
        one.advance(one.source("weibo", 15_000_000), int(99.5 * MINUTE))
    assert again.value == mark.value > 90 * MINUTE
    assert again.pack() == mark.pack()


@pytest.mark.parametrize("text", ["", "AAAA", "not base 64!", "AAAAAAAAAAA"])
def test_a_commit_of_another_version_says_what_to_do(text: str) -> None:
    with pytest.raises(Lost, match="fresh topics"):
        Watermark.unpack(text, patience=MINUTE)
