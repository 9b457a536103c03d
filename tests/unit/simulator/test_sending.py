"""To a file, to HTTP and to Kafka: everything arrives, in order, with its truth; faults are told in a sentence."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from contracts.clock import ManualClock
from contracts.errors import Invalid, InvalidFile, OutOfSpace, Recoverable, Unavailable
from fenghuo.simulator import Simulation
from fenghuo.simulator.http import ALL, HttpSink, read_tokens
from fenghuo.simulator.incidents import DeadCollector
from fenghuo.simulator.play import play
from fenghuo.simulator.sinks import FileSink, KafkaSink, truth_path
from tests.unit.simulator.worlds import START, at, dumped, scenario

CLOCK = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
URL = "http://127.0.0.1:1"
Answer = Callable[[httpx.Request], httpx.Response]


def _sink(answer: Answer, tokens: dict[str, str], run: Simulation, slept: list[float] | None = None) -> HttpSink:
    client = httpx.Client(transport=httpx.MockTransport(answer))
    return HttpSink(URL, tokens, run.alive, client=client, sleep=(slept if slept is not None else []).append)


def _rows(body: bytes) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in body.splitlines()]


def test_a_file_holds_all_records_and_the_truth_beside_it(tmp_path: Path) -> None:
    world = scenario(rate=100, private=0.05)
    run = Simulation(world)
    sink = FileSink(tmp_path / "deep" / "world.ndjson")
    sent = play(run, sink, CLOCK)
    sink.close()
    path = tmp_path / "deep" / "world.ndjson"
    assert path.read_bytes() == dumped(list(Simulation(world).records()))
    truth = orjson.loads(truth_path(path).read_bytes())
    assert truth["records"] == {"sent": sent, "distinct": sent, "repeated": 0, "late": 0}
    assert {one["kind"] for one in truth["private"]} == {"phone", "email", "id_card", "bank_card"}
    assert truth["scenario"]["seed"] == 1


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="cannot be written"):
        FileSink(tmp_path)


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    sink = FileSink(tmp_path / "world.ndjson")

    class Full:
        def write(self, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    sink._file.close()
    sink._file = Full()  # type: ignore[assignment]
    with pytest.raises(OutOfSpace, match="the disk is full"):
        sink.send([(0, {"id": "a"})])


def test_kafka_gets_one_message_a_record() -> None:
    got: list[tuple[str, bytes]] = []
    run = Simulation(scenario(rate=50))
    sent = play(run, KafkaSink("outside", lambda topic, value: got.append((topic, value))), CLOCK)
    assert len(got) == sent
    assert {topic for topic, _ in got} == {"outside"}
    assert orjson.loads(got[0][1]) == next(Simulation(scenario(rate=50)).records())


def test_http_sends_batches_and_then_how_far_time_has_come() -> None:
    seen: list[tuple[str, bytes, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, request.content, request.headers["Authorization"]))
        return httpx.Response(200, json={"refused": []})

    run = Simulation(scenario(rate=50))
    sent = play(run, _sink(answer, {ALL: "secret"}, run), CLOCK, batch=100)
    assert [path for path, _, _ in seen] == ["/v1/mentions", "/v1/progress"] * (len(seen) // 2)
    rows = [_rows(body) for path, body, _ in seen if path == "/v1/mentions"]
    marks = [orjson.loads(body)["event_time"] for path, body, _ in seen if path == "/v1/progress"]
    assert sum(map(len, rows)) == sent
    assert [batch[-1]["ts"] for batch in rows] == marks
    assert {token for _, _, token in seen} == {"Bearer secret"}


def test_with_a_token_for_each_source_a_dead_one_makes_no_progress() -> None:
    seen: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/progress":
            seen.append((request.headers["Authorization"].split()[1], orjson.loads(request.content)["event_time"]))
        else:
            assert {row["source"] for row in _rows(request.content)} == {request.headers["Authorization"].split()[1]}
        return httpx.Response(202)

    run = Simulation(scenario(incidents=(DeadCollector(start=at(10), minutes=300, channel="web"),)))
    names = [f"sim-{one.name}" for one in run.scenario.channels]
    play(run, _sink(answer, {name: name for name in names}, run), CLOCK, batch=50)
    span = [(name, mark) for name, mark in seen if at(10).isoformat() <= mark < at(15).isoformat()]
    assert {name for name, _ in span} == set(names) - {"sim-web"}
    assert "sim-web" in {name for name, mark in seen if mark > at(15).isoformat()}


def test_a_busy_intake_is_asked_again_after_the_time_it_names() -> None:
    slept: list[float] = []
    answers = iter([httpx.Response(503, headers={"Retry-After": "7"}), httpx.Response(429), httpx.Response(200)])
    run = Simulation(scenario(limit=5))
    sink = _sink(lambda request: next(answers, httpx.Response(200)), {ALL: "t"}, run, slept)
    assert play(run, sink, CLOCK) == 5
    assert slept == [7.0, 1.0]


def test_an_intake_that_stays_away_is_given_up() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    slept: list[float] = []
    run = Simulation(scenario(limit=5))
    with pytest.raises(Unavailable, match="does not answer after 120 s"):
        play(run, _sink(answer, {ALL: "t"}, run, slept), CLOCK)
    assert sum(slept) == 120


@pytest.mark.parametrize(("status", "error"), [(401, Invalid), (403, Invalid), (404, Invalid), (500, Recoverable)])
def test_a_refusal_is_told_in_a_sentence(status: int, error: type[Exception]) -> None:
    run = Simulation(scenario(limit=5))
    with pytest.raises(error, match=str(status)):
        play(run, _sink(lambda request: httpx.Response(status), {ALL: "t"}, run), CLOCK)


def test_refused_items_are_counted() -> None:
    run = Simulation(scenario(limit=5))
    sink = _sink(lambda request: httpx.Response(200, json={"refused": [{"index": 1}, {"index": 3}]}), {ALL: "t"}, run)
    sink.send(list(run.lines()))
    assert sink.refused == 2


def test_tokens_are_one_or_one_for_each_source(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("abc\n")
    assert read_tokens(file) == {ALL: "abc"}
    file.write_text("# two\nsim-web=a\nsim-weibo=b=\n")
    assert read_tokens(file) == {"sim-web": "a", "sim-weibo": "b="}
    file.write_text("a\nb\n")
    with pytest.raises(InvalidFile, match="sim-weibo=TOKEN"):
        read_tokens(file)
    with pytest.raises(InvalidFile, match="cannot be read"):
        read_tokens(tmp_path / "none")


def test_at_a_speed_event_time_runs_that_much_faster_than_life() -> None:
    clock = ManualClock(START)
    batches: list[tuple[int, float]] = []

    class Watch(KafkaSink):
        def send(self, lines: Any) -> None:
            batches.extend((ms, clock.monotonic()) for ms, _ in lines)

    run = Simulation(scenario(rate=200))
    play(run, Watch("t", lambda topic, value: None), clock, speed=3600, sleep=lambda s: clock.advance(seconds=s))
    first = batches[0][0]
    drift = [(ms - first) / 1000 / 3600 - life for ms, life in batches]
    assert batches[-1][1] == pytest.approx(24, abs=1)
    assert max(drift) <= 0.06, "nothing is sent before its time"
