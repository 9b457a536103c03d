"""What InfluxDB has beside the rows: names that panels may use, and points that stay apart."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts.records import CaseEventKind, Contribution, DeadLetter, State
from dashboards.grafana.query import ask
from dashboards.schema import DRAWN, FIELDS, TAGS, columns
from dashboards.settings import StoreSettings
from dashboards.store.drawn import case_drawn, words
from dashboards.store.lines import drawn_lines, lines
from dashboards.vitals import Vital
from tests.unit.dashboards.samples import START, bucket, case, incident


def test_every_measurement_has_tags_and_no_name_stands_twice() -> None:
    assert set(TAGS) == set(FIELDS) | set(DRAWN)
    for measurement in TAGS:
        names = [*FIELDS.get(measurement, ()), *DRAWN.get(measurement, ()), *TAGS[measurement]]
        assert len(set(names)) == len(names), measurement
        assert columns(measurement) == {*names, "time"}


def test_a_state_is_three_numbers() -> None:
    for state in State:
        (line,) = lines([bucket(state=state)], [], [], [])
        for name in State:
            assert f",{name.value}={int(name is state)}i" in line


def test_words_and_parts_of_an_incident_are_points_of_their_own() -> None:
    parts = (
        Contribution(dimension="channel", value="weibo", excess=7),
        Contribution(dimension="region", value="x", excess=1),
    )
    events = [incident(seq, detail={"phrases": ("退款", "一直 等"), "contributions": parts}) for seq in (0, 1)]
    made = list(lines([], [], events, []))
    assert sum(line.startswith("words,brand=Delta,incident=0123abcd ") for line in made) == 4
    assert sum(line.startswith("parts,brand=Delta,dimension=channel,incident=0123abcd ") for line in made) == 2
    keys = [(line.split(" ")[0], line.rsplit(" ", 1)[1]) for line in made]
    assert len(set(keys)) == len(keys) == 10
    assert [fields[0] for _, fields in words(events[0])] == ["退款", "一直 等"]


def test_a_case_that_waits_for_its_first_reply() -> None:
    opened = case(event=CaseEventKind.OPENED, opened=START, first=True, change=1)
    replied = case(ts=START + timedelta(seconds=90), opened=START, first=True)
    assert case_drawn(opened)[1:5] == (0.0, 1, 1, 1)
    assert case_drawn(replied)[1:5] == (90.0, 1, 0, -1)
    assert case_drawn(replied.model_copy(update={"first": False}))[4] == 0
    assert case_drawn(replied.model_copy(update={"opened": None}))[:5] == (None, None, 1, 0, 0)


def test_vitals_and_dead_letters() -> None:
    vital = Vital("w", START, 9, 3.0, None, 0, 0, 1.5, None, 10**8)
    letters = [DeadLetter(id=f"{n}", at=START, source="desk", place="row 1", reason="no text") for n in range(200)]
    first, *rest = drawn_lines((vital,), letters)
    shown = "dead=0i,lag_seconds=1.5,memory_bytes=100000000i,refused=0i,rows=9i,rows_per_second=3"
    assert first == f"vitals,member=w {shown} 1767600000000000000"
    assert len({line.rsplit(" ", 1)[1] for line in rest}) == 200
    assert all(" field=" in line and 'reason="no text"' in line and "preview" not in line for line in rest)


def test_a_column_that_is_not_there_is_an_error_when_the_dashboard_is_made() -> None:
    with pytest.raises(ValueError, match="hours has no column 'expected'"):
        ask('SUM("expected")', "hours", "$timeFilter")
    with pytest.raises(KeyError):
        ask('SUM("n")', "minutes", "$timeFilter")


def test_hours_must_last_as_long_as_buckets() -> None:
    with pytest.raises(ValueError, match="hours_days"):
        StoreSettings(raw_days=60, hours_days=30)
