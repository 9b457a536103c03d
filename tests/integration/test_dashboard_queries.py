"""Every query of every panel on a real InfluxDB 1.8.10 that a replay has filled, and what keeps that store fit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from contracts.clock import ManualClock, SystemClock
from contracts.records import BucketRow, CaseEventKind, CaseRow, Emotion, IncidentEventKind
from contracts.series import series_dims
from dashboards.grafana.build import dashboards
from dashboards.schema import BUCKETS, HOURS, LATE
from dashboards.store.influx import InfluxStore
from dashboards.upkeep import Upkeep
from fenghuo.record_replay import Recorded
from fenghuo.replay import Replayed
from tests.integration.asked import questions, rows_of, unfilled
from tests.integration.filled import END, START, fill
from tests.integration.influx import Influx
from tests.integration.test_series_store import a_name
from tests.unit.dashboards.samples import HOUR, bucket, late
from tests.unit.dashboards.samples import START as SAMPLES

pytestmark = pytest.mark.influx

MADE = {one["uid"]: one for one in dashboards(languages=("en",))}
ASKED = [(uid, name, query) for uid, made in MADE.items() for name, query in questions(made, START, END)]


@dataclass(frozen=True)
class Filled:
    """A database with a replay in it."""

    server: Influx
    database: str
    found: Replayed
    recorded: Recorded

    def ask(self, query: str) -> list[list[Any]]:
        """The rows of an answer."""
        return rows_of(self.server.query(query, db=self.database, epoch="ms"))


@pytest.fixture(scope="module")
def filled(influx_server: Influx, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    name = a_name()
    found, recorded = fill(influx_server.settings(name), tmp_path_factory.mktemp("replayed"))
    yield Filled(influx_server, name, found, recorded)
    influx_server.query(f'DROP DATABASE "{name}"')


def test_everything_that_was_found_is_recorded(filled: Filled) -> None:
    assert filled.recorded.refused == 0
    assert filled.recorded.written == len(filled.found.rows) + len(filled.found.events)
    assert len(filled.found.events) > 20


@pytest.mark.parametrize(("uid", "name", "query"), ASKED, ids=[f"{uid} {name}" for uid, name, _ in ASKED])
def test_every_query_returns_rows(filled: Filled, uid: str, name: str, query: str) -> None:
    assert not unfilled(query), query
    assert filled.ask(query), query


def answers(filled: Filled, uid: str, name: str) -> list[list[Any]]:
    (query,) = [query for one, asker, query in ASKED if (one, asker) == (uid, name)]
    return filled.ask(query)


def test_open_incidents_are_those_that_were_not_resolved(filled: Filled) -> None:
    last = {event.incident: event for event in sorted(filled.found.events, key=lambda one: one.seq)}
    tiers = [one.tier.value for one in last.values() if one.event is not IncidentEventKind.RESOLVED]
    ((_, *shown),) = answers(filled, "fenghuo-duty-en", "Open incidents by tier A")
    assert shown == [tiers.count(tier) for tier in ("blue", "yellow", "orange", "red")]


def test_the_thermometer_is_hot_among_all(filled: Filled) -> None:
    rows = [one for one in filled.found.rows if isinstance(one, BucketRow) and "," not in one.series]
    ((_, share),) = answers(filled, "fenghuo-sentiment-en", "Emotion thermometer A")
    assert share == pytest.approx(sum(one.counts.hot for one in rows) / sum(one.counts.n for one in rows))


def test_emotions_are_those_that_were_read(filled: Filled) -> None:
    rows = [one for one in filled.found.rows if isinstance(one, BucketRow)]
    read: Counter[str] = Counter()
    for one in rows:
        if (emotion := series_dims(one.series).get("emotion")) is not None:
            read[emotion] += one.counts.n
    assert read.total() == sum(one.counts.n for one in rows if "," not in one.series)
    shown = filled.ask('SELECT SUM("n") FROM "buckets" WHERE "dims" = \'brand+emotion\' AND "emotion" <> \'none\'')
    assert shown[0][1] == read.total() - read[Emotion.NONE] > 0
    panel = answers(filled, "fenghuo-sentiment-en", "Emotions A")
    assert sorted(row[1] for row in panel) == sorted(n for name, n in read.items() if name != Emotion.NONE)


def test_the_interval_is_wilsons(filled: Filled) -> None:
    for _, share, low, high, n in answers(filled, "fenghuo-sentiment-en", "By channel A"):
        middle = (share + 1.9208 / n) / (1 + 3.8416 / n)
        half = 1.96 / (1 + 3.8416 / n) * math.sqrt(share * (1 - share) / n + 0.9604 / n**2)
        assert (low, high) == (pytest.approx(middle - half), pytest.approx(middle + half))


def test_cases_open_overdue_and_answered(filled: Filled) -> None:
    rows = sorted((one for one in filled.found.rows if isinstance(one, CaseRow)), key=lambda one: one.ts)
    opened = {one.case_id: one.ts for one in rows if one.event is CaseEventKind.OPENED}
    alive: dict[str, bool] = {}
    for one in rows:
        if one.case_id in opened and one.event in (CaseEventKind.OPENED, CaseEventKind.REOPENED):
            alive[one.case_id] = True
        elif one.event is CaseEventKind.RESOLVED:
            alive[one.case_id] = False
    still = [case for case, is_open in alive.items() if is_open]
    assert answers(filled, "fenghuo-cases-en", "Open cases A")[0][1] == len(still)
    overdue = [case for case in still if opened[case] < END - timedelta(hours=72)]
    assert answers(filled, "fenghuo-cases-en", "Solution overdue A")[0][1] == len(overdue)
    replied = {one.case_id for one in rows if one.event is CaseEventKind.REPLIED}
    silent = [case for case, at in opened.items() if case not in replied and at < END - timedelta(minutes=15)]
    assert answers(filled, "fenghuo-cases-en", "First reply overdue A")[0][1] == len(silent)


def test_where_nothing_is_overdue_a_panel_says_zero(filled: Filled) -> None:
    early = dict(questions(MADE["fenghuo-cases-en"], START, START + 12 * HOUR))
    assert filled.ask(early["Open cases A"])[0][1] > 0
    assert filled.ask(early["Solution overdue A"]) == [[0, 0]]


def test_hours_are_the_sums_of_buckets_and_corrections(filled: Filled) -> None:
    sums = 'SELECT SUM("n"), SUM("negative"), SUM("reach") FROM "{}" GROUP BY "dims"'
    hours, buckets, corrections = (filled.ask(sums.format(one)) for one in (HOURS, BUCKETS, LATE))
    assert corrections
    for place in range(1, 4):
        assert sum(row[place] for row in hours) == sum(row[place] for row in (*buckets, *corrections))
    late_of = filled.ask('SELECT SUM("late") FROM "hours"')
    assert late_of[0][1] == sum(row[1] for row in corrections)


def upkept(influx_server: Influx, name: str, **more: object) -> tuple[Upkeep, ManualClock]:
    settings = influx_server.settings(name, **more)
    clock = ManualClock(SAMPLES)
    upkeep = Upkeep(InfluxStore(settings, SystemClock()), settings, clock, "test")
    upkeep.setup()
    return upkeep, clock


@pytest.fixture
def database(influx_server: Influx) -> Iterator[str]:
    name = a_name()
    yield name
    influx_server.query(f'DROP DATABASE "{name}"')


def test_old_buckets_become_hours_and_old_hours_go(influx_server: Influx, database: str) -> None:
    upkeep, _ = upkept(influx_server, database, raw_days=2, hours_days=30)
    day = 24 * 60
    upkeep.write([bucket(minute=minute, n=3) for minute in (0, 1, 60, 5 * day, 40 * day, 41 * day)])
    upkeep.write(late=[late("0:1:0", minute=5 * day)])
    upkeep.expire()
    upkeep.condense(everything=True)
    store = upkeep.store
    left = store.buckets("brand=Delta", SAMPLES, SAMPLES + timedelta(days=50))
    assert [row.bucket - SAMPLES for row in left] == [timedelta(days=40), timedelta(days=41)]
    assert not store.late("brand=Delta", SAMPLES, SAMPLES + timedelta(days=50))
    hours = rows_of(influx_server.query('SELECT "n", "late" FROM "hours"', db=database))
    assert [row[1:] for row in hours] == [[3, 0], [3, 0]], "those of 5 days lie beyond 30 days"
    upkeep.close()


def test_the_hours_of_deleted_buckets_stay(influx_server: Influx, database: str) -> None:
    upkeep, _ = upkept(influx_server, database, raw_days=2)
    upkeep.write([bucket(minute=0, n=3), bucket(minute=1, n=4), bucket(minute=10 * 24 * 60)])
    upkeep.write(late=[late("0:1:0", minute=0, n=2)])
    upkeep.expire()
    assert not upkeep.store.buckets("brand=Delta", SAMPLES, SAMPLES + HOUR)
    ((_, n, corrected),) = rows_of(
        influx_server.query('SELECT "n", "late" FROM "hours" WHERE time < \'2026-01-10\'', db=database)
    )
    assert (n, corrected) == (9, 2)
    upkeep.close()


def test_an_hour_is_made_again_when_a_correction_comes_and_after_a_crash(influx_server: Influx, database: str) -> None:
    upkeep, clock = upkept(influx_server, database)
    upkeep.write([bucket(minute=0, n=3), bucket(minute=61, n=5)])
    asked = 'SELECT "n", "late" FROM "hours"'
    assert rows_of(influx_server.query(asked, db=database)) == []
    clock.advance(601)
    upkeep.write(late=[late("0:1:0", minute=0)])
    assert [row[1:] for row in rows_of(influx_server.query(asked, db=database))] == [[4, 1]], "only hours that are over"
    upkeep.store.close()  # killed: nothing is condensed at its end
    again, clock = upkept(influx_server, database)
    again.condense(everything=True)
    assert [row[1:] for row in rows_of(influx_server.query(asked, db=database))] == [[4, 1], [5, 0]]
    again.close()


def test_series_beyond_the_limit_are_left_out_and_counted(influx_server: Influx, database: str) -> None:
    upkeep, clock = upkept(influx_server, database, max_series=4)
    upkeep.write([bucket("brand=Delta"), *(bucket(f"brand=Delta,product={n}") for n in range(10))])
    upkeep.write([bucket("brand=Omega"), bucket("brand=Delta,product=0", 1)])
    assert upkeep.store.series() == [
        "brand=Delta", *(f"brand=Delta,product={n}" for n in range(3)), "brand=Omega"
    ]  # fmt: skip
    assert upkeep.left_out == 7
    clock.advance(16)
    upkeep.write([bucket("brand=Omega", 1)])
    ((_, rows, refused),) = rows_of(influx_server.query('SELECT "rows", "refused" FROM "vitals"', db=database))
    assert (rows, refused) == (7, 7)
    upkeep.close()
