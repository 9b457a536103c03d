"""What the settings on trial would have told, from the rows of the series store."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.clock import SystemClock
from dashboards.settings import StoreSettings
from dashboards.store.memory import MemoryStore
from dashboards.store.sqlite import SqliteStore
from fenghuo.cli import app
from fenghuo.tuning.trial import trials
from tests.unit.dashboards.samples import HOUR, START, bucket

WEEK = timedelta(days=7)
ROWS = [
    bucket(minute=0, told="new", shadow="held"),
    bucket(minute=1, told="more", shadow="new"),
    bucket("brand=Delta,channel=web", minute=300, told="new", shadow="held"),
    bucket("brand=Delta,channel=web", minute=900, told="held", shadow="new"),
    bucket("brand=Other", minute=5, told="new"),
    bucket("brand=Quiet", minute=5),
]


def test_warnings_gained_and_lost_are_paired_within_an_hour_and_a_brand() -> None:
    store = MemoryStore()
    store.write(ROWS)
    delta, other, quiet = trials(store, START, START + WEEK)
    assert [(one.at, one.series) for one in delta.lost] == [(START + 5 * HOUR, "brand=Delta,channel=web")]
    assert [(one.at, one.series) for one in delta.gained] == [(START + 15 * HOUR, "brand=Delta,channel=web")]
    assert (len(other.live), other.known, other.lost, other.gained) == (1, False, [], [])
    assert (quiet.live, quiet.known) == ([], False)


def test_what_was_told_before_the_trial_began_is_not_held_against_it() -> None:
    store = MemoryStore()
    store.write([bucket(minute=0, told="new"), bucket(minute=200, told="new", shadow="new")])
    (delta,) = trials(store, START, START + WEEK)
    assert (len(delta.live), delta.gained, delta.lost) == (1, [], [])


def test_the_command_shows_the_last_days_of_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "series.sqlite"
    store = SqliteStore(StoreSettings(path=path))
    store.setup()
    at = SystemClock().now().replace(microsecond=0) - timedelta(days=2)
    store.write([bucket(told="new", shadow="held", bucket=at), bucket(told="new", shadow="new", bucket=at - 90 * WEEK)])
    store.close()
    monkeypatch.setenv("FENGHUO_STORE", json.dumps({"path": str(path)}))
    result = CliRunner().invoke(app, ["tune", "--shadow", "30"], env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    assert f"− {at.isoformat(sep=' ', timespec='minutes')} brand=Delta" in result.output
    assert result.output.count("brand=Delta") == 1
