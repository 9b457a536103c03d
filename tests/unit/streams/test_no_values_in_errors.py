"""No error, dead letter or log line carries the value it is about."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codec import decode, encode
from contracts.errors import Invalid, InvalidRecord
from contracts.records import CaseEvent, DeadLetter, Mention
from fenghuo.doors import file_tools
from fenghuo.settings import load_config
from streams.dead import DeadLetters
from streams.intake import Intake
from streams.raw import CASE_FIELDS, MENTION_FIELDS
from streams.settings import SourceSettings
from streams.sources.files import FileOptions, open_file
from streams.sources.folder import Folder
from streams.sources.load import load
from streams.text.mask import Masker, pseudonym
from tests.unit.streams.intake_help import NOON, PlainFinder

ROOT = Path(__file__).resolve().parents[3]
KEY = b"k" * 32
PLANTED = "139-0000-4321"
DIGITS = "13900004321"
MASKER = Masker(KEY)

hostile = st.sampled_from(
    [
        PLANTED,
        DIGITS,
        int(DIGITS),
        float(DIGITS),
        [DIGITS],
        {"a": DIGITS},
        {DIGITS: 1},
        f"x {PLANTED} " * 40,
        None,
        True,
    ]
)


def hashed(value: str) -> str:
    return pseudonym(KEY, value)


SOURCE = SourceSettings(name="crm", extra=("note",))
INTAKE = Intake(SOURCE, MASKER, hashed, PlainFinder())
LETTERS = DeadLetters(SOURCE, MASKER, hashed)


def bare(text: str) -> str:
    """Text as somebody searches it: without what separates digits."""
    return text.replace("-", "").replace(" ", "")


items = st.dictionaries(st.sampled_from(sorted(MENTION_FIELDS | CASE_FIELDS | {"note", DIGITS})), hostile)


@settings(max_examples=300, deadline=None)
@given(items, st.booleans())
def test_whatever_is_refused_is_told_without_its_values(item: dict[str, Any], case: bool) -> None:
    """And what is accepted holds none either."""
    item = {"ts": "2026-01-05T11:59:00Z", **item}
    try:
        taken = INTAKE.take_case(item, "item 1", NOON) if case else INTAKE.take(item, "item 1", NOON)
    except InvalidRecord as error:
        letter = LETTERS.letter(error, item, NOON)
        assert DIGITS not in bare(str(error))
        assert DIGITS not in bare(encode(letter).decode())
        assert decode(DeadLetter, encode(letter)) == letter
        return
    records: list[Mention | CaseEvent] = [taken] if isinstance(taken, CaseEvent) else list(taken)
    for one in records:
        one = one.model_copy(update={"customer_value": None}) if isinstance(one, Mention) else one
        assert DIGITS not in bare(encode(one).decode())


@settings(max_examples=100, deadline=None)
@given(st.lists(items | hostile, max_size=6))
def test_many_items_are_taken_and_refused_as_each_alone(given_items: list[Any]) -> None:
    stamped = [{"ts": "2026-01-05T11:59:00Z", **one} if isinstance(one, dict) else one for one in given_items]
    placed = [(f"item {number}", one) for number, one in enumerate(stamped)]
    together = INTAKE.take_all(placed, NOON)
    assert len(together) == len(placed)
    for (place, one), taken in zip(placed, together, strict=True):
        if isinstance(taken, InvalidRecord):
            with pytest.raises(InvalidRecord) as refusal:
                INTAKE.take(one, place, NOON)
            assert str(refusal.value) == str(taken)
        else:
            assert INTAKE.take(one, place, NOON) == taken


def test_a_letter_sent_again_has_the_id_that_its_record_would_have_had() -> None:
    """So that it is a repeat of a mention that its sender sends again by itself."""
    item = {"id": PLANTED, "ts": "someday", "text": "a"}
    letter = LETTERS.letter(InvalidRecord("item 1", "ts", "not a time"), item, NOON)
    mended = {**json.loads(letter.raw_masked), "ts": "2026-01-05T11:59:00Z"}
    sent = {**item, "ts": "2026-01-05T11:59:00Z"}
    assert INTAKE.take(mended, "requeue", NOON)[0].id == INTAKE.take(sent, "item 1", NOON)[0].id


def test_a_number_in_place_of_a_time_or_of_a_reach_is_refused() -> None:
    for field, words in (("ts", "year 2100"), ("reach", "at most")):
        item = {"id": "1", "ts": "2026-01-05T11:59:00Z", "text": "a", field: DIGITS}
        with pytest.raises(InvalidRecord, match=words):
            INTAKE.take(item, "item 1")


async def test_a_file_without_a_header_or_with_a_private_name_shows_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = f"1,2026-01-05T00:00:00Z,{PLANTED},li@example.com\n" * 3
    (tmp_path / f"{DIGITS}.csv").write_text(rows)

    async def take(path: Path) -> None:
        open_file(path)

    folder = Folder(tmp_path, take)
    with caplog.at_level(logging.DEBUG):
        await folder.look()
        await folder.look()
    assert list((tmp_path / "refused").iterdir())
    assert "no column for ts and text" in caplog.text
    assert DIGITS not in bare(caplog.text)
    assert "example.com" not in caplog.text


def test_ids_made_from_content_cannot_be_guessed_without_the_key(tmp_path: Path) -> None:
    """A plain hash of a text with a number in it gives the number away to whoever tries all numbers."""
    path = tmp_path / "rows.csv"
    path.write_text(f"ts,text\n2026-01-05T00:00:00Z,call {DIGITS}\n")
    tools = file_tools(load_config(ROOT / "config"), KEY)
    ids = {
        load(path, FileOptions(key=key), tools, at=NOON + timedelta(days=1)).rows[0].mentions[0].id
        for key in (b"", KEY, b"other" * 5)
    }
    assert len(ids) == 3


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.ndjson", "a.json", "a.xlsx", "a.csv.gz", "a.bin"]))
def test_any_bytes_are_rows_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    """Nothing but an Invalid ever leaves the loader: a folder's task must not die of a file."""
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(content)
    tools = file_tools(CONFIG, KEY)
    try:
        load(path, FileOptions(columns={"ts": "a", "text": "b"} if len(content) % 2 else {}), tools, at=NOON)
    except Invalid as error:
        assert "\n" not in str(error)


CONFIG = load_config(ROOT / "config")
