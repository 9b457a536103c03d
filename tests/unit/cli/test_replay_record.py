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
from dashboards.store.sqlite import SqliteStore
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


def test_case_events_of_a_file_are_played_among_the_mentions(tmp_path: Path) -> None:
    mentions(tmp_path / "m.ndjson")
    steps = [("opened", 1), ("replied", 7), ("resolved", 25), ("rated", 50)]
    lines = [
        {"id": f"c-{event}", "ts": (START + timedelta(minutes=at)).isoformat(), "brand": "Delta", "case_id": "c",
         "event": event, "department": "desk"}
        for event, at in steps
    ]  # fmt: skip
    text = b"\n".join([*map(orjson.dumps, lines), b"{", b'{"id": "x"}'])
    (tmp_path / "cases.ndjson").write_bytes(text)
    settings = StoreSettings(path=tmp_path / "series.sqlite")
    given = ["replay", str(tmp_path / "m.ndjson"), "--cases", str(tmp_path / "cases.ndjson"), "--record"]
    env = {"FENGHUO_STORE": settings.model_dump_json(include={"kind", "path"})}
    done = CliRunner().invoke(app, [*given, "--out", str(tmp_path / "out")], env=env)
    assert done.exit_code == 0, done.output
    store = SqliteStore(settings)
    rows = store.cases("Delta", START, START + timedelta(hours=1))
    assert [(row.event.value, row.first, row.change, row.late) for row in rows] == [
        ("opened", True, 1, False), ("replied", True, 0, False),
        ("resolved", True, -1, False), ("rated", True, 0, False),
    ]  # fmt: skip
    assert {row.opened for row in rows} == {START + timedelta(minutes=1)}
    store.close()


def test_a_file_without_case_events_says_so(tmp_path: Path) -> None:
    mentions(tmp_path / "m.ndjson")
    given = ["replay", str(tmp_path / "m.ndjson"), "--cases", str(tmp_path / "m.ndjson"), "--out", str(tmp_path / "o")]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 2
    assert "is a case event; the first: m.ndjson row 1, field " in done.output.replace("\n", "")
