"""Commands beside a local stack find it by its folder: nobody exports addresses to look at a dead letter."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.records import DeadLetter
from fenghuo import requeue
from fenghuo.cli import app
from fenghuo.local.state import UpState, save
from fenghuo.settings import Runtime

NOW = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that ``up`` has used before."""
    monkeypatch.delenv("FENGHUO_KAFKA", raising=False)
    save(tmp_path, UpState(until=NOW, days=0, partitions=3, port=18_000, config="config"))
    return tmp_path


async def _one_letter(runtime: Runtime | None = None) -> list[DeadLetter]:
    assert runtime is not None
    return [DeadLetter(id="0" * 32, at=NOW, source="hotline", place=runtime.kafka, reason="is missing")]


def test_dead_list_asks_the_kafka_of_the_local_stack(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requeue, "read_letters", _one_letter)
    shown = CliRunner().invoke(app, ["dead", "list", "--var", str(var)], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert "127.0.0.1:18003" in shown.output
    assert "1 dead letter" in shown.output


def test_the_environment_goes_before_the_folder(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requeue, "read_letters", _one_letter)
    monkeypatch.setenv("FENGHUO_KAFKA", "kafka.example.org:9092")
    shown = CliRunner().invoke(app, ["dead", "show", "000", "--var", str(var)])
    assert shown.exit_code == 0
    assert "kafka.example.org:9092" in shown.output
