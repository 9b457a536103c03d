"""What the InfluxDB store makes of answers that a healthy server does not give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import httpx
import pytest
import urllib3.exceptions

from contracts.clock import ManualClock
from contracts.errors import FenghuoError, Invalid, InvalidRecord, OutOfSpace, Unavailable
from dashboards.settings import StoreSettings
from dashboards.store.influx import InfluxStore
from dashboards.store.influx_errors import translate
from dashboards.store.refuse import RefusedRows
from tests.unit.dashboards.fake_influx import Answer, FakeInflux, fake_influx
from tests.unit.dashboards.samples import HOUR, START, bucket, case, incident, late

PARTIAL = "partial write: points beyond retention policy dropped={}"


def store_at(url: str, clock: ManualClock | None = None, **more: object) -> InfluxStore:
    clock = clock or ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    values = {"kind": "influx", "url": url, "token": "me:secret", "timeout_seconds": 5, **more}
    return InfluxStore(StoreSettings.model_validate(values), clock, sleep=lambda wait: clock.advance(wait))


@pytest.fixture
def fake() -> Iterator[FakeInflux]:
    with fake_influx() as fake:
        yield fake


@pytest.fixture
def store(fake: FakeInflux) -> Iterator[InfluxStore]:
    store = store_at(fake.url)
    yield store
    store.close()


def test_both_doors_get_the_token_in_the_form_that_1_and_2_know(fake: FakeInflux, store: InfluxStore) -> None:
    store.write([bucket()])
    store.series()
    assert fake.tokens == ["Token me:secret"] * 2


def test_what_fails_for_now_is_tried_again_within_the_deadline(fake: FakeInflux, store: InfluxStore) -> None:
    fake.answers = [Answer(503, "timeout"), Answer(500, "engine is closed"), Answer(429)]
    store.write([bucket()], [late()], [incident()], [case()])
    assert [line.split(",")[0] for line in fake.lines] == ["buckets", "late", "incidents", "cases"]


def test_after_the_deadline_it_is_given_back(fake: FakeInflux) -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    store = store_at(fake.url, clock, deadline_seconds=20)
    fake.answers = [Answer(503, "timeout")] * 100
    with pytest.raises(Unavailable, match="503: timeout"):
        store.write([bucket()])
    assert 15 < clock.monotonic() <= 20
    store.close()


def test_a_server_that_names_a_time_is_left_alone_until_then(fake: FakeInflux, store: InfluxStore) -> None:
    fake.answers = [Answer(429, "too many", {"Retry-After": "37"})]
    with pytest.raises(Unavailable) as caught:
        store.write([bucket()])
    assert caught.value.retry_after == 37


def test_no_server_is_unavailable_for_writing_and_reading() -> None:
    with fake_influx() as fake:
        gone = fake.url
    store = store_at(gone)
    for attempt in (lambda: store.write([bucket()]), store.setup, store.series):
        with pytest.raises(Unavailable, match="does not answer"):
            attempt()
    store.close()


@pytest.mark.parametrize(
    ("status", "text", "error", "advice"),
    [
        (401, "unauthorized access", Invalid, "check token"),
        (403, "forbidden", Invalid, "check token"),
        (404, "bucket not found", Invalid, "create it"),
        (500, "write /data/wal/_1.wal: no space left on device", OutOfSpace, "make room"),
        (507, "", OutOfSpace, "make room"),
        (422, "partial write: field type conflict: input field n is float dropped=1", Invalid, "another database name"),
        (400, "unable to parse 'x': invalid boolean", RefusedRows, "unable to parse"),
        (418, "a teapot", Invalid, "is this an InfluxDB"),
    ],
)
def test_each_refusal_is_said_and_not_repeated(
    fake: FakeInflux, store: InfluxStore, status: int, text: str, error: type[FenghuoError], advice: str
) -> None:
    fake.answers = [Answer(status, text)]
    with pytest.raises(error, match=advice) as caught:
        store.write([bucket()])
    assert isinstance(caught.value, InvalidRecord) == (error is RefusedRows), "only a row's fault is a row's"
    assert fake.url in str(caught.value)
    assert "secret" not in str(caught.value)
    assert not fake.bodies


@pytest.mark.parametrize("message", ["", "database not found: fenghuo"])
def test_a_question_that_fails_is_never_a_row_s_fault(fake: FakeInflux, store: InfluxStore, message: str) -> None:
    fake.answers = [Answer(400 if not message else 200, message)]
    with pytest.raises(Invalid) as caught:
        store.counts("brand=Delta", START, START + HOUR)
    assert not isinstance(caught.value, InvalidRecord)


def test_too_large_a_request_goes_in_parts(fake: FakeInflux, store: InfluxStore) -> None:
    store.write([bucket(minute=minute) for minute in range(600)])
    assert len(fake.bodies) > 5
    assert len(set(fake.lines)) == len(fake.lines) == 600


def test_one_row_too_large_is_refused_and_the_rest_goes_on(fake: FakeInflux) -> None:
    fake.too_large = 10
    store = store_at(fake.url)
    with pytest.raises(InvalidRecord, match="413"):
        store.write([bucket()])
    store.close()


def test_refused_rows_do_not_hold_up_later_requests(fake: FakeInflux) -> None:
    store = store_at(fake.url, batch_lines=10)
    rows = [bucket(minute=minute) for minute in range(30)]
    fake.answers = [Answer(422, PARTIAL.format(10))]
    with pytest.raises(RefusedRows, match="retention") as some:
        store.write(rows)
    assert (some.value.all, len(fake.lines)) == (False, 20)
    fake.answers = [Answer(422, PARTIAL.format(10))] * 3
    with pytest.raises(RefusedRows) as every:
        store.write(rows)
    assert every.value.all
    fake.answers = [Answer(422, PARTIAL.format(10))] * 2 + [Answer(422, PARTIAL.format(9))]
    with pytest.raises(RefusedRows) as most:
        store.write(rows)
    assert not most.value.all
    store.close()


@pytest.mark.parametrize("raw", ["<html>hello</html>", "[]", "{}", "17"])
def test_something_that_is_no_influxdb_is_told_so(fake: FakeInflux, store: InfluxStore, raw: str) -> None:
    fake.answers = [Answer(200, raw=raw)]
    with pytest.raises(Invalid, match="is this an InfluxDB"):
        store.series()


def _leaves(kind: type[Exception]) -> list[type[Exception]]:
    return [kind, *(leaf for child in kind.__subclasses__() for leaf in _leaves(child))]


@pytest.mark.parametrize("kind", _leaves(urllib3.exceptions.HTTPError), ids=lambda kind: kind.__name__)
def test_every_error_of_the_writing_library_becomes_one_of_ours(store: InfluxStore, kind: type[Exception]) -> None:
    def write(**_: object) -> None:
        raise kind.__new__(kind)

    store._writer, writer = SimpleNamespace(write=write), store._writer
    with pytest.raises(FenghuoError):
        store.write([bucket()])
    store._writer = writer


@pytest.mark.parametrize("kind", _leaves(httpx.HTTPError), ids=lambda kind: kind.__name__)
def test_every_error_of_the_reading_library_becomes_one_of_ours(store: InfluxStore, kind: type[Exception]) -> None:
    def request(*_: object, **__: object) -> None:
        raise kind.__new__(kind)

    store._http, real = SimpleNamespace(request=request), store._http  # type: ignore[assignment]
    with pytest.raises(Unavailable):
        store.series()
    store._http = real


def test_every_status_has_an_error_with_something_to_do() -> None:
    errors = [translate("InfluxDB at host", status, "text", lines=1) for status in range(300, 600)]
    assert all(isinstance(error, (Invalid, Unavailable, OutOfSpace)) for error in errors)
