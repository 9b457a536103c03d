"""The watermark survives a commit, and says so when a commit is not its own."""

from __future__ import annotations

import pytest

from contracts.errors import Lost
from streams.watermark import Watermark

MINUTE = 60_000_000


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
