"""HTTP: the good are taken, the bad are named, and nothing is acknowledged before the log has it."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from typing import Any

import httpx
import pytest

from contracts.errors import OutOfSpace, Unavailable
from streams.settings import IntakeSettings, RateLimit, SourceSettings
from streams.sources.http import create_app
from tests.unit.streams.intake_help import NOON, PHONE, TOKEN, World, deps, pseudonym, raw, source

SHA = hashlib.sha256(TOKEN.encode()).hexdigest()
BEARER = {"authorization": f"Bearer {TOKEN}"}


class Intake:
    """The application with everything around it in memory."""

    def __init__(self, world: World) -> None:
        self.deps, self.bus, self.letters, self.clock = world
        self.app = create_app(self.deps)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app), base_url="http://intake", headers=BEARER
        )

    async def post(self, content: Any, path: str = "/v1/mentions", **headers: str) -> httpx.Response:
        body = content if isinstance(content, (bytes, str)) else json.dumps(content)
        return await self.client.post(path, content=body, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def ids(self) -> list[str]:
        return sorted(one.id for one in self.bus.mentions())


def started(limits: IntakeSettings | None = None, **given: object) -> Intake:
    return Intake(deps(source(token_sha256=SHA, **given), limits=limits))


def many(*ids: str) -> list[dict[str, object]]:
    return [raw(id=one) for one in ids]


def lines(*ids: str) -> bytes:
    return b"\n".join(json.dumps(one).encode() for one in many(*ids))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (json.dumps(many("a", "b")), {}),
        (lines("a", "b"), {"content_type": "application/x-ndjson"}),
        (lines("a", "b"), {"content_type": "application/json"}),
        (gzip.compress(lines("a", "b"), mtime=0), {"content_encoding": "gzip"}),
        (gzip.compress(lines("a") + b"\n", mtime=0) + gzip.compress(lines("b"), mtime=0), {"content_encoding": "gzip"}),
        (b"\xef\xbb\xbf" + json.dumps(many("a", "b"), indent=2).encode(), {}),
    ],
)
async def test_an_array_and_lines_are_taken_plain_or_packed(body: bytes, headers: dict[str, str]) -> None:
    intake = started()
    answer = await intake.post(body, **headers)
    assert (answer.status_code, answer.json()) == (200, {"accepted": 2, "refused": [], "ignored": []})
    assert intake.ids() == ["a", "b"]
    assert all(one.received_at == NOON for one in intake.bus.mentions())


async def test_one_object_is_taken_and_unknown_fields_are_reported() -> None:
    answer = await started().post(raw(sentiment="negative", shoe_size=44))
    assert answer.json() == {"accepted": 1, "refused": [], "ignored": ["sentiment", "shoe_size"]}


async def test_the_good_beside_the_bad_are_taken_and_the_bad_are_named() -> None:
    intake = started()
    answer = await intake.post([raw(id="a"), raw(id="b", ts="1970-01-01T00:00:00Z"), 5, raw(id="c", text=7)])
    assert answer.status_code == 207
    assert answer.json()["accepted"] == 1
    refused = [(one["index"], one["field"]) for one in answer.json()["refused"]]
    assert refused == [(1, "ts"), (2, ""), (3, "text")]
    assert intake.ids() == ["a"]
    assert [letter.place for letter in intake.letters.kept] == [f"POST /v1/mentions item {n}" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (b'{"id": "b", "ts": "2026-01-05T11:00:00Z", "text": "x", "customer_value": NaN}', "customer_value"),
        (b'{"id": "b", "ts": "2026-01-05T11:00:00Z", "text": "x", "reach": Infinity}', "reach"),
        (b'{"id": "b", "ts": "2026-01-05T11:00:00Z", "text": "\xff\xfe"}', "text"),
        (b'{"id": "b", "ts": "2026-01-05T11:00:00Z", "text": "\\ud800"}', "text"),
        (b'{"id": "b", "ts": "2026-01-05T11:00:00", "text": "x"}', "ts"),
        (b'{"id": "b", "text": "x"}', "ts"),
        (b'{"id": "' + b"x" * 1_000_000 + b'", "ts": "2026-01-05T11:00:00Z", "text": "x"}', "id"),
        (b'{"id": "b", "ts": "2026-01-05T11:00:00Z", "text": "' + b"x" * 9_000_000 + b'"}', "text"),
    ],
    ids=["NaN", "infinity", "invalid UTF-8", "surrogate", "no zone", "no time", "id of 1 MB", "text of 9 MB"],
)
async def test_one_bad_item_costs_nothing_beside_itself(bad: bytes, field: str) -> None:
    good = json.dumps(raw(id="a")).encode()
    for body in (b"[" + good + b"," + bad + b"]", good + b"\n" + bad):
        intake = started()
        answer = await intake.post(body)
        assert answer.status_code == 207
        assert [(one["index"], one["field"]) for one in answer.json()["refused"]] == [(1, field)]
        assert intake.ids() == ["a"] and len(intake.letters.kept) == 1
    alone = await started().post(bad)
    assert (alone.status_code, alone.json()["accepted"]) == (400, 0)


async def test_a_broken_line_is_refused_with_its_place() -> None:
    intake = started()
    answer = await intake.post(lines("a") + b'\n{"id": \n' + lines("c"), content_type="application/x-ndjson")
    assert answer.status_code == 207 and intake.ids() == ["a", "c"]
    assert answer.json()["refused"] == [{"index": 1, "field": "", "reason": "broken JSON at line 1 column 8"}]


@pytest.mark.parametrize(
    ("body", "headers", "status", "words"),
    [
        (b'[{"id": "1",\n  "ts": }]', {}, 400, "broken JSON at line 2 column 9"),
        (b"\xff\xfe\xfa", {}, 400, "broken JSON at line 1 column 1"),
        (b"[" * 200_000, {}, 400, "broken JSON"),
        (b"", {}, 400, "the body is empty"),
        (b"x" * 60_000, {}, 413, "larger than 50,000 bytes"),
        (
            gzip.compress(b" " * 50_000_000, mtime=0),
            {"content_encoding": "gzip"},
            413,
            "unpacks to more than 1,000,000 bytes",
        ),
        (b"no gzip", {"content_encoding": "gzip"}, 400, "is no gzip"),
        (gzip.compress(lines("a"), mtime=0)[:-5], {"content_encoding": "gzip"}, 400, "cut off"),
        (b"[]", {"content_encoding": "br"}, 415, "only gzip"),
        (b"[" + b"1," * 200 + b"1]", {}, 413, "more than 100 items"),
    ],
    ids=["broken", "no UTF-8", "deep", "empty", "large", "bomb", "no gzip", "cut gzip", "brotli", "items"],
)
async def test_a_body_that_is_no_use_is_refused_as_a_whole(
    body: bytes, headers: dict[str, str], status: int, words: str
) -> None:
    limits = IntakeSettings(gather_seconds=0, max_body=50_000, max_unpacked=1_000_000, max_items=100)
    if body.startswith(b"[["):
        limits = IntakeSettings(gather_seconds=0)
    intake = started(limits)
    answer = await intake.post(body, **headers)
    assert answer.status_code == status
    assert words in answer.json()["error"]
    assert not intake.bus.outs
    assert [letter.place for letter in intake.letters.kept] == ["POST /v1/mentions body"]


async def test_a_body_without_a_length_is_bounded_too() -> None:
    async def endless() -> Any:
        while True:
            yield b" " * 10_000

    intake = started(IntakeSettings(gather_seconds=0, max_body=50_000))
    answer = await intake.client.post("/v1/mentions", content=endless())
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("header", "status"), [({}, 401), ({"authorization": "Basic eA=="}, 401), ({"authorization": "Bearer wrong"}, 403)]
)
async def test_who_has_no_token_is_told_so_and_leaves_no_trace(header: dict[str, str], status: int) -> None:
    intake = started()
    del intake.client.headers["authorization"]
    answer = await intake.client.post("/v1/mentions", json=raw(), headers=header)
    assert answer.status_code == status and answer.json()["error"]
    assert not intake.bus.outs and not intake.letters.kept


async def test_a_source_that_sends_too_much_waits_and_others_do_not() -> None:
    other = SourceSettings(name="other", token_sha256=hashlib.sha256(b"2").hexdigest())
    intake = Intake(deps(source(token_sha256=SHA, rate=RateLimit(per_second=10, burst=20)), other))
    assert (await intake.post(many(*map(str, range(50))))).status_code == 200
    refused = await intake.post(raw())
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "4")
    assert (await intake.post(raw(), authorization="Bearer 2")).status_code == 200
    intake.clock.advance(3.2)
    assert (await intake.post(raw())).status_code == 200


@pytest.mark.parametrize(
    ("failure", "status"), [(Unavailable("Kafka does not answer", retry_after=7), 503), (OutOfSpace("disk full"), 507)]
)
async def test_nothing_is_acknowledged_while_the_log_fails(failure: Exception, status: int) -> None:
    intake = started()
    intake.bus.failure = failure
    answer = await intake.post(many("a", "b"))
    assert answer.status_code == status
    assert answer.headers["retry-after"] == str({503: 7, 507: 5}[status])
    intake.bus.failure = None
    assert (await intake.post(many("a", "b"))).status_code == 200


async def test_no_answer_comes_before_the_log_has_it() -> None:
    intake = started()
    reached, release = asyncio.Event(), asyncio.Event()
    send = intake.bus.send

    async def slow(outs: Any) -> None:
        reached.set()
        await release.wait()
        await send(outs)

    intake.bus.send = slow  # type: ignore[method-assign]
    posting = asyncio.create_task(intake.post(raw()))
    await reached.wait()
    assert not posting.done()
    release.set()
    assert (await posting).status_code == 200


async def test_many_requests_travel_together() -> None:
    intake = started(IntakeSettings(gather_seconds=0.05))
    answers = await asyncio.gather(*(intake.post(raw(id=str(n))) for n in range(40)))
    assert {answer.status_code for answer in answers} == {200}
    assert intake.bus.sends == 1 and len(intake.bus.outs) == 3


async def test_a_brand_of_its_own_for_each_item_is_taken_and_unmasked_data_stay_out() -> None:
    intake = started(rate=RateLimit(burst=10**6), kind="batch")
    answer = await intake.post([raw(id=str(n), text="x", brand=f"b{n} {PHONE}") for n in range(2_000)])
    assert answer.json()["accepted"] == 2_000
    assert not any(PHONE.encode() in out.value for out in intake.bus.outs)


async def test_a_delivery_of_a_batch_source_is_sorted_and_closed() -> None:
    intake = started(kind="batch")
    await intake.post([raw(id="late"), raw(id="early", ts="2026-01-05T01:00:00Z")])
    assert [batch.end for _, batch in intake.bus.batches()].count(True) == 3
    for partition in range(3):
        batches = [batch for at, batch in intake.bus.batches() if at == partition]
        times = [one.ts for batch in batches for one in batch.mentions]
        assert times == sorted(times) and batches[-1].end


async def test_case_events_come_in_by_their_own_door() -> None:
    intake = started()
    event = {"id": "e", "ts": "2026-01-05T11:00:00Z", "case_id": "C1", "event": "replied", "text": "x"}
    answer = await intake.post([event, {**event, "event": "lost"}], "/v1/case-events")
    assert answer.status_code == 207 and answer.json()["ignored"] == ["text"]
    (case,) = [case for _, batch in intake.bus.batches() for case in batch.cases]
    assert case.case_id == pseudonym("C1")


async def test_a_clocked_source_says_how_far_its_time_is() -> None:
    intake = started(kind="clocked")
    await intake.post(raw())
    answer = await intake.post({"event_time": "2026-01-05T19:59:30+08:00"}, "/v1/progress")
    assert answer.json() == {"event_time": "2026-01-05T11:59:30+00:00"}
    marked = [(partition, batch.progress) for partition, batch in intake.bus.batches() if batch.progress]
    assert [partition for partition, _ in marked] == [0, 1, 2]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"event_time": "2026-01-05T12:01:01Z"}, "ahead of the wall clock"),
        ({"event_time": "2026-01-05T12:00:00"}, "no zone"),
        ({"event_time": None}, "not a time"),
        ({}, "send {"),
        ([1], "send {"),
        ("{", "broken JSON"),
    ],
)
async def test_a_clock_that_lies_moves_nothing(body: Any, words: str) -> None:
    intake = started(kind="clocked")
    answer = await intake.post(body, "/v1/progress")
    assert answer.status_code == 400 and words in answer.json()["error"]
    assert not intake.bus.outs


async def test_only_clocked_sources_set_their_clock() -> None:
    answer = await started().post({"event_time": NOON.isoformat()}, "/v1/progress")
    assert answer.status_code == 403 and "kind clocked" in answer.json()["error"]


async def test_living_sources_get_marks_and_silent_ones_do_not() -> None:
    intake = started(rhythm=60)
    door = intake.app.state.door
    await intake.post([])
    await door.pulse()
    assert {batch.source for _, batch in intake.bus.batches()} == {"hotline", "fenghuo"}
    intake.bus.outs.clear()
    intake.clock.advance(61)
    await door.pulse()
    assert {batch.source for _, batch in intake.bus.batches()} == {"fenghuo"}


async def test_healthz_answers_without_a_token() -> None:
    intake = started()
    del intake.client.headers["authorization"]
    assert (await intake.client.get("/healthz")).json() == {"status": "ok", "waiting": 0}


async def test_the_application_beats_while_it_lives_and_ends_cleanly() -> None:
    intake = started()
    async with intake.app.router.lifespan_context(intake.app):
        while not intake.bus.outs:
            await asyncio.sleep(0)
    assert {batch.source for _, batch in intake.bus.batches()} == {"fenghuo"}
