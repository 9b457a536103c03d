"""What stands behind the pages: notices fanned out, libraries fetched, texts kept, numbers put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codec import encode_mixed
from contracts.errors import Unavailable
from contracts.ports import Out
from contracts.records import BucketRow, Counts, Evidence, LateRow, PaneCounts
from contracts.topics import Topic
from contracts.view import Change, ChangeKind, LiveView
from dashboards.console.figures import Share, curve, gathered
from dashboards.console.hub import MOST_WAITING, Hub
from dashboards.console.libraries import FILES, TEST_FILES, fetch
from dashboards.console.show import tame
from dashboards.store.memory import MemoryStore
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.desk.recent_texts import RecentTexts
from fenghuo.desk.texts import LogTexts

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
NEWS = Change(kind=ChangeKind.INCIDENT, id="b426a466e2af89fc")
GATHER = 0.001


class Wire:
    """A live view of notices alone, which can break."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Change | None] = asyncio.Queue()
        self.listeners = 0

    async def changes(self) -> AsyncIterator[Change]:
        """Notices; ``None`` breaks the line."""
        self.listeners += 1
        try:
            while (one := await self.queue.get()) is not None:
                yield one
            raise Unavailable("gone")
        finally:
            self.listeners -= 1


async def test_one_listener_serves_all_pages_and_leaves_with_the_last() -> None:
    wire = Wire()
    hub = Hub(cast(LiveView, wire))
    pages = [hub.listen(10, GATHER) for _ in range(20)]
    for one in pages:
        assert [change.kind for change in await anext(one)] == [ChangeKind.MISSED]
    heard = [asyncio.ensure_future(anext(one)) for one in pages]
    await asyncio.sleep(0.01)
    await wire.queue.put(NEWS)
    await wire.queue.put(NEWS)
    assert await asyncio.gather(*heard) == [[NEWS, NEWS]] * 20
    assert wire.listeners == 1 and hub.version == 2
    for one in pages:
        await one.aclose()
    assert wire.listeners == 0 and not hub.listening


async def test_a_silent_line_beats_and_a_broken_one_is_read_again() -> None:
    wire = Wire()
    page = Hub(cast(LiveView, wire)).listen(0.02, GATHER)
    await anext(page)
    assert await anext(page) == []
    await wire.queue.put(None)
    found = [change for _ in range(200) for change in await anext(page)]
    assert ChangeKind.MISSED in {change.kind for change in found}
    await page.aclose()


async def test_a_page_that_does_not_listen_misses_and_is_told() -> None:
    wire = Wire()
    hub = Hub(cast(LiveView, wire))
    slow = hub.listen(10, GATHER)
    await anext(slow)
    for _ in range(MOST_WAITING + 5):
        await wire.queue.put(NEWS)
    while hub.version < MOST_WAITING + 5:
        await asyncio.sleep(0.001)
    found = await anext(slow)
    assert found[0].kind is ChangeKind.MISSED and len(found) <= MOST_WAITING
    await slow.aclose()


def shelf(room: Path, tests: bool) -> None:
    """npm as it would leave the folder."""
    assert (room / "package-lock.json").exists()
    for inside in {**FILES, **(TEST_FILES if tests else {})}.values():
        path = room / "node_modules" / inside
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("script")


def test_libraries_are_fetched_once_and_nothing_else_is_left(tmp_path: Path) -> None:
    calls: list[bool] = []

    def npm(room: Path, tests: bool) -> None:
        calls.append(tests)
        shelf(room, tests)

    place = fetch(tmp_path, npm=npm)
    assert fetch(tmp_path, npm=npm) == place and calls == [False]
    assert sorted(one.name for one in place.iterdir()) == sorted(FILES)
    assert fetch(tmp_path, tests=True, npm=npm) == place and calls == [False, True]
    assert [one.name for one in tmp_path.iterdir()] == [place.name]


