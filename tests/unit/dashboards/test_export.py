"""``incidents.ndjson`` is the same bytes wherever the events come from."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.errors import InvalidFile
from dashboards.export import write_incidents
from dashboards.store.memory import MemoryStore
from dashboards.store.refuse import EARLIEST, LATEST
from tests.unit.dashboards.samples import MINUTE, START, incident

KEYS = ["incident", "seq", "event", "at", "tier", "kind", "scope", "reason", "observed", "expected", "score"]


def test_a_line_has_the_eleven_keys_in_order_and_nothing_escaped(tmp_path: Path) -> None:
    path = tmp_path / "incidents.ndjson"
    event = incident(scope={"category": "行李", "brand": "达美"}, observed=1234567.8, expected=0.1 + 0.2)
    assert write_incidents([event], path) == 1
    text = path.read_bytes().decode()
    assert text.endswith("}\n")
    assert text.count("\n") == 1
    assert '"scope":{"brand":"达美","category":"行李"}' in text
    assert list(json.loads(text)) == KEYS
    assert (json.loads(text)["observed"], json.loads(text)["expected"]) == (1234570.0, 0.3)
    assert json.loads(text)["at"] == "2026-01-05T08:00:00Z"


def test_lines_are_sorted_and_a_repeated_event_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "incidents.ndjson"
    later, first = incident(1, START + MINUTE), incident(0)
    other = incident(0, START + timedelta(seconds=30), incident="ffff0000", scope={"brand": "American"})
    assert write_incidents([later, other, first.model_copy(update={"score": 9.0}), first, later], path) == 3
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["incident"], line["seq"]) for line in lines] == [("0123abcd", 0), ("ffff0000", 0), ("0123abcd", 1)]
    assert lines[0]["score"] == 2.5


def test_store_and_replay_give_equal_bytes(tmp_path: Path) -> None:
    events = [incident(seq, START + seq * MINUTE, score=seq / 7) for seq in range(20)]
    store = MemoryStore()
    store.write(incidents=events[::-1])
    write_incidents(store.incidents(EARLIEST, LATEST), tmp_path / "stored")
    write_incidents(events, tmp_path / "replayed")
    assert (tmp_path / "stored").read_bytes() == (tmp_path / "replayed").read_bytes()


def test_no_incidents_make_an_empty_file(tmp_path: Path) -> None:
    assert write_incidents([], tmp_path / "incidents.ndjson") == 0
    assert (tmp_path / "incidents.ndjson").read_bytes() == b""


def test_a_place_that_cannot_be_written_is_named_and_nothing_is_left_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="missing"):
        write_incidents([incident()], tmp_path / "missing" / "incidents.ndjson")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InvalidFile, match="folder"):
        write_incidents([incident()], tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
