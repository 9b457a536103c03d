"""The door lets in what is valid and masked, and says of everything else where and why it was refused."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from contracts.errors import InvalidRecord
from contracts.records import CaseEventKind, Mention
from tests.unit.streams.intake_help import NOON, PHONE, intake, pseudonym, raw


def take(item: object, **given: object) -> tuple[Mention, ...]:
    return intake(**given).take(item, "item 3", NOON)


def refusal(item: object, **given: object) -> InvalidRecord:
    with pytest.raises(InvalidRecord) as caught:
        take(item, **given)
    assert caught.value.place == "item 3"
    return caught.value


def test_a_good_item_becomes_a_mention_with_its_time_in_utc() -> None:
    (mention,) = take(raw(channel="weibo", reach="12", severity=3, customer_value=9.5))
    assert (mention.id, mention.brand, mention.channel, mention.reach, mention.severity) == (
        "m1",
        "Delta",
        "weibo",
        12,
        3,
    )
    assert mention.ts == datetime(2026, 1, 5, 11, 59, tzinfo=UTC) and mention.ts.utcoffset() == timedelta(0)
    assert mention.received_at == NOON and mention.source == "hotline"


def test_a_text_about_two_brands_gives_two_mentions_of_one_id() -> None:
    assert [(one.id, one.brand) for one in take(raw(text="Delta and United"))] == [("m1", "Delta"), ("m1", "United")]


def test_a_text_about_nothing_watched_is_counted_under_other() -> None:
    assert take(raw(text="nice day"))[0].brand == "other"
    assert take(raw(text="nice day"), brand="JetBlue")[0].brand == "JetBlue"


def test_everything_written_by_people_is_masked() -> None:
    given = dict(
        text=f"call {PHONE}", product=PHONE, region=PHONE, channel=PHONE, brand=PHONE, author=PHONE, case_id="C1"
    )
    (mention,) = take(raw(id=f"id-{PHONE}", store=PHONE, **given), extra=["store"])
    assert PHONE not in mention.model_dump_json()
    assert mention.author == pseudonym(PHONE) and mention.case_id == pseudonym("C1")
    assert mention.id == pseudonym(f"id-{PHONE}")
    assert mention.extra == {"store": "[phone]"}


def test_the_same_item_always_gives_the_same_record() -> None:
    assert take(raw(author="x")) == take(raw(author="x"))


def test_labels_and_unknown_fields_are_ignored_and_named() -> None:
    item = raw(sentiment="negative", category="baggage", shoe_size=44)
    assert take(item) == take(raw())
    assert intake().ignored(item) == {"sentiment", "category", "shoe_size"}


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"id": None}, "id", "must be text"),
        ({"id": "  "}, "id", "is empty"),
        ({"id": "x" * 1_000_000}, "id", "longer than 256"),
        ({"id": ["x"]}, "id", "must be text"),
        ({"id": True}, "id", "must be text"),
        ({"text": ""}, "text", "is empty"),
        ({"text": 5}, "text", "must be text"),
        ({"text": "x" * 10_000_000}, "text", "longer than 20,000"),
        ({"text": "bad \ud800 text"}, "text", "no Unicode"),
        ({"author": "bad \udcff"}, "author", "no Unicode"),
        ({"ts": None}, "ts", "is missing"),
        ({"ts": "yesterday"}, "ts", "not a time"),
        ({"ts": {"$date": 1}}, "ts", "not a time"),
        ({"ts": "2026-01-05T12:00:00"}, "ts", "no zone"),
        ({"ts": "1970-01-01T00:00:00Z"}, "ts", "empty clock"),
        ({"ts": 0}, "ts", "empty clock"),
        ({"ts": "2026-01-05T12:01:01Z"}, "ts", "60 s ahead"),
        ({"ts": "2026-02-30T12:00:00Z"}, "ts", "calendar"),
        ({"ts": "9999-12-31T23:59:59-08:00"}, "ts", "calendar"),
        ({"ts": math.nan}, "ts", "calendar"),
        ({"reach": "many"}, "reach", "whole number"),
        ({"reach": -1}, "reach", "at least 0"),
        ({"reach": True}, "reach", "not true or false"),
        ({"reach": math.inf}, "reach", "finite"),
        ({"reach": 10**30}, "reach", "at most"),
        ({"severity": 9}, "severity", "at most 5"),
        ({"customer_value": math.nan}, "customer_value", "finite"),
        ({"customer_value": "nan"}, "customer_value", "finite"),
        ({"channel": "x" * 201}, "channel", "longer than 200"),
        ({"author": {"name": "x"}}, "author", "must be text"),
    ],
)
def test_a_bad_field_is_refused_by_name(change: dict[str, object], field: str, words: str) -> None:
    error = refusal(raw(**change))
    assert error.field == field
    assert words in error.reason


@pytest.mark.parametrize("field", ["id", "ts", "text"])
def test_a_missing_field_is_refused_by_name(field: str) -> None:
    item = raw()
    del item[field]
    assert (refusal(item).field, refusal(item).reason) == (field, "is missing")


@pytest.mark.parametrize("item", [None, 5, "text", [1], math.nan])
def test_what_is_no_object_is_refused(item: object) -> None:
    assert "must be an object" in refusal(item).reason


@pytest.mark.parametrize("value", [{"a": 1}, math.nan, "x" * 1_001, "bad \ud800"])
def test_a_bad_extra_field_is_refused(value: object) -> None:
    assert refusal(raw(store=value), extra=["store"]).field == "store"


def test_a_refusal_never_quotes_the_value() -> None:
    for change in ({"ts": PHONE * 2}, {"reach": PHONE + "x"}, {"severity": PHONE}, {"id": PHONE * 50}):
        assert PHONE not in str(refusal(raw(**change)))


def test_a_time_is_trusted_up_to_a_minute_ahead_of_its_arrival() -> None:
    assert take(raw(ts="2026-01-05T12:01:00Z"))


def test_a_time_without_zone_is_read_in_the_zone_of_its_source() -> None:
    (mention,) = take(raw(ts="2026/1/5 19:59:00"), tz="Asia/Shanghai")
    assert mention.ts == datetime(2026, 1, 5, 11, 59, tzinfo=UTC)


def test_a_row_of_a_file_arrives_in_its_own_time() -> None:
    (mention,) = intake(kind="file").take(raw(ts="2031-01-01T00:00:00Z"), "row 2")
    assert mention.received_at == mention.ts


def test_a_case_event_hides_its_case_and_knows_its_kind() -> None:
    item = {
        "id": "e1",
        "ts": "2026-01-05T11:00:00Z",
        "case_id": "C1",
        "event": "replied",
        "brand": "Delta",
        "rating": "4",
    }
    event = intake().take_case(item, "item 0", NOON)
    assert (event.case_id, event.event, event.brand, event.rating) == (
        pseudonym("C1"),
        CaseEventKind.REPLIED,
        "Delta",
        4,
    )
    with pytest.raises(InvalidRecord, match="must be one of opened, assigned"):
        intake().take_case({**item, "event": "exploded"}, "item 0", NOON)


def test_a_file_may_say_where_its_rows_came_from_and_a_sender_may_not() -> None:
    assert take(raw(source="weibo"), kind="file")[0].source == "weibo"
    assert take(raw(source="fenghuo"), kind="file")[0].source == "hotline"
    assert take(raw(source="weibo"))[0].source == "hotline"
