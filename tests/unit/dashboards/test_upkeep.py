"""Upkeep of an InfluxDB: what is due when, and that it never holds up a write. What it does there is tested on one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest

from contracts.clock import ManualClock
from contracts.errors import FenghuoError, Invalid, InvalidRecord, Unavailable
from contracts.records import DeadLetter
from dashboards.settings import StoreSettings
from dashboards.store.memory import MemoryStore
from dashboards.upkeep import Told, Upkeep
from dashboards.vitals import Vital
from tests.unit.dashboards.samples import HOUR, MINUTE, START, bucket, incident, late


class Store(MemoryStore):
    """Keeps rows, and notes what upkeep asks of it."""

    def __init__(self) -> None:
        super().__init__()
        self.condensed: list[tuple[datetime, datetime]] = []
        self.deleted: dict[str, datetime] = {}
        self.vitals: list[Vital] = []
        self.error: FenghuoError | None = None

    def condense(self, start: datetime, end: datetime) -> int:
        self._fail()
        self.condensed.append((start, end))
        return 1

    def edge(self, measurement: str, which: str) -> datetime | None:
        times = [time for rows in self._buckets.values() for time in rows]
        return (min if which == "FIRST" else max)(times, default=None)

    def delete(self, measurement: str, before: datetime) -> None:
        self._fail()
        self.deleted[measurement] = before

    def draw(self, vitals: tuple[Vital, ...] = (), dead: tuple[DeadLetter, ...] = ()) -> None:
        self._fail()
        self.vitals += vitals

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error


def upkeep(store: Store, told: Told | None = None, **settings: Any) -> tuple[Upkeep, ManualClock]:
    clock = ManualClock(START)
    made = Upkeep(store, StoreSettings(**settings), clock, "w", told)  # type: ignore[arg-type]
    made.setup()
    return made, clock


def test_hours_are_made_when_they_are_over_and_again_when_touched() -> None:
    store = Store()
    kept, clock = upkeep(store)
    kept.write([bucket(minute=0), bucket(minute=59), bucket(minute=60)])
    clock.advance(599)
    kept.write([bucket(minute=61)])
    assert store.condensed == []
    clock.advance(1)
    kept.write([bucket(minute=62)])
    assert store.condensed == [(START, START + HOUR)]
    clock.advance(600)
    kept.write([bucket(minute=180)], [late(minute=5)])
    assert store.condensed[1:] == [(START, START + 2 * HOUR)]
    kept.close()
    assert store.condensed[2:] == [(START + 3 * HOUR, START + 4 * HOUR)]


def test_a_new_owner_looks_back_two_days() -> None:
    store = Store()
    store.write([bucket(minute=0), bucket(minute=3 * 24 * 60)])
    kept, _ = upkeep(store)
    kept.condense()
    newest = START + timedelta(days=3)
    assert store.condensed == [(newest - timedelta(hours=48), newest)]


def test_retention_counts_back_from_the_newest_bucket_once_a_day() -> None:
    store = Store()
    kept, clock = upkeep(store, raw_days=10, hours_days=100)
    kept.write([bucket(minute=0), bucket(minute=20 * 24 * 60)])
    clock.advance(86_399)
    kept.write([bucket(minute=1)])
    assert not store.deleted
    clock.advance(1)
    kept.write([bucket(minute=2)])
    midnight = START.replace(hour=0)
    assert store.deleted["buckets"] == store.deleted["late"] == midnight + timedelta(days=10)
    assert store.deleted["hours"] == store.deleted["incidents"] == midnight - timedelta(days=80)
    assert store.condensed[-1] == (START, midnight + timedelta(days=10)), "before they go"


def test_upkeep_that_fails_holds_up_no_write_and_is_done_later(caplog: pytest.LogCaptureFixture) -> None:
    store = Store()
    kept, clock = upkeep(store)
    kept.write([bucket(minute=0)])
    for error in (Invalid("may not delete"), Unavailable("away")):
        store.error = error
        clock.advance(86_400)
        kept.write([bucket(minute=0), bucket(minute=60)])
        assert str(error) in caplog.text
    store.error = None
    clock.advance(600)
    kept.write([bucket(minute=61)])
    assert store.condensed == [(START, START + HOUR)]
    assert len(store.buckets("brand=Delta", START, START + 2 * HOUR)) == 3


def test_vitals_every_fifteen_seconds() -> None:
    store = Store()
    kept, clock = upkeep(store)
    kept.write([bucket(minute=-2)], incidents=[incident()])
    clock.advance(15)
    kept.write([bucket(minute=-1)])
    clock.advance(1)
    kept.write([bucket(minute=0)])
    (vital,) = store.vitals
    assert (vital.at, vital.rows) == (START + timedelta(seconds=15), 3)
    assert vital.rows_per_second == pytest.approx(0.2)
    assert (vital.lag_seconds, vital.delay_seconds) == (15.0, 15.0)
    assert (vital.waiting, vital.refused, vital.dead, vital.member) == (None, 0, 0, "w")
    assert vital.memory_bytes > 1_000_000


def test_dead_letters_are_counted_though_nothing_else_comes() -> None:
    store = Store()
    kept, clock = upkeep(store)
    letter = DeadLetter(id="d", at=START, source="desk", place="row 1", reason="no text")
    kept.draw(dead=(letter, letter))
    clock.advance(15)
    kept.draw(dead=(letter,))
    assert [one.dead for one in store.vitals] == [3]
    clock.advance(15)
    kept.write([bucket()])
    assert [one.dead for one in store.vitals] == [3, 0]


def test_rows_and_dead_letters_may_come_from_two_threads() -> None:
    store = Store()
    kept, _ = upkeep(store)
    letter = DeadLetter(id="d", at=START, source="desk", place="row 1", reason="no text")
    inside, go_on, order = Event(), Event(), []
    plain = store.write

    def slow(*rows: Any) -> None:
        inside.set()
        assert go_on.wait(10)
        plain(*rows)
        order.append("rows")

    def drawn() -> None:
        kept.draw(dead=(letter,))
        order.append("letters")

    store.write = slow  # type: ignore[method-assign,assignment]
    with ThreadPoolExecutor(2) as pool:
        rows = pool.submit(kept.write, [bucket()])
        assert inside.wait(10)
        letters = pool.submit(drawn)
        go_on.set()
        rows.result(10), letters.result(10)
    assert order == ["rows", "letters"]


def test_vitals_of_a_replay_lie_in_its_own_time() -> None:
    store = Store()
    told = Told(reached=START, end=START + HOUR, waiting=7)
    kept, _ = upkeep(store, told)
    kept.write([bucket()])
    told.reached += MINUTE
    kept.write([bucket(minute=1)])
    assert [(one.at, one.lag_seconds, one.waiting) for one in store.vitals] == [
        (START, 3600.0, 7), (START + MINUTE, 3540.0, 7)
    ]  # fmt: skip


def test_a_row_refused_for_good_is_counted() -> None:
    store = Store()
    kept, clock = upkeep(store)
    with pytest.raises(InvalidRecord):
        kept.write([bucket(bucket_seconds=0)])
    clock.advance(15)
    kept.write([bucket()])
    assert store.vitals[0].refused == 1


def test_brands_are_kept_beyond_the_limit_of_series() -> None:
    store = Store()
    kept, _ = upkeep(store, max_series=2)
    kept.write([bucket("brand=A"), bucket("brand=A,channel=x"), bucket("brand=A,channel=y"), bucket("brand=B")])
    kept.write(late=[late("0:1:0", "brand=A,channel=y"), late("0:1:1", "brand=A,channel=x")])
    assert store.series() == ["brand=A", "brand=A,channel=x", "brand=B"]
    assert kept.left_out == 2
