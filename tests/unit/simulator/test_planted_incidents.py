"""Each planted incident is visible in the data as its truth says, and changes nothing else."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

import pytest

from contracts.records.incident import Tier
from contracts.records.signal import SignalKind
from fenghuo.simulator import Simulation, everything
from fenghuo.simulator.incidents import (
    AnyIncident,
    CollectionStarts,
    CopyFlood,
    DeadCollector,
    FuriousCase,
    PraiseSurge,
    QuietNight,
    RepeatComplainant,
    SentimentShift,
    SlowRamp,
    SuddenSurge,
    WeightyVoice,
)
from tests.unit.simulator.worlds import START, at, dumped, inside, one_brand, scenario

BRAND = "云杉航空"
Records = list[dict[str, Any]]


def _added(incident: AnyIncident, **changes: Any) -> Records:
    """What the incident adds, having checked that the rest is untouched."""
    found = one_brand(incident, **changes)
    added = [one for one in found if one["planted"]]
    assert dumped([one for one in found if not one["planted"]]) == dumped(one_brand(**changes))
    assert {one["planted"] for one in added} == {incident.name}
    truth = incident.truth()
    assert inside(added, truth.start, truth.end) == added
    return added


def _negative(records: Records) -> float:
    return sum(1 for one in records if one["sentiment"] == "negative") / len(records)


def test_a_sudden_surge_multiplies_the_volume_with_complaints_about_one_matter() -> None:
    surge = SuddenSurge(brand=BRAND, start=at(10), minutes=60, factor=9)
    added = _added(surge)
    ordinary = 500 / 24
    assert 0.5 * 8 * ordinary < len(added) < 8 * ordinary
    assert {one["category"] for one in added} == {"logistics"}
    assert _negative(added) > 0.7
    assert len({one["author"] for one in added}) == len(added)


def test_a_surge_at_dead_of_night_is_as_big_as_by_day() -> None:
    night, day = (_added(SuddenSurge(brand=BRAND, start=at(hour), factor=9)) for hour in (3.5, 14))
    assert 0.6 < len(night) / len(day) < 1.6


def test_a_slow_ramp_climbs() -> None:
    added = _added(SlowRamp(brand=BRAND, start=at(8), minutes=720, factor=5))
    thirds = [len(inside(added, at(8 + 4 * k), at(12 + 4 * k))) for k in range(3)]
    assert thirds[0] < thirds[1] < thirds[2]
    assert thirds[2] > 3 * thirds[0]


def test_a_praise_surge_is_praise_and_at_most_blue() -> None:
    surge = PraiseSurge(brand=BRAND, start=at(10), factor=9)
    added = _added(surge)
    assert sum(one["sentiment"] == "positive" for one in added) > 0.9 * len(added)
    assert surge.truth().highest is Tier.BLUE


def test_a_shift_changes_the_share_and_no_time_and_no_number() -> None:
    before = one_brand()
    after = one_brand(SentimentShift(brand=BRAND, start=at(8), minutes=480, share=0.7))
    assert [(one["id"], one["ts"]) for one in after] == [(one["id"], one["ts"]) for one in before]
    assert _negative(inside(after, at(8), at(16))) == pytest.approx(0.7, abs=0.08)
    assert _negative(inside(before, at(8), at(16))) < 0.4
    assert dumped(inside(after, START, at(8))) == dumped(inside(before, START, at(8)))
    assert any(one["sentiment"] == "positive" for one in inside(after, at(8), at(16)))


def test_flood_copies_are_nearly_equal_and_from_many_authors() -> None:
    flood = CopyFlood(brand=BRAND, start=at(12), copies=80)
    added = _added(flood)
    assert len(added) == 80 == flood.truth().factor
    likeness = [SequenceMatcher(None, added[0]["text"], one["text"]).ratio() for one in added]
    assert min(likeness) > 0.9
    assert len({one["text"] for one in added}) > 5
    assert len({one["author"] for one in added}) == 80
    assert flood.truth().least is None


def test_a_dead_collector_sends_nothing_while_others_go_on() -> None:
    dead = DeadCollector(start=at(9), minutes=600, channel="weibo")
    surge = SuddenSurge(brand=BRAND, start=at(11), factor=9)
    run = Simulation(scenario(incidents=(dead, surge)))
    span = inside(list(run.records()), at(9), at(19))
    assert not any(one["channel"] == "weibo" for one in span)
    assert len({one["channel"] for one in span}) == 5
    assert len({one["brand"] for one in span}) == 5
    middle = int(at(12).timestamp() * 1000)
    assert (run.alive("sim-weibo", middle), run.alive("sim-web", middle)) == (False, True)
    assert dead.truth().signals == (SignalKind.SOURCE_DOWN,)


def test_collection_of_a_new_channel_starts_at_once_and_goes_on() -> None:
    start = CollectionStarts(brand=BRAND, channel="forum", start=at(12))
    found = one_brand(start, days=3)
    forum = [one for one in found if one["channel"] == "forum"]
    assert forum == inside(forum, at(12), at(72))
    assert len(inside(forum, at(48), at(72))) > 10
    assert len({one["id"] for one in found}) == len(found)
    assert start.truth().highest is Tier.YELLOW


def test_collection_of_a_brand_starts_at_once() -> None:
    found = one_brand(CollectionStarts(brand=BRAND, start=at(12)))
    assert dumped(found) == dumped(inside(one_brand(), at(12), at(24)))


def test_a_quiet_night_is_thinner_with_all_sources_alive_and_nothing_expected() -> None:
    night = QuietNight(brand=BRAND, start=at(1), factor=0.5)
    before, after = (len(inside(one_brand(*one, rate=5000), at(1), at(6))) for one in ((), (night,)))
    assert after / before == pytest.approx(0.5, abs=0.1)
    truth = night.truth()
    assert (truth.signals, truth.least, truth.highest) == ((), None, None)


def test_a_furious_case_is_one_author_and_one_case_getting_hotter() -> None:
    added = _added(FuriousCase(brand=BRAND, start=at(20), minutes=360), days=2)
    assert len(added) == 7
    assert len({(one["author"], one["case_id"]) for one in added}) == 1
    assert len({one["id"] for one in added}) == 7
    assert "麻烦" in added[0]["text"]
    assert added[-1]["text"].endswith("！！！")


def test_a_repeat_complainant_is_one_author_with_several_cases() -> None:
    added = _added(RepeatComplainant(brand=BRAND, start=at(6), minutes=600, times=4))
    assert len(added) == 4
    assert len({one["author"] for one in added}) == 1
    assert len({one["case_id"] for one in added}) == 4


def test_a_weighty_voice_is_one_mention_with_huge_reach() -> None:
    (voice,) = _added(WeightyVoice(brand=BRAND, start=at(12)))
    assert (voice["author_class"], voice["reach"]) == ("state_media", 30_000_000)
    assert max(one["reach"] for one in one_brand(days=7)) <= 50_000


def test_everything_plants_every_kind_within_the_span_after_a_history() -> None:
    run = Simulation(everything(START, days=20, rate=20))
    kinds = {one.kind for one in run.truths}
    assert kinds == {
        "sudden_surge", "slow_ramp", "praise_surge", "sentiment_shift", "copy_flood", "dead_collector",
        "collection_starts", "quiet_night", "furious_case", "repeat_complainant", "weighty_voice",
    }  # fmt: skip
    assert all(at(24 * 16) <= one.start < one.end <= at(24 * 20) for one in run.truths)
