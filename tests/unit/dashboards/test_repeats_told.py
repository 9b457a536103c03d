"""Of the texts behind a point it is told which repeat another of them, and nothing is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codec import encode_mixed
from contracts.ports import Out
from contracts.records import Evidence, PaneCounts
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.desk.recent_texts import RecentTexts
from fenghuo.desk.repeats import with_repeats
from fenghuo.desk.texts import LogTexts
from streams.text.signature import signature
from tests.browser.town import Town
from tests.unit.dashboards.console_visit import come_in
from tests.unit.detectors.test_copies import EDITS, IN_OWN_WORDS, TEXT

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
HOUR = (NOON, NOON + timedelta(hours=1))
PLACE = "/sentiment/texts?series=brand%3DA&start=2026-03-02T04:00:00Z&seconds=3600"


def said(number: int, text: str, after: timedelta | None = None, **more: object) -> Evidence:
    """The mention of this number, a second after the one before it."""
    values: dict[str, object] = {
        "id": f"m{number:03}", "ts": NOON + (timedelta(seconds=number) if after is None else after), "source": "s",
        "channel": "weibo", "category": "quality", "sentiment": "negative", "polarity": -1, "emotion": "anger",
        "heat": 0.5, "reach": 1, "signature": signature(text), "keywords": (), "text": text, "lang": "zh",
    }  # fmt: skip
    return Evidence.model_validate(values | more)


def all_said(texts: Sequence[str]) -> list[Evidence]:
    """One mention of each."""
    return [said(number, text) for number, text in enumerate(texts)]


def pane(*some: Evidence, brand: str = "A") -> PaneCounts:
    """What was counted of them."""
    return PaneCounts(partition=0, pane=0, brand=brand, evidence=some)


def test_edited_copies_name_the_first_and_own_words_name_nobody() -> None:
    listed = with_repeats(all_said([TEXT, *EDITS, *IN_OWN_WORDS]))
    assert [one.copy_of for one in listed] == [None] + ["m000"] * len(EDITS) + [None] * len(IN_OWN_WORDS)
    assert [one.copies for one in listed] == [len(EDITS)] + [0] * (len(EDITS) + len(IN_OWN_WORDS))


def test_a_text_too_short_repeats_nothing_and_an_empty_list_is_one() -> None:
    assert [one.copy_of for one in with_repeats(all_said(["太差了", "太差了"]))] == [None, None]
    assert with_repeats([]) == []


@pytest.mark.parametrize(("hours", "first"), [(23.9, "m000"), (24.1, None)])
def test_after_a_day_the_same_is_a_voice_again(hours: float, first: str | None) -> None:
    later = said(1, EDITS[0], timedelta(hours=hours))
    assert with_repeats([said(0, TEXT), later])[1].copy_of == first
    assert with_repeats([said(0, TEXT), later], timedelta(hours=1))[1].copy_of is None


@given(st.lists(st.sampled_from((TEXT, *EDITS, *IN_OWN_WORDS, "太差了")), max_size=30))
def test_each_is_listed_once_and_repeats_an_earlier_voice(texts: list[str]) -> None:
    found = all_said(texts)
    listed = with_repeats(found)
    assert [one.evidence for one in listed] == found
    voices: dict[str, int] = {}
    for one in listed:
        if one.copy_of is None:
            voices[one.evidence.id] = one.copies
        else:
            assert one.copy_of in voices and one.copies == 0
    assert len(voices) + sum(voices.values()) == len(found)


async def test_of_one_time_the_id_decides_and_brands_are_apart() -> None:
    texts = RecentTexts()
    texts.take([pane(said(2, EDITS[0], timedelta()), said(1, TEXT, timedelta())), pane(said(3, EDITS[1]), brand="B")])
    listed = await texts.behind("A", *HOUR, {})
    assert [(one.evidence.id, one.copy_of, one.copies) for one in listed] == [("m001", None, 1), ("m002", "m001", 0)]
    assert [one.copy_of for one in await texts.behind("B", *HOUR, {})] == [None]


async def test_nothing_refers_to_a_text_that_the_limit_left_out() -> None:
    texts = RecentTexts()
    texts.take([pane(said(0, TEXT, heat=0.1), *(said(one, EDITS[one], heat=0.9) for one in (1, 2)))])
    listed = await texts.behind("A", *HOUR, {}, 2)
    assert [(one.evidence.id, one.copy_of, one.copies) for one in listed] == [("m001", None, 1), ("m002", "m001", 0)]


async def test_how_long_a_text_is_known_reaches_the_texts_of_the_log() -> None:
    log = MemoryLog()
    both = pane(said(0, TEXT), said(1, EDITS[0], timedelta(minutes=30)))
    await log.send([Out(Topic.COUNTS, "A", encode_mixed([both]), 0)])
    for known_for, first in ((timedelta(hours=24), "m000"), (timedelta(minutes=10), None)):
        texts = LogTexts(log, partitions=1, known_for=known_for)
        assert [one.copy_of for one in await texts.behind("A", *HOUR, {})] == [None, first]


async def test_the_page_says_copies_and_voices_in_both_languages(client: httpx.AsyncClient, town: Town) -> None:
    await come_in(client)
    assert 'id="voices"' not in (await client.get(PLACE)).text
    town.texts.take([pane(*all_said([TEXT, *EDITS[:2], *IN_OWN_WORDS[:1]]), said(9, "太差了"))])
    shown = {}
    for language in ("zh", "en"):
        await client.get(f"/language/{language}")
        page = (await client.get(PLACE)).text
        assert 'data-listed="5" data-voices="3"' in page and page.count("<article") == 5
        assert re.findall(r'<article [^>]*id="(text-\d)"', page) == [f"text-{one}" for one in range(5)]
        assert page.count('<a href="#text-0">') == 2 and page.count("data-copies=") == 1
        shown[language] = page
    assert all(one in shown["zh"] for one in ("其中独立声音", "近似转发，原文", "另有 2 条近似", "2026-03-02 12:00:00"))
    assert all(one in shown["en"] for one in ("independent voices among them", "near-copy of", "2 near-copies"))


async def test_what_outsiders_wrote_is_escaped_beside_a_copy_too(client: httpx.AsyncClient, town: Town) -> None:
    await come_in(client)
    evil = "<script>alert(1)</script>"
    both = (said(one, text + evil, id=f"{evil}{one}", channel=evil) for one, text in enumerate((TEXT, EDITS[0])))
    town.texts.take([pane(*both)])
    page = (await client.get(PLACE)).text
    assert evil not in page and page.count("&lt;script&gt;alert(1)") >= 5
    assert '<a href="#text-0">' in page and "另有 1 条近似" in page


async def test_a_case_shows_each_of_its_texts(client: httpx.AsyncClient, town: Town) -> None:
    await come_in(client)
    await town.signal("A", HOUR[1], 2.5)
    town.texts.take([pane(*(said(one, text, case_id="c1") for one, text in enumerate((TEXT, EDITS[0]))))])
    page = (await client.get("/cases/c1?brand=A")).text
    assert page.count("<blockquote>") == 2 and TEXT in page
