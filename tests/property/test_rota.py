"""Rotas of any kind: calendar and pager agree at every instant, handovers count once, and swaps can be taken back."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.duty.ical import from_ical, to_ical
from alerts.duty.rota import on_duty, shifts
from alerts.duty.settings import DutySettings, Rota, Swap
from alerts.duty.swaps import refusal
from alerts.hours import Hours

PEOPLE = ("lin", "wang", "zhao")
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Beirut")
AROUND = (datetime(2026, 3, 8, 6, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
"""Near these the clocks of New York, Berlin and Beirut, and New York again are moved."""
CLOCKS = ("00:00", "00:30", "01:15", "01:30", "01:45", "02:00", "02:30", "03:00", "09:00", "23:30")
clocks = st.sampled_from(CLOCKS)
instants = st.builds(
    lambda around, minutes: around + timedelta(minutes=15 * minutes), st.sampled_from(AROUND), st.integers(-300, 300)
)


def times(start: datetime, quarters: int) -> dict[str, datetime]:
    return {"start": start, "end": start + timedelta(minutes=15 * quarters)}


spans = st.builds(times, instants, st.integers(1, 300))
pairs = st.permutations(PEOPLE).map(lambda one: {"out": one[0], "into": one[1]})
swaps = st.builds(lambda pair, span: Swap.model_validate({**pair, **span}), pairs, spans)
hours = st.builds(
    lambda begin, end, zone, days: {"from": begin, "to": end, "zone": zone, "days": days},
    clocks,
    clocks,
    st.sampled_from(ZONES),
    st.sampled_from([[], ["sun"], ["sat", "mon"], ["workday"]]),
)


@st.composite
def rotas(draw: st.DrawFn, with_hours: bool = True) -> Rota:
    made: dict[str, Any] = {
        "name": "duty",
        "order": draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3)),
        "begin": date(2026, 1, 5) + timedelta(days=draw(st.integers(0, 70))),
        "handover": sorted(draw(st.sets(clocks, min_size=1, max_size=3))),
        "every": draw(st.integers(1, 3)),
        "zone": draw(st.sampled_from(ZONES)),
    }
    if with_hours:
        made["hours"] = draw(st.none() | hours)
        made["shifts"] = [
            {"person": one, **span}
            for one, span in draw(st.lists(st.tuples(st.sampled_from(PEOPLE), spans), max_size=2))
        ]
        made["swaps"] = draw(st.lists(swaps, max_size=3))
    return Rota.model_validate(made)


REPEATED = Rota.model_validate(
    {
        "name": "night",
        "order": ["lin", "wang"],
        "begin": date(2026, 10, 20),
        "handover": ["01:30"],
        "every": 1,
        "zone": "America/New_York",
    }
)

IN_IT = REPEATED.model_copy(
    update={"hours": Hours.model_validate({"from": "01:15", "to": "02:30", "zone": "America/New_York"})}
)
"""Its hours begin in the hour that comes twice and end in the one that is left out."""


@settings(deadline=None, max_examples=50)
@given(rotas(), instants)
@example(REPEATED, datetime(2026, 11, 1, 6, 10, tzinfo=UTC))
@example(IN_IT, datetime(2026, 11, 1, 6, 10, tzinfo=UTC))
@example(IN_IT, datetime(2026, 3, 8, 6, 10, tzinfo=UTC))
def test_calendar_and_pager_agree(rota: Rota, at: datetime) -> None:
    begin, end = at - timedelta(hours=30), at + timedelta(hours=30)
    planned = list(shifts(rota, begin, end))
    for quarters in range(4 * 60):
        when = begin + timedelta(minutes=15 * quarters)
        there = [one.person for one in planned if one.start <= when < one.end]
        assert there == [name for name in [on_duty(rota, when)] if name is not None]
    if planned:
        assert list(from_ical(to_ical(rota, begin, end), "duty.ics", "UTC")) == planned


@settings(deadline=None)
@given(rotas(with_hours=False), instants)
def test_each_handover_counts_once_however_the_clock_is_moved(rota: Rota, at: datetime) -> None:
    zone = ZoneInfo(rota.zone)
    days = [rota.begin + timedelta(days=number) for number in range(400)]
    made = sorted(datetime.combine(day, clock, zone).astimezone(UTC) for day in days for clock in rota.handover)
    turn = bisect_right(made, at) - 1
    assert on_duty(rota, at) == (rota.order[turn // rota.every % len(rota.order)] if turn >= 0 else None)


@settings(deadline=None)
@given(rotas(), swaps, instants)
def test_a_swap_taken_back_leaves_no_trace(rota: Rota, swap: Swap, at: datetime) -> None:
    both = rota.model_copy(update={"swaps": (*rota.swaps, swap, swap.reverse)})
    for when in (swap.start, swap.end - timedelta(microseconds=1), swap.end, at):
        assert on_duty(both, when) == on_duty(rota, when)


@settings(deadline=None)
@given(rotas(), swaps)
def test_a_swap_is_taken_exactly_when_it_changes_somebodys_duty(rota: Rota, swap: Swap) -> None:
    duty = DutySettings.model_validate(
        {"people": [{"name": one, "channels": ["p"]} for one in PEOPLE], "rotas": [rota]}
    )
    after = rota.model_copy(update={"swaps": (*rota.swaps, swap)})
    changed = list(shifts(after, swap.start, swap.end)) != list(shifts(rota, swap.start, swap.end))
    found = refusal(duty, "duty", swap, swap.start)
    refused = None if found is None else found[0]
    back = any(swap.takes_back(one) for one in rota.swaps)
    assert back or refused == (None if changed else "out")
    instant = swap.start
    while not back and instant < swap.end:
        before, now = on_duty(rota, instant), on_duty(after, instant)
        assert now == (swap.into if before == swap.out else before)
        instant += timedelta(minutes=15)


def test_the_repeated_hour_hands_over_once_and_the_missing_one_when_the_clock_has_passed() -> None:
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    tick = timedelta(microseconds=1)
    assert [on_duty(REPEATED, first + one) for one in (-tick, tick, timedelta(minutes=35), timedelta(hours=1))] == [
        "wang",
        "lin",
        "lin",
        "lin",
    ]
    missing = REPEATED.model_copy(update={"begin": date(2026, 3, 1), "handover": (time(2, 30),)})
    then = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert [on_duty(missing, then - tick), on_duty(missing, then)] == ["lin", "wang"]
    assert [one.start for one in shifts(missing, then - timedelta(hours=1), then + timedelta(hours=1))][1:] == [then]