def test_a_package_without_its_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="npm fetched no"):
        fetch(tmp_path, npm=lambda room, tests: None)


def evidence(name: str, at: datetime, heat: float = 0.5) -> Evidence:
    """One mention's."""
    return Evidence(
        id=name, ts=at, source="s", channel="web", category="quality", sentiment="negative", polarity=-1,
        emotion="anger", heat=heat, reach=1, signature="x", keywords=(), text=name, lang="zh",
    )  # fmt: skip


async def test_texts_are_bounded_and_the_fiercest_are_chosen() -> None:
    texts = RecentTexts(most=100)
    some = tuple(evidence(f"m{one}", NOON + timedelta(seconds=one), heat=one % 10 / 10) for one in range(150))
    texts.take([PaneCounts(partition=0, pane=0, brand="A", evidence=some)])
    hour = (NOON, NOON + timedelta(hours=1))
    assert len(await texts.behind("A", *hour, {}, 1000)) == 100
    found = [one.evidence for one in await texts.behind("A", *hour, {"channel": "web"}, 10)]
    assert {one.heat for one in found} == {0.9} and sorted(one.ts for one in found) == [one.ts for one in found]
    assert await texts.behind("B", *hour, {}) == [] and await texts.behind("A", *hour, {"channel": "mail"}) == []


def test_a_curve_has_its_late_mentions_and_its_silent_buckets() -> None:
    store = MemoryStore()
    for minute in (0, 3):
        at = NOON + timedelta(minutes=minute)
        store.write([BucketRow(brand="A", series="brand=A", bucket=at, bucket_seconds=60, counts=Counts(2))])
    late = NOON + timedelta(minutes=2)
    store.write(
        late=[
            LateRow(brand="A", series="brand=A", bucket=late, bucket_seconds=60, position="0:1:0", counts=Counts(1),
                    late_seconds=9)
        ]
    )  # fmt: skip
    points = curve(store, "brand=A", NOON, NOON + timedelta(hours=1))
    assert [(one.counts.n, one.late) for one in points] == [(2, 0), (0, 0), (1, 1), (2, 0)]
    assert curve(store, "brand=B", NOON, NOON + timedelta(hours=1)) == []


@given(st.lists(st.integers(0, 9), min_size=1, max_size=600), st.integers(2, 400))
def test_putting_points_together_loses_nothing(counts: list[int], most: int) -> None:
    store = MemoryStore()
    for minute, n in enumerate(counts):
        at = NOON + timedelta(minutes=minute)
        store.write([BucketRow(brand="A", series="brand=A", bucket=at, bucket_seconds=60, counts=Counts(n))])
    points = curve(store, "brand=A", NOON, NOON + timedelta(days=9), most=10_000)
    fewer = gathered(points, most)
    assert sum(one.counts.n for one in fewer) == sum(counts)
    assert [one.start for one in fewer] == sorted({one.start for one in fewer})


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share(part: int, more: int) -> None:
    share = Share.of(part, part + more)
    if share.value is None or share.low is None or share.high is None:
        assert part + more == 0
    else:
        assert 0 <= share.low <= share.value <= share.high <= 1


@given(st.text(max_size=2000), st.integers(1, 500))
def test_a_tame_text_is_short_and_turns_nothing_around(text: str, most: int) -> None:
    shown = tame(text, most)
    assert len(shown) <= most + 1
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00")


async def test_texts_are_read_on_from_the_log_and_what_is_no_pane_is_passed_over() -> None:
    log = MemoryLog()
    texts = LogTexts(log, partitions=2)
    hour = (NOON, NOON + timedelta(hours=1))
    for number in range(2):
        pane = PaneCounts(partition=0, pane=number, brand="A", evidence=(evidence(f"m{number}", NOON),))
        await log.send([Out(Topic.COUNTS, "A", encode_mixed([pane]), number), Out(Topic.COUNTS, "A", b"no json", 0)])
        assert len(await texts.behind("A", *hour, {})) == number + 1
