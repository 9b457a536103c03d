"""The series store on a real InfluxDB 1.8.10: the suite of all stores, and rows when the server fails."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from pydantic import SecretStr

from contracts.clock import SystemClock
from contracts.errors import Invalid, InvalidRecord, OutOfSpace, Recoverable
from contracts.records import IncidentEvent
from dashboards.export import write_incidents
from dashboards.recorder import Recorder
from dashboards.store.influx import InfluxStore
from dashboards.store.refuse import EARLIEST, LATEST
from tests.integration.influx import Influx, started
from tests.unit.dashboards.samples import HOUR, MINUTE, START, bucket, case, incident, late
from tests.unit.dashboards.store_suite import Store, StoreSuite

pytestmark = pytest.mark.influx


def a_name() -> str:
    return f"t{uuid.uuid4().hex[:10]}"


@pytest.fixture
def store(influx_server: Influx) -> Iterator[InfluxStore]:
    name = a_name()
    store = InfluxStore(influx_server.settings(name), SystemClock())
    store.setup()
    yield store
    store.close()
    influx_server.query(f'DROP DATABASE "{name}"')


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Influx]:
    """A server for one test that kills it."""
    server = started(Influx(tmp_path / "data", tmp_path / "influxd.log"))
    yield server
    server.stop()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Influx]:
    """A server whose disk holds 24 MB."""
    server = started(Influx(tmp_path / "data", tmp_path / "influxd.log", tmpfs_mb=24))
    yield server
    server.stop()


class TestInfluxStore(StoreSuite):
    """The suite, on a server."""

    @pytest.fixture
    def store(self, store: InfluxStore) -> Store:
        return store


def test_the_exported_file_is_that_of_a_replay(store: InfluxStore, tmp_path: Path) -> None:
    events: list[IncidentEvent] = [
        incident(seq, START + seq * MINUTE / 7, incident=f"{n:08x}", scope={"brand": "达美", "category": f"c {n}"})
        for n in range(20)
        for seq in range(5)
    ]
    store.write(incidents=events[::-1])
    assert write_incidents(store.incidents(EARLIEST, LATEST), tmp_path / "stored") == 100
    write_incidents(events, tmp_path / "replayed")
    assert (tmp_path / "stored").read_bytes() == (tmp_path / "replayed").read_bytes()


def test_a_day_in_the_future_can_be_read(store: InfluxStore) -> None:
    store.write([bucket(bucket=START.replace(year=2200))], [late(series="brand=Late", bucket=START.replace(year=2200))])
    assert store.series() == ["brand=Delta", "brand=Late"]


def test_a_long_record_comes_back_whole(store: InfluxStore) -> None:
    long = incident(detail={"phrases": ['一句很长的话 "quoted" \\ \n' * 3000]})
    store.write(incidents=[long])
    assert store.incidents(START, START + HOUR) == [long]


def test_a_wrong_password_is_invalid_and_says_so(influx_server: Influx) -> None:
    settings = influx_server.settings(a_name()).model_copy(update={"token": SecretStr("fenghuo:wrong")})
    store = InfluxStore(settings, SystemClock())
    with pytest.raises(Invalid, match="check token"):
        store.setup()
    with pytest.raises(Invalid, match="check token") as caught:
        store.write([bucket()])
    assert not isinstance(caught.value, InvalidRecord)
    store.close()


def test_a_user_without_rights_to_make_a_database_uses_the_one_that_is_there(influx_server: Influx) -> None:
    name, missing = a_name(), a_name()
    influx_server.query(f'CREATE DATABASE "{name}"')
    influx_server.query("CREATE USER writer WITH PASSWORD 'humble'")
    influx_server.query(f'GRANT ALL ON "{name}" TO writer')
    humble = {"token": SecretStr("writer:humble")}
    store = InfluxStore(influx_server.settings(name, **humble), SystemClock())
    store.setup()
    store.write([bucket()])
    assert store.series() == ["brand=Delta"]
    store.close()
    other = InfluxStore(influx_server.settings(missing, **humble), SystemClock())
    with pytest.raises(Invalid, match="check token|create it"):
        other.setup()
    other.close()
    influx_server.query(f'DROP DATABASE "{name}"')


def test_a_missing_database_is_invalid_when_written_to(influx_server: Influx) -> None:
    store = InfluxStore(influx_server.settings(a_name()), SystemClock())
    with pytest.raises(Invalid, match="create it") as caught:
        store.write([bucket()])
    assert not isinstance(caught.value, InvalidRecord)
    store.close()


def test_a_database_filled_by_something_else_stops_the_recorder_and_loses_nothing(
    influx_server: Influx, store: InfluxStore
) -> None:
    name = store._settings.database
    store._writer.write(bucket=f"{name}/autogen", record='buckets,brand=x n="a text" 1767600000000000000')
    recorder = Recorder(store)
    recorder.add([bucket()])
    with pytest.raises(Invalid, match="another database name"):
        recorder.flush()
    assert (recorder.pending, recorder.refused) == (1, 0)


def test_rows_older_than_the_retention_are_set_aside_and_the_others_kept(
    influx_server: Influx, store: InfluxStore
) -> None:
    name = store._settings.database
    influx_server.query(f'CREATE RETENTION POLICY "short" ON "{name}" DURATION 24h REPLICATION 1 DEFAULT')
    now = SystemClock().now().replace(microsecond=0)
    short = InfluxStore(influx_server.settings(name, retention="short"), SystemClock())
    recorder = Recorder(short)
    fresh = [bucket(bucket=now - minute * MINUTE) for minute in range(20)]
    recorder.add([*fresh[:10], bucket(bucket=START.replace(year=2020)), *fresh[10:]])
    recorder.flush()
    assert (recorder.written, recorder.refused) == (20, 1)
    assert "retention" in recorder.refusals[0].reason
    assert len(short.buckets("brand=Delta", now - HOUR, now + HOUR)) == 20
    short.close()


def test_a_server_killed_while_it_is_written_to_loses_nothing_and_doubles_nothing(own: Influx) -> None:
    store = InfluxStore(own.settings("fenghuo", deadline_seconds=1.5, timeout_seconds=1), SystemClock())
    store.setup()
    recorder = Recorder(store, batch=500)
    recorder.add(bucket(f"brand=Delta,product={n}", minute, n=3) for n in range(100) for minute in range(100))
    recorder.add(late(f"0:{n}:0", f"brand=Delta,product={n % 100}") for n in range(2000))
    recorder.add(incident(seq, START + seq * MINUTE) for seq in range(100))
    recorder.add(case(f"e{n}") for n in range(100))
    writing = Event()
    killer = Thread(target=_kill_when, args=(writing, own))
    killer.start()
    failures = 0
    while recorder.pending:
        try:
            recorder.flush() if writing.is_set() else _first_flush(recorder, store, writing)
        except Recoverable:
            failures += 1
            if not own.alive():
                own.restart()
    killer.join()
    assert failures, "it was killed in the middle"
    assert (recorder.written, recorder.refused) == (12_200, 0)
    end = START + 100 * MINUTE
    assert len(store.series()) == 100
    for n in range(100):
        rows = store.buckets(f"brand=Delta,product={n}", START, end)
        assert [row.counts.n for row in rows] == [3] * 100
        assert store.late(f"brand=Delta,product={n}", START, end)[START].n == 20
    assert [event.seq for event in store.incidents(START, end)] == list(range(100))
    assert len(store.cases("Delta", START, end)) == 100
    store.close()


def _kill_when(writing: Event, server: Influx) -> None:
    writing.wait(20)
    server.kill()


def _first_flush(recorder: Recorder, store: InfluxStore, writing: Event) -> None:
    """Flush, and say so once the first batch is in."""
    real = store.write

    def write(*args: object, **rows: object) -> None:
        real(*args, **rows)  # type: ignore[arg-type]
        writing.set()

    store.write = write  # type: ignore[method-assign]
    try:
        recorder.flush()
    finally:
        store.write = real  # type: ignore[method-assign]


def test_a_full_disk_loses_nothing(small: Influx) -> None:
    store = InfluxStore(small.settings("fenghuo", deadline_seconds=2, timeout_seconds=2), SystemClock())
    store.setup()
    recorder = Recorder(store, batch=500)
    recorder.add(bucket(minute=minute, n=3) for minute in range(500))
    recorder.flush()
    ballast = small.inside / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(b"\0" * 65_536)
    recorder.add(bucket(minute=minute, n=4) for minute in range(20_000))
    with pytest.raises(OutOfSpace, match="restart it"):
        recorder.flush()
    assert recorder.pending
    ballast.unlink()
    small.bounce()
    recorder.flush()
    assert recorder.refused == 0
    rows = store.buckets("brand=Delta", START, START + 20_000 * MINUTE)
    assert [row.counts.n for row in rows] == [4] * 20_000
    store.close()
