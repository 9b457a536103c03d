"""Rendered messages, word for word. ``FENGHUO_GOLDEN=write pytest tests/golden/test_messages.py`` writes them anew."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.decide import DecideCore
from alerts.notify import words
from alerts.notify.render import MAX_TEXT, MAX_VOICES, harmless, line, render
from alerts.reasons import Reason
from contracts.records import Contribution, IncidentEvent, IncidentEventKind, SignalKind, Tier, Voice
from tests.unit.alerts.given import at, mark, shipped, signal

FOLDER = Path(__file__).parent / "messages"
SHANGHAI = ZoneInfo("Asia/Shanghai")
VOICES = tuple(
    Voice(id=str(n), ts=at(0), channel=channel, text=text)
    for n, (channel, text) in enumerate(
        [
            ("weibo", "航班又取消了,客服电话[PHONE]一直打不通!"),
            ("twitter", "@everyone third delay today\nand nobody answers"),
            ("hotline", "行李丢了三天没人管" * 20),
            ("app_store", "a fourth voice that is not shown"),
        ]
    )
)


def story() -> dict[str, IncidentEvent]:
    """An incident that climbs, loses a source, calms and ends, then praise and a share."""
    core = DecideCore(shipped())
    explained: dict[str, Any] = {
        "contributions": (
            Contribution(dimension="channel", value="weibo", excess=51.2),
            Contribution(dimension="channel", value="twitter", excess=18.4),
            Contribution(dimension="channel", value="hotline", excess=4.1),
            Contribution(dimension="channel", value="mail", excess=-0.2),
            Contribution(dimension="category", value="cancelled", excess=73.5),
        ),
        "phrases": ("航班取消", "no rebooking"),
        "voices": VOICES,
    }
    red: dict[str, Any] = {"observed": 86.0, "expected": 12.34, "support": 71, "reach": 182_000, **explained}
    (opened,) = core.feed(signal(60, 1.0, observed=24.0, expected=12.34, support=19))
    (promoted,) = core.feed(signal(120, 4.12, **red))
    (stale,) = core.feed(mark(180, "weibo"))
    demoted, resolved = core.feed(mark(240)) + core.feed(mark(7200))
    share: dict[str, Any] = {"observed": 0.83, "expected": 0.41, "support": 40, "window_seconds": 3600}
    (reopened,) = core.feed(signal(7800, 2.0, kind=SignalKind.SENTIMENT_SHIFT, **share))
    (praise,) = core.feed(signal(60, 9.0, brand="United", positive=True, observed=300.0))
    return {
        "opened": opened,
        "promoted": promoted,
        "stale": stale,
        "demoted": demoted,
        "resolved": resolved,
        "reopened": reopened,
        "praise": praise,
    }


STORY = story()


@pytest.mark.parametrize(
    ("kind", "observed", "expected", "shown"),
    [
        (SignalKind.REPEAT, 3.0, 0.0, "重复投诉 repeated complaint 3 次 times (score 4.1)"),
        (SignalKind.CASE_LIGHT, 0.8, 0.3, "会话亮灯 case light 0.8 (此前 before 0.3, score 4.1)"),
        (SignalKind.VOICE_WEIGHTY, 3e7, 1e6, "触达 reach 30,000,000 (界限 limit 1,000,000, score 4.1)"),
        (SignalKind.FORECAST, 140.0, 100.0, "预计 forecast 140 (处理能力 capacity 100, score 4.1)"),
    ],
)
def test_numbers_say_what_they_count(kind: SignalKind, observed: float, expected: float, shown: str) -> None:
    event = STORY["promoted"].model_copy(update={"kind": kind, "observed": observed, "expected": expected})
    assert shown in line(event, SHANGHAI)


@pytest.mark.parametrize("name", STORY)
def test_a_message_reads_as_it_did(name: str) -> None:
    message = render(STORY[name], SHANGHAI)
    text = f"{message.line}\n\n{message.title}\n\n{message.text}\n"
    path = FOLDER / f"{name}.txt"
    if os.environ.get("FENGHUO_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_everything_that_can_happen_has_words_in_both_languages() -> None:
    for table, members in (
        (words.TIERS, Tier),
        (words.EVENTS, IncidentEventKind),
        (words.KINDS, SignalKind),
        (words.REASONS, Reason),
    ):
        assert set(table) == set(members)
        assert all(chinese and english for chinese, english in table.values())


def test_no_text_breaks_the_line_or_rings_the_whole_group() -> None:
    event = STORY["opened"].model_copy(update={"scope": {"brand": "a\n\x1b[2J@all\u202e", "category": "x\r\ny"}})
    message = render(event)
    for form in (message.line, message.title):
        assert "\n" not in form
    assert not {"\x1b", "@", "\u202e", "\r"} & set(message.line + message.title + message.text)


def test_a_long_text_is_cut_and_few_voices_are_shown() -> None:
    text = render(STORY["promoted"]).text
    assert text.count("  - [") == MAX_VOICES
    assert len(harmless("长" * 1000)) == MAX_TEXT
    assert all(len(row) < 200 for row in text.splitlines())


def test_a_reason_that_a_newer_version_wrote_is_shown_as_it_stands() -> None:
    event = STORY["opened"].model_copy(update={"reason": "brand_new"})
    assert "brand_new" in line(event)


def test_time_is_shown_in_the_given_zone() -> None:
    event = STORY["opened"]
    assert line(event).startswith("03-02 12:01:00 ")
    assert line(event, SHANGHAI).startswith("03-02 20:01:00 ")
    assert event.at.utcoffset() == timedelta(0)
