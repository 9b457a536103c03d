"""One incident opens, climbs at once, falls after the hold, is resolved when quiet, and opens again."""

from __future__ import annotations

from datetime import timedelta

from alerts.decide import DecideCore
from alerts.reasons import Reason
from alerts.settings import DecidePolicy, Timing
from contracts.records import IncidentEvent, IncidentEventKind, Mark, Signal, SignalKind, Tier
from contracts.records.incident import Detail
from tests.unit.alerts.given import POLICY, at, mark, signal, told

MINUTE = 60
HOUR = 3600


def run(*records: Signal | Mark, policy: DecidePolicy = POLICY) -> list[IncidentEvent]:
    core = DecideCore(policy)
    return [event for record in records for event in core.feed(record)]


def test_an_incident_carries_the_numbers_of_its_signal() -> None:
    (event,) = run(signal(5, 2.5, observed=86.0, expected=12.3, support=40, reach=900, phrases=("delay",)))
    assert (event.event, event.tier, event.kind) == (IncidentEventKind.OPENED, Tier.YELLOW, SignalKind.VOLUME_SPIKE)
    assert (event.observed, event.expected, event.score) == (86.0, 12.3, 2.5)
    assert (event.seq, event.at, event.scope, event.notify) == (0, at(5), {"brand": "Delta"}, True)
    assert event.reason == Reason.THRESHOLD
    assert event.detail == Detail(
        series="brand=Delta",
        support=40,
        reach=900,
        phrases=("delay",),
        signal_id="Delta-5-0",
        rule="any",
        since=at(5),
    )


def test_it_climbs_at_once_and_tells_each_tier_once() -> None:
    events = run(*(signal(5 * n, score) for n, score in enumerate((1, 1, 2, 2, 4, 3, 4), start=1)))
    assert told(events) == [("opened", "blue", 5), ("promoted", "yellow", 15), ("promoted", "red", 25)]
    assert [event.detail.was for event in events] == [None, Tier.BLUE, Tier.YELLOW]


def test_another_kind_can_promote_and_is_named() -> None:
    events = run(signal(5, 1.0), signal(10, 3.0, kind=SignalKind.SENTIMENT_SHIFT, observed=0.8, expected=0.4))
    assert [event.kind for event in events] == [SignalKind.VOLUME_SPIKE, SignalKind.SENTIMENT_SHIFT]
    assert (events[1].observed, events[1].incident) == (0.8, events[0].incident)


def test_it_falls_to_what_was_seen_within_the_hold() -> None:
    events = run(signal(5, 4.0), signal(65, 3.0), signal(125, 2.0), mark(HOUR / 3))
    assert told(events)[1:] == [("demoted", "orange", 605), ("demoted", "yellow", 665), ("demoted", "blue", 725)]
    assert [event.score for event in events] == [4.0, 3.0, 2.0, 2.0]
    assert [event.detail.was for event in events] == [None, Tier.RED, Tier.ORANGE, Tier.YELLOW]
    assert {event.reason for event in events[1:]} == {Reason.CALMED}


def test_a_tier_seen_again_stands_for_another_hold() -> None:
    events = run(signal(5, 4.0), signal(600, 4.0), mark(1199), mark(1200))
    assert told(events)[1:] == [("demoted", "blue", 1200)]


def test_it_is_resolved_when_quiet_and_only_then() -> None:
    events = run(signal(5), signal(300), mark(300 + 30 * MINUTE - 5), mark(300 + 30 * MINUTE))
    assert told(events)[1:] == [("resolved", "blue", 300 + 30 * MINUTE)]
    assert events[1].reason == Reason.QUIET


def test_a_signal_at_the_last_instant_keeps_it_open() -> None:
    last = 5 + 30 * MINUTE
    assert told(run(signal(5), signal(last), mark(last))) == [("opened", "blue", 5)]


def test_a_weak_signal_keeps_nothing_open() -> None:
    assert told(run(signal(5), signal(900, 0.5), mark(HOUR)))[1:] == [("resolved", "blue", 5 + 30 * MINUTE)]


def test_it_opens_again_under_the_same_name_within_the_window() -> None:
    events = run(signal(5, 2.0), mark(HOUR), signal(2 * HOUR, 3.0))
    first, resolved, again = events[0], events[-2], events[-1]
    assert (again.event, again.tier) == (IncidentEventKind.REOPENED, Tier.ORANGE)
    assert again.incident == first.incident
    assert again.seq == resolved.seq + 1
    assert again.detail.since == at(2 * HOUR)


