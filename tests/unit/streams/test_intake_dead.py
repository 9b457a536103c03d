"""A dead letter tells where and why, can be sent again, and holds nothing unmasked."""

from __future__ import annotations

import json

import pytest

from contracts.errors import InvalidRecord
from contracts.records import DeadLetter
from streams.dead import DeadLetters
from tests.unit.streams.intake_help import NOON, PHONE, PlainMask, intake, pseudonym, raw, source

ERROR = InvalidRecord("item 3", "ts", "is missing")


def letter(item: object, error: InvalidRecord = ERROR) -> DeadLetter:
    return DeadLetters(source(extra=["store"]), PlainMask(), pseudonym).letter(error, item, NOON)


def test_every_string_is_masked_and_persons_are_hidden() -> None:
    item = raw(text=f"call {PHONE}", author="Zhang San", case_id="C-77", store=[PHONE, {"id": PHONE}], nickname="Li Si")
    dump = letter(item).model_dump_json()
    for secret in (PHONE, "Zhang San", "C-77", "Li Si"):
        assert secret not in dump


def test_what_it_kept_can_be_sent_again_and_means_the_same_people() -> None:
    item = raw(author="Zhang San", case_id=77, reach=5)
    again = json.loads(letter(item).raw_masked)
    assert intake().take(again, "item 0", NOON) == intake().take(item, "item 0", NOON)


@pytest.mark.parametrize(
    "broken",
    [
        '{"author": "Zhang San", "text": "call %s',
        "{'author': 'Zhang San', 'text': '%s",
        "author=Zhang San, text=%s",
        '{"text": "%s", "author": "Zhang San',
    ],
)
def test_what_could_not_be_taken_apart_hides_persons_too(broken: str) -> None:
    for item in (broken % PHONE, (broken % PHONE).encode()):
        kept = letter(item)
        assert "Zhang San" not in kept.preview and PHONE not in kept.preview
        assert kept.raw_masked == ""


def test_a_number_that_is_cut_in_half_does_not_show() -> None:
    for length in range(3_985, 4_001):
        assert "13800" not in letter("x" * length + PHONE).preview
        assert "13800" not in letter({"text": "x" * (length + 16_000) + PHONE}).raw_masked


def test_it_stays_small_whatever_came() -> None:
    huge = letter({"id": "x" * 1_000_000, "text": "界" * 10_000_000, "store": [["y" * 1_000] * 1_000] * 1_000})
    assert len(huge.preview) <= 500 and len(huge.raw_masked) <= 100_000
    assert letter(b"\xff" * 1_000_000).preview
    assert letter(None).preview == ""


def test_stray_bytes_and_deep_nests_do_no_harm() -> None:
    deep: object = "x"
    for _ in range(500):
        deep = {"text": [deep]}
    assert letter(deep).id != letter({"text": "bad \ud800"}).id


def test_the_same_item_gives_the_same_letter() -> None:
    assert letter(raw()) == letter(raw())


def test_an_unknown_field_name_is_not_repeated() -> None:
    assert letter(raw(), InvalidRecord("item 3", PHONE, "is odd")).field == ""
