"""The schema's promises: fixed kinds, tags that can be turned back, times that keep points apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from contracts.panes import micros
from contracts.series import DIMENSIONS, series_key
from dashboards.schema import FIELDS, Kind, Value, case_ns, incident_ns, late_ns, series_of, series_tags, tag_value
from dashboards.settings import StoreSettings
from dashboards.store.lines import lines
from dashboards.store.values import bucket_values, case_values, incident_values, late_values
from tests.unit.dashboards.samples import START, bucket, case, incident, late, ready

TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.INT: (int, type(None)),
    Kind.FLOAT: (float, type(None)),
    Kind.TEXT: (str,),
    Kind.BOOL: (bool,),
}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("buckets", bucket_values(ready())),
        ("buckets", bucket_values(bucket())),
        ("late", late_values(late())),
        ("incidents", incident_values(incident())),
        ("cases", case_values(case(rating=None))),
    ],
)
def test_values_have_the_kinds_that_the_schema_names(name: str, values: tuple[Value, ...]) -> None:
    kinds = list(FIELDS[name].values())
    assert len(values) == len(kinds)
    for value, kind in zip(values, kinds, strict=True):
        assert isinstance(value, TYPES[kind])
        assert isinstance(value, bool) == (kind is Kind.BOOL)


@given(st.dictionaries(st.sampled_from(DIMENSIONS), st.text(), max_size=3), st.text(min_size=1))
def test_a_series_can_be_told_from_its_tags(dims: dict[str, str], brand: str) -> None:
    series = series_key({**dims, "brand": brand})
    tags = {name: value for name, value in series_tags(series) if value}  # InfluxDB has no empty tags
    assert series_of(tags) == series


@given(st.text())
def test_a_tag_prints_and_ends_in_no_backslash(text: str) -> None:
    assert tag_value(text).isprintable()
    assert "\\" not in tag_value(text)


@given(st.lists(st.tuples(st.integers(0, 3_999_999), st.integers(0, 499)), min_size=2, max_size=50, unique=True))
def test_late_rows_of_one_bucket_have_times_of_their_own_within_it(places: list[tuple[int, int]]) -> None:
    rows = [late(f"3:{offset}:{index}") for offset, index in places]
    times = [late_ns(row) - micros(START) * 1000 for row in rows]
    assert len(set(times)) == len(rows)
    assert all(0 <= one < 60_000_000_000 for one in times)


def test_times_of_cases_spread_over_their_minute() -> None:
    at = START + timedelta(seconds=31)
    times = {case_ns(case(f"e{n}", ts=at)) - micros(START) * 1000 for n in range(5000)}
    assert len(times) == 5000
    assert min(times) >= 0
    assert max(times) < 60_000_000_000
    assert case_ns(case("b", "a")) != case_ns(case("ab", ""))


def test_the_time_of_an_incident_event_tells_its_instant_and_its_number() -> None:
    assert incident_ns(incident(17, START + timedelta(microseconds=3))) == micros(START) * 1000 + 3017


def test_line_protocol_of_a_bucket_and_a_hostile_name() -> None:
    text = "a b,c=d\\\n"
    series = series_key({"brand": text})
    (line,) = lines([bucket(series, brand=text)], [], [], [])
    assert line.startswith(r"buckets,brand=a\ b\,c\=d%5C%0A,dims=brand bucket_seconds=60i,")
    assert line.endswith(",voices=1i,warming=1i 1767600000000000000")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": "influx"}, "user:password"),
        ({"timeout_seconds": 60.0, "deadline_seconds": 5.0}, "bounds all retries"),
        ({"database": 'x"; DROP DATABASE y'}, "pattern"),
        ({"databse": "x"}, "Extra inputs"),
        ({"busy_seconds": float("nan")}, "finite"),
    ],
)
def test_settings_explain_their_mistakes(values: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        StoreSettings.model_validate(values)


def test_settings_show_no_token() -> None:
    assert "hush" not in repr(StoreSettings(kind="influx", token=SecretStr("me:hush")))
