"""Texts are varied and carry their marks; planted personal data are valid, fictitious and listed."""

from __future__ import annotations

from collections import Counter

from fenghuo.simulator import Simulation
from fenghuo.simulator.private import KINDS
from tests.unit.simulator.worlds import one_brand, scenario


def _grams(text: str) -> set[str]:
    return {text[at : at + 3] for at in range(len(text) - 2)}


def test_ordinary_texts_are_no_copies_of_one_another() -> None:
    found = [_grams(one["text"]) for one in one_brand()]
    nearest = sorted(
        max(len(one & other) / len(one | other) for other in found if other is not one) for one in found[:100]
    )
    assert nearest[len(nearest) // 2] < 0.4
    assert nearest[-1] < 0.8


def test_no_text_comes_twice_in_ordinary_weeks() -> None:
    texts = Counter(one["text"] for one in one_brand(days=14))
    assert max(texts.values()) == 1


def test_hardly_an_author_speaks_three_times() -> None:
    authors = Counter(one["author"] for one in one_brand(days=14))
    assert max(authors.values()) < 3


def test_channels_keep_their_manners() -> None:
    found = one_brand(days=5)
    weibo = [one["text"] for one in found if one["channel"] == "weibo"]
    assert any(text.startswith("#云杉航空") for text in weibo)
    assert any("//@" in text for text in weibo)
    assert not any("//@" in one["text"] for one in found if one["channel"] != "weibo")
    mails = [one["text"] for one in found if one["channel"] == "mail"]
    english = [text for text in mails if text.count(" ") > 4]
    assert 0.1 < len(english) / len(mails) < 0.5


def test_only_complaints_have_cases_and_labels_come_only_when_asked_for() -> None:
    found = one_brand(days=2)
    cases = [one for one in found if "case_id" in one]
    assert cases
    assert {one["sentiment"] for one in cases} == {"negative"}
    bare = one_brand(days=2, labels=False)
    assert not any({"sentiment", "category", "planted"} & set(one) for one in bare)
    assert [one["id"] for one in bare] == [one["id"] for one in found]


def test_shares_of_sentiment_are_those_of_the_brand() -> None:
    found = one_brand(days=14)
    kinds = Counter(one["sentiment"] for one in found)
    assert abs(kinds["negative"] / len(found) - 0.30) < 0.03
    assert abs(kinds["positive"] / len(found) - 0.28) < 0.03


def test_every_planted_value_stands_in_its_record_and_is_listed() -> None:
    run = Simulation(scenario(private=0.05))
    found = {one["id"]: one["text"] for one in run.records()}
    assert 0.03 < len(run.planted) / len(found) < 0.07
    assert {one.kind for one in run.planted} == set(KINDS)
    assert all(one.value in found[one.id] for one in run.planted)


def test_without_a_share_nothing_private_is_planted() -> None:
    run = Simulation(scenario(private=0.0))
    assert not any("example." in one["text"] for one in run.records())
    assert run.planted == []
