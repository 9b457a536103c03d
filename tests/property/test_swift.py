"""What the quick reader of batches takes, pydantic takes too and reads the same; what pydantic refuses, it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from contracts import envelope
from contracts.codec import decode_counts, decode_mixed, encode_mixed
from contracts.errors import InvalidRecord
from contracts.records import Batch, CaseEvent, CaseWords, Closed, Counts, Evidence, Mention, PaneCounts, Record
from contracts.swift import swift

read = swift(Batch, (Mention,))

names = st.text(max_size=6) | st.sampled_from(["x" * 200, "x" * 201, "\N{FIRE}" * 201])
stamps = st.datetimes(
    min_value=datetime(1800, 1, 1),
    max_value=datetime(2200, 1, 1),
    timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=8))]),
).map(lambda when: when.isoformat())
odd: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=3)
    | st.just([])
    | st.just({})
)


def said(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: kind | odd for name, kind in fields.items()})


mentions = said(
    id=names, ts=stamps, received_at=stamps, source=names, channel=names, brand=names, product=names, author=names,
    text=names, reach=st.integers(-2, 10**13), severity=st.integers(-1, 6), customer_value=st.floats(),
    extra=st.dictionaries(st.text(max_size=2), st.text(max_size=2), max_size=2), schema_version=st.integers(0, 2),
    surplus=names,
)  # fmt: skip
whole = st.fixed_dictionaries(
    {
        name: kind
        for name, kind in {
            "id": names, "ts": stamps, "received_at": stamps, "source": names, "channel": names, "brand": names,
            "text": names,
        }.items()
    }
)  # fmt: skip
events = st.fixed_dictionaries(
    {"id": names, "ts": stamps, "received_at": stamps, "source": names, "brand": names, "case_id": names},
    optional={"event": st.sampled_from(["opened", "lost"]), "rating": st.integers(-1, 11)},
)
batches = st.fixed_dictionaries(
    {},
    optional={
        "source": names | odd,
        "lateness": st.floats(-1, 1e10) | odd,
        "mentions": st.lists(mentions | whole, max_size=3) | odd,
        "cases": st.lists(events, max_size=2) | odd,
        "progress": stamps | odd,
        "end": st.booleans() | odd,
    },
)


def seen(batch: Batch) -> dict[str, Any]:
    """All fields of a batch, whatever made it."""
    return {
        "mentions": [{name: getattr(one, name) for name in Mention.model_fields} for one in batch.mentions],
        **{name: getattr(batch, name) for name in Batch.model_fields if name != "mentions"},
    }


def agree(payload: bytes) -> bool:
    try:
        wanted = Batch.model_validate_json(payload)
    except ValidationError as error:
        with pytest.raises(ValidationError) as caught:
            read(payload)
        assert caught.value.errors(include_context=False, include_input=False) == error.errors(
            include_context=False, include_input=False
        )
        return False
    assert seen(read(payload)) == seen(wanted)
    return True


@settings(max_examples=600, deadline=None)
@given(batches)
def test_whatever_comes_both_agree(fields: dict[str, Any]) -> None:
    agree(orjson.dumps(fields, option=orjson.OPT_NON_STR_KEYS, default=str) if _fits(fields) else repr(fields).encode())


@settings(max_examples=200, deadline=None)
@given(st.lists(whole, max_size=3), st.lists(events, max_size=2))
def test_good_batches_are_read_the_same(said: list[dict[str, Any]], cases: list[dict[str, Any]]) -> None:
    agree(orjson.dumps({"source": "shop", "lateness": 1, "mentions": said, "cases": cases}))


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"{", b"\xff", b"null", b"[]", b'{"source":"\xff","lateness":1}', b'{"source":"\\ud800","lateness":1}',
        b'{"source":"a","lateness":NaN}', b'{"source":"a","lateness":1e999}', b'{"source":"a","lateness":-0.0}',
        b'{"source":"a","lateness":"1.5"}', b'{"source":"a","lateness":1,"progress":1700000000}',
        b'{"source":"a","lateness":1,"progress":"2026-01-01 00:00Z"}', b'{"source":"a","source":"b","lateness":1}',
        b'{"source":"a","lateness":1,"progress":"2016-12-31T23:59:60Z"}', b'{"source":"a","lateness":1} x',
    ],
)  # fmt: skip
def test_odd_payloads_are_judged_alike(payload: bytes) -> None:
    agree(payload)


def test_case_events_stay_pydantics() -> None:
    event = {
        "id": "1", "ts": "2026-01-01T00:00:00Z", "received_at": "2026-01-01T00:00:00Z", "source": "s", "brand": "b",
        "case_id": "c", "event": "opened",
    }  # fmt: skip
    batch = read(orjson.dumps({"source": "s", "lateness": 0, "cases": [event]}))
    assert isinstance(batch.cases[0], CaseEvent)


def test_a_limit_without_counterpart_is_refused_at_once() -> None:
    class Odd(Record):
        code: str = Field(pattern="^a$")

    with pytest.raises(TypeError, match="no counterpart"):
        swift(Odd)


WORDS = CaseWords(burden="third time", threats=("12315",), polite=True)
PANE = PaneCounts(
    partition=1,
    pane=7,
    brand="Delta",
    rows={"brand=Delta": Counts(2, 1, 0, 1, 90), "brand=Delta,channel=web": Counts(2, 1, 0, 1, 90)},
    evidence=tuple(
        Evidence.model_validate(
            {
                "id": f"m{number}", "ts": "2026-03-02T04:00:00.5Z", "source": "shop", "channel": "web",
                "category": "price", "sentiment": "negative", "polarity": -0.25, "emotion": "anger",
                "heat": 0.5, "reach": 45, "signature": "ab", "keywords": ["退款", "late"],
                "text": "退款\u202e 😡", "lang": "zh", **more,
            }
        )
        for number, more in enumerate(({}, {"case_id": "c", "author": "a", "severity": 3, "case_words": WORDS}))
    ),
    cases=(
        CaseEvent.model_validate(
            {
                "id": "1", "ts": "2026-03-02T04:00:00Z", "received_at": "2026-03-02T04:00:01Z", "source": "s",
                "brand": "Delta", "case_id": "c", "event": "opened",
            }
        ),
    ),
)  # fmt: skip
MESSAGE = encode_mixed([PANE, Closed(partition=1, closed=8, alive=((7, "shop"),))])


def counted(records: list[Record]) -> list[Any]:
    """Records with their evidence spelled out, whatever made it."""
    return [
        (
            {
                **dict(one),
                "evidence": [{name: getattr(e, name) for name in Evidence.model_fields} for e in one.evidence],
            }
            if isinstance(one, PaneCounts)
            else one
        )
        for one in records
    ]


def counts_agree(payload: bytes) -> bool:
    try:
        wanted = decode_mixed(payload)
    except InvalidRecord as error:
        with pytest.raises(InvalidRecord) as caught:
            decode_counts(payload)
        assert str(caught.value) == str(error)
        return False
    assert counted(decode_counts(payload)) == counted(wanted)
    return True


def test_counts_are_read_the_same_and_come_back_from_a_pickle_as_records() -> None:
    assert counts_agree(MESSAGE)
    assert envelope.load("detect", envelope.dump("detect", decode_counts(MESSAGE))) == decode_mixed(MESSAGE)


@settings(max_examples=400, deadline=None)
@given(
    st.integers(0, len(MESSAGE) - 1),
    st.sampled_from([b"", b"0", b'"', b"null", b"-1", b"{", b"1e999"]),
    st.integers(0, 8),
)
def test_a_spoilt_message_of_counts_is_judged_alike(place: int, put: bytes, cut: int) -> None:
    counts_agree(MESSAGE[:place] + put + MESSAGE[place + cut :])


def _fits(value: Any) -> bool:
    """Whether orjson can write it: integers of at most 64 bits."""
    if isinstance(value, dict):
        return all(map(_fits, value.values()))
    if isinstance(value, list):
        return all(map(_fits, value))
    return not isinstance(value, int) or -(2**63) <= value < 2**64
