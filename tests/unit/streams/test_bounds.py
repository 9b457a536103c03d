"""What is hostile by size is refused before anything is built of it, or cut into pieces that everybody can carry."""

from __future__ import annotations

import gzip
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.codec import decode_mixed
from contracts.errors import InvalidFile
from contracts.ports import In
from contracts.records import PaneCounts
from contracts.records.mention import MAX_TEXT
from detectors.merge import merged
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.seen_memory import MemorySeenIds
from streams.batch import gather, outs
from streams.opened import MAX_KNOWN, BrandPane, SeriesPlan, pane_records
from streams.settings import SourceSettings
from streams.sources.body import Body, Refusal, items
from streams.sources.files import LEAST_UNPACKED, open_file
from tests.unit.streams.counting import START, batch, core, corrections, counted, feed, mention

KAFKA = 1_000_000


@pytest.mark.parametrize(
    ("piece", "content_type"),
    [
        (b"[],", "application/json"),
        (b"{},", "application/json"),
        (b"1,", "application/json"),
        (b'{"a":', "application/json"),
        (b"x\n", "application/x-ndjson"),
        (b"\n", "application/x-ndjson"),
        (b"{}\n", "text/plain"),
    ],
)
def test_a_body_of_very_many_values_is_refused_before_it_is_taken_apart(piece: bytes, content_type: str) -> None:
    body = b"[" + piece * 2_000_000 + b"1]" if content_type == "application/json" else b"x" + piece * 2_500_000 + b"x"
    tracemalloc.start()
    try:
        with pytest.raises(Refusal, match="send them in parts") as caught:
            items(body, content_type, 10_000)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert caught.value.status == 413


def test_ordinary_texts_with_many_commas_are_taken() -> None:
    body = b"[" + b",".join(b'{"id":"%d","text":"%s"}' % (n, b"a, b, [c], " * 20) for n in range(3_000)) + b"]"
    assert len(items(body, "application/json", 3_000)) == 3_000


def test_a_bomb_is_refused_as_soon_as_it_has_grown_too_large() -> None:
    bomb = gzip.compress(b"[" + b" " * 300_000_000, 1)
    body = Body(packed=True, limit=10_000_000, unpacked=1_000_000)
    with pytest.raises(Refusal, match="unpacks to more than"):
        for at in range(0, len(bomb), 65_536):
            body.feed(bomb[at : at + 65_536])


def test_a_packed_file_may_be_large_but_no_bomb(tmp_path: Path) -> None:
    good = b"id,ts,text\n" + b"".join(b"%d,2026-01-05T00:00:00Z,bad\n" % n for n in range(50_000))
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(good))
    assert sum(1 for _ in open_file(path).rows()) == 50_000
    path.write_bytes(gzip.compress(good) + gzip.compress(b"\n" * LEAST_UNPACKED, 9))
    with pytest.raises(InvalidFile, match="unpacks to more than"):
        open_file(path)


def test_a_pane_with_very_many_series_and_case_events_goes_out_in_parts_that_kafka_takes() -> None:
    pane = BrandPane()
    plan = SeriesPlan((("region",),))
    pane.cells = {(f"{'地' * 60}{n}",): [n, 0, 0, 0, 1] for n in range(30_000)}
    pane.cases = [b'{"id":"%d"}' % n for n in range(5)]
    parts = list(pane_records(0, 7, "B", pane, plan))
    assert max(map(len, parts)) < KAFKA
    assert len(parts) > 10
    pane.cases = []
    records = [one for part in pane_records(0, 7, "B", pane, plan) for one in decode_mixed(b"[" + part + b"]")]
    assert [one.part for one in records if isinstance(one, PaneCounts)] == list(range(len(records)))
    together = merged([one for one in records if isinstance(one, PaneCounts)])
    assert {key: list(row) for key, row in together.rows.items()} == pane.rows(plan, "B")
    assert together.rows["brand=B"].n == sum(range(30_000))


def test_every_message_of_a_hostile_pane_fits() -> None:
    """The longest names and texts in the widest characters: through counting, on time and late."""
    wide = "\N{FIRE}"
    told = {"product": wide * 200, "region": wide * 200, "channel": wide * 200, "author_class": wide * 200}
    hostile = [
        mention(f"{wide * 250}{n}", 0, wide * MAX_TEXT if n % 50 == 0 else "bad", brand=wide * 200, **told)
        for n in range(600)
    ]
    sent = outs(gather(SourceSettings(name="shop"), hostile, 1))
    assert max(len(out.value) for out in sent) < KAFKA
    log = MemoryLog()
    part = core(log, MemorySeenIds(7_200))
    values = [out.value for out in sent]
    closed = feed(part, [In(n, value) for n, value in enumerate([*values, batch(progress=600)])])
    assert max(len(out.value) for out in closed) < KAFKA
    assert sum(row.n for (_, key), row in counted(closed).items() if "," not in key) == 600
    again = [mention(f"late{n}", 0, brand=wide * 200, **told) for n in range(600)]
    late = feed(part, [In(len(values) + 1 + n, batch(one)) for n, one in enumerate(again)])
    assert max(len(out.value) for out in late) < KAFKA
    assert len(corrections(late)) == 600


def test_what_is_remembered_of_series_keys_is_bounded() -> None:
    plan = SeriesPlan((("region",), ("product",)))
    for n in range(MAX_KNOWN * 3):
        plan.keys("B", (f"p{n}", f"r{n}"))
    assert len(plan._known) <= MAX_KNOWN + 1


def test_a_day_of_regions_leaves_nothing_behind_in_counting() -> None:
    """Tens of thousands of regions in one brand: once its panes are closed, none of them is kept."""
    part = core(MemoryLog(), MemorySeenIds(60))
    for step in range(40):
        many = [mention(f"{step}-{n}", step * 60, region=f"r{step}-{n}") for n in range(500)]
        feed(part, [In(step, batch(*many))])
    feed(part, [In(40, batch(progress=40 * 60 + timedelta(hours=1).total_seconds()))])
    assert not any(pane.brands for pane in part._open.values())
    assert len(part._plan._known) <= MAX_KNOWN + 1
    assert part.watermark > START
