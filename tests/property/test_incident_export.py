"""Whatever an incident event says, its line in ``incidents.ndjson`` is the same before and after a stay in a store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.records import IncidentEvent, IncidentEventKind, SignalKind, Tier
from dashboards.export import incident_line
from dashboards.settings import StoreSettings
from dashboards.store.lines import lines
from dashboards.store.refuse import EARLIEST, LATEST
from dashboards.store.sqlite import SqliteStore

_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_FLOATS = st.floats(allow_nan=False, allow_infinity=False)

EVENTS = st.builds(
    IncidentEvent,
    incident=st.text("0123456789abcdef", min_size=8, max_size=64),
    seq=st.integers(0, 10**6),
    event=st.sampled_from(IncidentEventKind),
    at=st.datetimes(datetime(1700, 1, 1), datetime(2260, 1, 1), timezones=_ZONES),
    tier=st.sampled_from(Tier),
    kind=st.sampled_from(SignalKind),
    scope=st.dictionaries(st.sampled_from(["category", "channel"]), st.text(min_size=1)).flatmap(
        lambda dims: st.text(min_size=1).map(lambda brand: {**dims, "brand": brand})
    ),
    reason=st.text(min_size=1, max_size=50),
    observed=_FLOATS,
    expected=_FLOATS,
    score=_FLOATS,
)


@settings(max_examples=60)
@given(st.lists(EVENTS, max_size=12, unique_by=lambda event: (event.incident, event.seq)))
def test_a_stay_in_sqlite_changes_no_byte(events: list[IncidentEvent]) -> None:
    store = SqliteStore(StoreSettings.model_validate({"path": ":memory:"}))
    store.setup()
    store.write(incidents=events)
    expected = [incident_line(event) for event in sorted(events, key=IncidentEvent.sort_key)]
    assert [incident_line(event) for event in store.incidents(EARLIEST, LATEST)] == expected
    assert store.incidents(EARLIEST, LATEST) == sorted(events, key=IncidentEvent.sort_key)
    store.close()


@given(EVENTS)
def test_a_line_of_line_protocol_breaks_only_within_quotes(event: IncidentEvent) -> None:
    (line,) = lines([], [], [event], [])
    outside = line.split('"')[0]
    assert "\n" not in outside
    assert line.rsplit(" ", 1)[1].lstrip("-").isdigit()
    assert event.at.astimezone(UTC).year >= 1699
