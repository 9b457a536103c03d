"""``fenghuo replay --record``: what was found stands in the series store, once however often it is recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from typer.testing import CliRunner

from contracts.clock import SystemClock
from dashboards.export import incident_line
from dashboards.settings import StoreSettings
from dashboards.store.opened import open_store
from fenghuo.cli import app

START = datetime(2026, 3, 2, tzinfo=UTC)


def mentions(path: Path) -> None:
    """Two a minute for half an hour, forty in one, and one more: the bucket in which a file ends is never closed."""
    times = [START + timedelta(seconds=30 * n) for n in range(60)]
    times += [START + timedelta(minutes=30, seconds=n) for n in range(40)]
    times.append(START + timedelta(minutes=32))
    lines = [
        {"id": f"m{n}", "ts": at.isoformat(), "brand": "Delta", "channel": "web", "text": f"delay number {n}"}
        for n, at in enumerate(times)
    ]
    path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in lines))


def test_rows_and_incidents_are_in_the_store(tmp_path: Path) -> None:
    mentions(tmp_path / "m.ndjson")
    settings = StoreSettings(path=tmp_path / "series.sqlite")
    env = {"FENGHUO_STORE": settings.model_dump_json(include={"kind", "path"})}
    for _ in range(2):
        done = CliRunner().invoke(
            app, ["replay", str(tmp_path / "m.ndjson"), "--out", str(tmp_path / "out"), "--record"], env=env
        )
        assert done.exit_code == 0, done.output
    store = open_store(settings, SystemClock())
    end = START + timedelta(hours=1)
    counts = store.counts("brand=Delta", START, end)
    assert sum(one.n for one in counts.values()) == 100
    kept = "".join(map(incident_line, store.incidents(START, end)))
    assert kept == (tmp_path / "out" / "incidents.ndjson").read_text(encoding="utf-8")
    store.close()


def test_a_store_that_keeps_nothing_is_refused(tmp_path: Path) -> None:
    mentions(tmp_path / "m.ndjson")
    done = CliRunner().invoke(
        app,
        ["replay", str(tmp_path / "m.ndjson"), "--out", str(tmp_path / "out"), "--record"],
        env={"FENGHUO_STORE": '{"kind": "memory"}'},
    )
    assert done.exit_code == 2
    assert "keeps nothing" in done.output
