"""Reproducible: in this process, in another with other hash seeds, in any window, with other brands beside it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import timedelta
from itertools import takewhile
from pathlib import Path

import pytest

from fenghuo.simulator import BRANDS, Brand, Simulation, demo, live, records, simulation
from tests.unit.simulator.worlds import START, at, dumped, inside, scenario

SCRIPT = """
import hashlib, orjson
from datetime import datetime
from fenghuo.simulator import Simulation, everything
from fenghuo.simulator.truth import truth_bytes
run = Simulation(everything(datetime.fromisoformat("2026-03-02T00:00:00+08:00"), days=3, seed=7, rate=40))
digest = hashlib.sha256(b"".join(orjson.dumps(one) for one in run.records()))
digest.update(truth_bytes(run))
print(digest.hexdigest())
"""
ROOT = Path(__file__).parents[3]


def test_processes_with_other_hash_seeds_write_the_same_bytes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed in ("0", "12345")
    }
    assert len(digests) == 1
    assert len(digests.pop()) == hashlib.sha256().digest_size * 2


def test_another_seed_is_another_world() -> None:
    assert dumped(list(records(scenario()))) != dumped(list(records(scenario(seed=2))))


def test_adding_a_brand_changes_no_other_brand() -> None:
    alone = list(records(scenario(brands=BRANDS[:1])))
    among = [one for one in records(scenario(brands=(Brand(name="新来的"), *BRANDS))) if one["brand"] == BRANDS[0].name]
    assert dumped(alone) == dumped(among)


def test_a_window_of_the_world_is_the_same_world() -> None:
    whole = list(records(scenario(days=2, rate=200)))
    window = scenario(days=2, rate=200).model_copy(update={"start": at(20), "end": at(31)})
    assert dumped(list(records(window))) == dumped(inside(whole, at(20), at(31)))


def test_live_goes_on_where_the_history_ended() -> None:
    world = demo(at(29 * 24), rate=50, brands=BRANDS[:2])
    longer = world.model_copy(update={"start": world.end - timedelta(days=2), "end": world.end.replace(hour=23)})
    expected = inside(list(records(longer)), world.end, longer.end)
    played = takewhile(lambda pair: pair[0] < longer.end, live(world, world.end))
    assert expected
    assert dumped([record for _, record in played]) == dumped(expected)


def test_making_records_in_parts_of_a_day_changes_no_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    world = scenario(days=2, rate=100)
    whole = dumped(list(records(world)))
    monkeypatch.setattr(simulation, "PART", 100)
    assert dumped(list(records(world))) == whole


def test_event_times_never_run_backwards_and_ids_are_unique() -> None:
    run = Simulation(scenario(days=2))
    lines = list(run.lines())
    times = [ms for ms, _ in lines]
    assert times == sorted(times)
    assert len({record["id"] for _, record in lines}) == len(lines) == run.tally.sent
    assert lines[0][1]["ts"] >= START.isoformat()
