"""``fenghuo simulate``: same command, same bytes; mistakes are explained; exit codes 0, 1, 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import typer
from typer.testing import CliRunner

from contracts.clock import ManualClock
from contracts.errors import Unavailable
from fenghuo.cli.simulate import simulate_command
from fenghuo.simulator.sinks import Send

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
SENT: list[tuple[str, bytes]] = []


@contextmanager
def _kafka() -> Iterator[Send]:
    yield lambda topic, value: SENT.append((topic, value))


@contextmanager
def _away() -> Iterator[Send]:
    raise Unavailable("Kafka does not answer at 127.0.0.1:9092")
    yield


def _run(*options: str, kafka: object = _kafka) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(simulate_command(kafka, ManualClock(NOW)))  # type: ignore[arg-type]
    result = CliRunner().invoke(app, options)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_the_same_command_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        code, said = _run("--preset", "storm", "--count", "500", "--seed", "3", "--out", str(tmp_path / name))
        assert code == 0
        assert "2 incidents planted" in said
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a.truth.json").read_bytes() == (tmp_path / "b.truth.json").read_bytes()


def test_options_shape_the_world(tmp_path: Path) -> None:
    out = tmp_path / "world.ndjson"
    code, _ = _run(
        "--days", "2", "--start", "2026-03-02T00:00:00Z", "--brands", "青禾银行, 某某", "--rate", "50", "--labels",
        "--out", str(out),
    )  # fmt: skip
    rows = [orjson.loads(line) for line in out.read_bytes().splitlines()]
    assert code == 0
    assert {row["brand"] for row in rows} == {"青禾银行", "某某"}
    assert 120 < len(rows) < 280
    assert rows[0]["ts"] >= "2026-03-02T08:00:00+08:00"
    assert "sentiment" in rows[0]


def test_demo_ends_now(tmp_path: Path) -> None:
    out = tmp_path / "demo.ndjson"
    code, _ = _run("--preset", "demo", "--rate", "1", "--brands", "云杉航空", "--out", str(out))
    truth = orjson.loads((tmp_path / "demo.ndjson.truth.json").read_bytes())
    assert code == 0
    assert datetime.fromisoformat(truth["scenario"]["end"]) == NOW


def test_kafka_gets_its_topic() -> None:
    SENT.clear()
    assert _run("--count", "20", "--kafka", "outside")[0] == 0
    assert {topic for topic, _ in SENT} == {"outside"}
    assert len(SENT) == 20


@pytest.mark.parametrize(
    ("options", "explained"),
    [
        ((), "exactly one of --out FILE"),
        (("--out", "x", "--kafka", "y"), "exactly one of --out FILE"),
        (("--http", "http://127.0.0.1:1"), "--token-file"),
        (("--start", "yesterday", "--out", "x"), "2026-01-05T00:00:00+08:00"),
        (("--preset", "demo", "--days", "3", "--out", "x"), "29 days"),
        (("--preset", "everything", "--days", "1", "--out", "x"), "at least 3 days"),
        (("--brands", ",", "--out", "x"), "brands"),
        (("--brands", "a,a", "--out", "x"), "a name stands twice"),
        (("--preset", "hurricane",), "hurricane"),
        (("--seed", "-1", "--out", "x"), "--seed"),
    ],
)  # fmt: skip
def test_mistakes_are_explained_with_exit_code_2(options: tuple[str, ...], explained: str) -> None:
    code, said = _run(*options)
    assert code == 2
    assert explained in said


def test_a_folder_as_a_file_is_a_mistake(tmp_path: Path) -> None:
    code, said = _run("--out", str(tmp_path))
    assert code == 2
    assert "cannot be written" in said


def test_without_kafka_the_option_says_what_to_do() -> None:
    code, said = _run("--kafka", "t", kafka=None)
    assert code == 2
    assert "--out or --http" in said


def test_a_kafka_that_is_away_is_exit_code_1() -> None:
    code, said = _run("--kafka", "t", kafka=_away)
    assert code == 1
    assert "does not answer" in said
