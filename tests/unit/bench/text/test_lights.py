"""The conversations of the lights bench, and what it reports of them."""

from __future__ import annotations

from bench.text.lights import BOUND, conversations, main, rates

ALL = [(half, one) for half, given in conversations().items() for one in given]


def test_there_are_enough_conversations_in_both_languages_with_every_light() -> None:
    assert len(ALL) >= 60
    assert len({one["name"] for _, one in ALL}) == len(ALL)
    for half in ("seen", "held"):
        mine = [one for name, one in ALL if name == half]
        assert {one["light"] for one in mine} == {"none", "yellow", "red"}
        assert {one["name"][:3] for one in mine} == {"zh-", "en-"}


def test_precision_and_recall_of_one_light() -> None:
    pairs = [("red", "red"), ("red", "none"), ("none", "red"), ("red", "red"), ("yellow", "yellow")]
    assert rates(pairs, "red") == (2 / 3, 2 / 3)
    assert rates([("red", "none")], "red") == (0.0, 0.0)


def test_red_reaches_its_bound_in_both_halves() -> None:
    assert BOUND == 0.9
    assert main([]) == 0