def test_after_the_window_it_is_another_incident() -> None:
    end = 5 + 30 * MINUTE + 2 * HOUR
    events = run(signal(5), signal(end + 5))
    assert told(events)[-1] == ("opened", "blue", end + 5)
    assert events[-1].seq == 0
    assert events[-1].incident != events[0].incident


def test_the_same_first_bucket_never_gives_the_same_key_twice() -> None:
    day = at(0)
    end = 5 + 30 * MINUTE + 2 * HOUR
    events = run(signal(5, bucket=day), signal(end + 5, bucket=day))
    assert events[-1].event is IncidentEventKind.REOPENED
    keys = [(event.incident, event.seq) for event in events]
    assert len(set(keys)) == len(keys)


def test_a_flicker_straight_after_the_end_opens_nothing_but_a_rise_does() -> None:
    end = 5 + 30 * MINUTE
    flicker = run(signal(5, 2.0), mark(end), signal(end + 60, 1.0))
    assert told(flicker)[-1] == ("resolved", "blue", end)
    rise = run(signal(5, 2.0), mark(end), signal(end + 60, 2.0))
    assert told(rise)[-1] == ("reopened", "yellow", end + 60)
    later = run(signal(5, 2.0), mark(end), signal(end + 600, 1.0))
    assert told(later)[-1] == ("reopened", "blue", end + 600)


def test_one_mark_that_jumps_gives_what_many_give() -> None:
    given = (signal(5, 4.0), signal(125, 2.0))
    many = run(*given, *(mark(seconds) for seconds in range(130, 3 * HOUR, 5)), mark(3 * HOUR))
    assert run(*given, mark(3 * HOUR)) == many


def test_a_dead_source_resolves_nothing_and_says_so_once() -> None:
    down = [mark(seconds, "weibo") for seconds in range(60, 5 * HOUR, 60)]
    events = run(signal(5, 4.0), *down)
    assert told(events) == [("opened", "red", 5), ("stale", "red", 60)]
    assert events[1].reason == Reason.SOURCE_DOWN


def test_after_the_outage_hold_and_quiet_time_go_on() -> None:
    events = run(signal(5, 4.0), mark(60, "weibo"), mark(HOUR), mark(3 * HOUR))
    assert told(events)[2:] == [("demoted", "blue", HOUR + 545), ("resolved", "blue", HOUR + 30 * MINUTE)]


def test_what_falls_due_as_the_outage_begins_waits_for_its_end() -> None:
    events = run(signal(5, 4.0), mark(605, "weibo"), signal(700, 2.0), mark(HOUR), mark(HOUR + 5))
    assert told(events) == [("opened", "red", 5), ("stale", "red", 605), ("demoted", "yellow", HOUR)]


def test_during_an_outage_it_still_climbs() -> None:
    events = run(signal(5), mark(60, "weibo"), signal(90, 4.0))
    assert told(events)[-1] == ("promoted", "red", 90)


def test_a_source_that_comes_and_goes_is_told_once() -> None:
    flapping = [mark(60 * n, *(("weibo",) if n % 2 else ())) for n in range(1, 10)]
    assert [what for what, _, _ in told(run(signal(5), *flapping))] == ["opened", "stale"]


def test_a_second_outage_much_later_is_told_again() -> None:
    events = run(signal(5), mark(60, "weibo"), mark(120), mark(120 + 700, "weibo"))
    assert [what for what, _, _ in told(events)] == ["opened", "stale", "stale"]


def test_an_incident_about_the_outage_itself_needs_no_second_word() -> None:
    events = run(signal(60, 2.0, kind=SignalKind.SOURCE_DOWN), mark(60, "weibo"), mark(65, "weibo"))
    assert told(events) == [("opened", "yellow", 60)]


def test_an_incident_that_ends_red_because_hold_and_quiet_are_equal_comes_back_red_at_once() -> None:
    timing = Timing(hold=timedelta(minutes=30), quiet=timedelta(minutes=30))
    events = run(signal(5, 4.0), mark(1805), signal(1900, 4.0), policy=POLICY.model_copy(update={"timing": timing}))
    assert told(events)[1:] == [("resolved", "red", 1805), ("reopened", "red", 1900)]


def test_brands_do_not_touch_each_other() -> None:
    events = run(signal(5, 4.0), signal(10, 1.0, brand="United"), mark(HOUR, brand="United"))
    assert [(event.brand, event.event.value) for event in events] == [
        ("Delta", "opened"),
        ("United", "opened"),
        ("United", "resolved"),
    ]
