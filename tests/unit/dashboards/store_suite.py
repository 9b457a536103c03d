"""What every series store must do: one class, run on memory, on SQLite and on a real InfluxDB."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from itertools import product
from typing import Any, Protocol

import pytest

from contracts.errors import InvalidRecord
from contracts.ports import SeriesStore
from contracts.records import CaseRow, Counts, State
from contracts.series import series_key
from dashboards.export import incident_line
from dashboards.store.refuse import EARLIEST, LATEST
from tests.unit.dashboards.samples import HOUR, MINUTE, START, bucket, case, incident, late, ready

NASTY = (
    "app store",
    "达美,官方=客服",
    "it's",
    'said "so"',
    "back\\slash",
    "ends with \\",
    "line\nbreak\ttab\r",
    "50%",
    "%2C",
    "\u202ereversed\u200b",
    " spaces ",
    "#start",
    "nul\0byte",
    "😀",
    "$brand; DROP MEASUREMENT buckets",
)
"""Values that break a careless writer or reader."""


class Store(SeriesStore, Protocol):
    """The port, and the reading of cases that the stores have beside it."""

    def cases(self, brand: str, start: datetime, end: datetime) -> list[CaseRow]:
        """Case rows of one brand in [start, end), by time, case and id."""


class StoreSuite:
    """Inherit it and give a fixture ``store``: an empty one, set up."""

    def test_empty_store_answers_with_nothing(self, store: Store) -> None:
        assert store.series() == []
        assert store.counts("brand=Delta", START, START + HOUR) == {}
        assert store.late("brand=Delta", START, START + HOUR) == {}
        assert store.buckets("brand=Delta", START, START + HOUR) == []
        assert store.incidents(EARLIEST, LATEST) == []
        assert store.cases("Delta", EARLIEST, LATEST) == []

    def test_setup_and_empty_write_may_be_repeated(self, store: Store) -> None:
        store.write([bucket()])
        store.setup()
        store.write()
        assert store.series() == ["brand=Delta"]

    def test_rows_come_back_whole_and_in_order_of_time(self, store: Store) -> None:
        rows = [ready(2), bucket(minute=0, n=3), bucket(minute=1, n=0, state=State.STALE, score=-0.5)]
        store.write(rows)
        assert store.buckets("brand=Delta", START, START + HOUR) == sorted(rows, key=lambda row: row.bucket)

    def test_what_became_of_findings_comes_back_and_can_be_emptied(self, store: Store) -> None:
        rows = [
            bucket(minute=place, told=told, shadow=shadow)
            for place, (told, shadow) in enumerate(product(("new", "more", "held"), ("new", "more", "held", None)))
        ]
        store.write([*rows, bucket(minute=20)])
        assert store.buckets("brand=Delta", START, START + HOUR) == [*rows, bucket(minute=20)]
        store.write([bucket(minute=0), bucket(minute=1, told="held")])
        assert store.buckets("brand=Delta", START, START + 2 * MINUTE) == [bucket(), bucket(minute=1, told="held")]

    def test_range_includes_its_start_and_not_its_end(self, store: Store) -> None:
        store.write([bucket(minute=minute, n=minute + 1) for minute in range(4)])
        found = store.counts("brand=Delta", START + MINUTE, START + 3 * MINUTE)
        assert {at: one.n for at, one in found.items()} == {START + MINUTE: 2, START + 2 * MINUTE: 3}

    def test_any_zone_and_the_widest_range_may_be_asked_for(self, store: Store) -> None:
        china = timezone(timedelta(hours=8))
        store.write([bucket(bucket=START.astimezone(china))], incidents=[incident(at=START.astimezone(china))])
        assert list(store.counts("brand=Delta", START.astimezone(china), (START + MINUTE).astimezone(china))) == [START]
        lowest, highest = datetime.min.replace(tzinfo=china), datetime.max.replace(tzinfo=china)
        assert len(store.buckets("brand=Delta", lowest.astimezone(china), highest)) == 1
        assert len(store.incidents(lowest, highest)) == 1

    def test_a_repeat_replaces_and_never_adds(self, store: Store) -> None:
        first = ([ready(0)], [late()], [incident()], [case()])
        store.write(*first)
        store.write(*first)
        store.write([bucket(minute=0, n=2)], [late(n=3)])
        assert store.buckets("brand=Delta", START, START + HOUR) == [bucket(minute=0, n=2)]
        assert store.late("brand=Delta", START, START + HOUR) == {START: late(n=3).counts}
        assert store.incidents(EARLIEST, LATEST) == [incident()]
        assert store.cases("Delta", EARLIEST, LATEST) == [case()]

    def test_a_repeat_empties_what_is_no_longer_known(self, store: Store) -> None:
        store.write([ready(0)])
        warming = bucket(minute=0, n=7, upper=9.5)
        store.write([warming])
        assert store.buckets("brand=Delta", START, START + HOUR) == [warming]

    def test_late_ones_are_added_and_shown_apart(self, store: Store) -> None:
        store.write([bucket(n=10)], [late("0:1:0"), late("0:1:1", n=2), late("1:1:0", n=4), late("0:9:0", minute=5)])
        span = ("brand=Delta", START, START + HOUR)
        assert {at: one.n for at, one in store.counts(*span).items()} == {START: 17, START + 5 * MINUTE: 1}
        assert {at: one.n for at, one in store.late(*span).items()} == {START: 7, START + 5 * MINUTE: 1}
        assert [row.counts.n for row in store.buckets(*span)] == [10]
        assert store.counts(*span)[START] == bucket(n=10).counts.plus(Counts(7, 7, 0, 0, 15))

    def test_late_range_goes_by_bucket(self, store: Store) -> None:
        day: dict[str, Any] = {"bucket_seconds": 86_400, "bucket": START}
        store.write(late=[late("5:99999999:499", **day), late("0:1:0", minute=1)])
        assert list(store.late("brand=Delta", START, START + MINUTE)) == [START]
        assert list(store.late("brand=Delta", START + MINUTE, START + HOUR)) == [START + MINUTE]

    def test_many_late_ones_in_one_bucket_stay_apart(self, store: Store) -> None:
        rows = [late(f"{part}:{offset}:{index}") for part in (0, 11) for offset in range(40) for index in (0, 1, 499)]
        store.write(late=rows)
        store.write(late=rows[::-1])
        assert store.late("brand=Delta", START, START + MINUTE)[START].n == len(rows)

    def test_a_series_is_apart_from_its_parts(self, store: Store) -> None:
        store.write(
            [bucket(n=5), bucket("brand=Delta,channel=web", n=2), bucket("brand=Delta,category=bags,channel=web", n=1)],
            [late(series="brand=Delta,channel=web"), late(series="brand=United")],
        )
        assert store.counts("brand=Delta", START, START + HOUR)[START].n == 5
        assert store.counts("brand=Delta,channel=web", START, START + HOUR)[START].n == 3
        assert store.series() == [
            "brand=Delta",
            "brand=Delta,category=bags,channel=web",
            "brand=Delta,channel=web",
            "brand=United",
        ]
        assert store.series("United") == ["brand=United"]
        assert store.series("Nobody") == []

    @pytest.mark.parametrize("text", NASTY)
    def test_any_text_may_name_a_series(self, store: Store, text: str) -> None:
        keys = sorted([series_key({"brand": text}), series_key({"brand": text, "product": text})])
        rows = [bucket(one, brand=text) for one in keys]
        store.write(rows, [late(series=keys[1], brand=text, n=2)])
        assert store.series() == keys
        assert store.series(text) == keys
        assert store.buckets(keys[0], START, START + HOUR) == rows[:1]
        assert store.counts(keys[1], START, START + HOUR)[START].n == 3

    def test_texts_that_look_alike_stay_apart(self, store: Store) -> None:
        texts = ("a", "a ", "a\\", "a\\ ", "a\n", "a\\n", "a%0A", "A")
        keys = [series_key({"brand": text}) for text in texts]
        store.write([bucket(one, brand=text, n=n) for n, (one, text) in enumerate(zip(keys, texts, strict=True), 1)])
        assert [store.counts(one, START, START + HOUR)[START].n for one in keys] == list(range(1, 9))

    def test_incidents_come_in_the_order_of_the_file(self, store: Store) -> None:
        events = [
            incident(1, START + MINUTE),
            incident(0, START),
            incident(2, START + MINUTE),
            incident(0, START, incident="ffff0000", scope={"brand": "Delta", "category": "bags"}),
            incident(0, START, incident="aaaa0000", scope={"brand": "American"}),
            incident(0, START + timedelta(microseconds=1), incident="bbbb0000", notify=False),
        ]
        store.write(incidents=events)
        found = store.incidents(START, START + HOUR)
        assert found == sorted(events, key=lambda event: event.sort_key())
        assert store.incidents(START, START + timedelta(microseconds=1)) == [
            event for event in found if event.at == START
        ]

    def test_incidents_of_one_scope_and_instant_stay_apart(self, store: Store) -> None:
        events = [incident(seq, incident=name) for seq in range(3) for name in ("aaaa0000", "bbbb0000")]
        store.write(incidents=events)
        assert len(store.incidents(EARLIEST, LATEST)) == 6

    @pytest.mark.parametrize("text", NASTY)
    def test_incidents_export_alike_after_a_stay(self, store: Store, text: str) -> None:
        at = START + timedelta(microseconds=123_457)
        event = incident(at=at, scope={"brand": text, "category": text}, reason=text, score=-1e-7 / 3, observed=-0.0)
        store.write(incidents=[event])
        assert [incident_line(one) for one in store.incidents(EARLIEST, LATEST)] == [incident_line(event)]

    def test_cases_of_one_instant_stay_apart(self, store: Store) -> None:
        rows = [case(f"e{n}", f"c{n % 7}") for n in range(200)]
        store.write(cases=rows)
        store.write(cases=rows)
        found = store.cases("Delta", START, START + timedelta(microseconds=1))
        assert sorted(row.id for row in found) == sorted(row.id for row in rows)
        assert store.cases("Delta", START + timedelta(microseconds=1), LATEST) == []

    def test_cases_may_lack_what_is_optional(self, store: Store) -> None:
        bare = case(channel=None, department=None, rating=None, late=True)
        store.write(cases=[bare, case("e2", department="'; \\", channel="a=b, c")])
        assert store.cases("Delta", START, START + HOUR)[0] == bare
        assert len(store.cases("Delta", START, START + HOUR)) == 2

    @pytest.mark.parametrize(
        ("field", "row"),
        [
            ("series", bucket("no key", brand="Delta")),
            ("series", bucket("brand=Delta", brand="United")),
            ("series", bucket("brand=Delta,channel=b,category=a")),
            ("series", bucket("brand=Delta,time=now")),
            ("bucket", bucket(bucket=START.replace(year=1500))),
            ("bucket_seconds", bucket(bucket_seconds=0)),
            ("counts", bucket(counts=Counts(2**63))),
            ("score", bucket(score=math.nan)),
            ("score", bucket(upper=math.inf)),
        ],
    )
    def test_a_row_that_cannot_be_kept_is_refused_by_name(self, store: Store, field: str, row: Any) -> None:
        with pytest.raises(InvalidRecord) as caught:
            store.write([bucket(), row])
        assert caught.value.field == field
        assert caught.value.place.startswith("buckets ")

    @pytest.mark.parametrize("position", ["", "1", "a:b:c", "1:2:500", "-1:2:3", "1:2:3:4", "١:2:3"])
    def test_a_position_that_is_none_is_refused(self, store: Store, position: str) -> None:
        with pytest.raises(InvalidRecord, match="partition:offset:index"):
            store.write(late=[late(position)])

    def test_other_rows_that_cannot_be_kept_are_refused(self, store: Store) -> None:
        with pytest.raises(InvalidRecord, match="has no brand"):
            store.write(incidents=[incident(scope={"category": "bags"})])
        with pytest.raises(InvalidRecord, match="years"):
            store.write(incidents=[incident(at=START.replace(year=3000))])
        with pytest.raises(InvalidRecord, match="64 bits"):
            store.write(cases=[case(rating=2**63)])
        assert store.incidents(EARLIEST, LATEST) == []
