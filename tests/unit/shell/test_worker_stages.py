"""Which stages a worker has over which store, and what they are given: detecting grades complaints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from contracts.clock import Clock
from contracts.codec import decode_mixed, encode, encode_mixed
from contracts.ports import Checkpoint, In, SeriesStore, Stage
from contracts.records import CaseGrade, CaseWords, Closed, DeadLetter, PaneCounts, Sentiment
from dashboards.dead import DeadStage
from dashboards.settings import StoreSettings
from dashboards.store.opened import open_kept
from fenghuo import wiring
from fenghuo.adapters.kafka import KafkaBus
from fenghuo.settings import Runtime, load_config
from tests.unit.dashboards.fake_influx import fake_influx
from tests.unit.detectors.streams import BASE, evidence, pane_input

CONFIG = Path(__file__).resolve().parents[3] / "config"
LETTER = DeadLetter(id="d", at=datetime(2026, 1, 1, tzinfo=UTC), source="desk", place="row 3", reason="no text")


@contextmanager
def stages(tmp_path: Path, settings: StoreSettings, patch: pytest.MonkeyPatch) -> Iterator[list[Stage]]:
    """The recording stages of a worker, their store closed behind them."""
    opened: list[SeriesStore] = []

    def noted(settings: StoreSettings, clock: Clock, member: str) -> SeriesStore:
        opened.append(open_kept(settings, clock, member))
        return opened[-1]

    patch.setattr(wiring, "open_kept", noted)
    runtime = Runtime(var=tmp_path, key=SecretStr("sixteen characters"), store=settings)
    try:
        yield wiring.worker_stages(runtime, load_config(CONFIG), KafkaBus(runtime.kafka, runtime.prefix), ("record",))
    finally:
        for store in opened:
            store.close()


async def test_dead_letters_are_drawn_into_influxdb_and_then_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake_influx() as fake:
        settings = StoreSettings(kind="influx", url=fake.url, token=SecretStr("t"))
        with stages(tmp_path, settings, monkeypatch) as found:
            (dead,) = [one for one in found if isinstance(one, DeadStage)]
            state = await dead.open(0, None)
            await state.handle([In(0, encode(LETTER))])
            assert await state.checkpoint(1.0) == Checkpoint(1)
    (line,) = fake.lines
    assert line.startswith("dead,source=desk ")
    assert 'place="row 3"' in line


def test_sqlite_has_no_table_of_them_they_stay_in_their_topic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = StoreSettings(kind="sqlite", path=tmp_path / "series.db")
    with stages(tmp_path, settings, monkeypatch) as found:
        assert [one.name for one in found] == ["record"]


async def test_the_detecting_stage_grades_the_complaints_that_it_hears_of(tmp_path: Path) -> None:
    runtime = Runtime(var=tmp_path, key=SecretStr("sixteen characters"), partitions=2)
    bus = KafkaBus(runtime.kafka, runtime.prefix)
    (detect,) = wiring.worker_stages(runtime, load_config(CONFIG), bus, ("detect",))
    one = evidence(BASE, 0, case_id="c", sentiment=Sentiment.NEGATIVE, case_words=CaseWords())
    given = pane_input("B", (one,))
    counts = PaneCounts(partition=0, pane=BASE, brand="B", rows=given.rows, evidence=given.evidence)
    closed = [Closed(partition=number, closed=BASE + 1) for number in range(2)]
    work = await (await detect.open(0, None)).handle([In(0, encode_mixed([counts, *closed]))])
    graded = [record for out in work.outs for record in decode_mixed(out.value) if isinstance(record, CaseGrade)]
    assert [(record.brand, record.case_id) for record in graded] == [("B", "c")]
