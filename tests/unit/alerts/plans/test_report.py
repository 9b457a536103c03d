"""The report holds every step, time and person, and nothing somebody typed becomes markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.plans.machine import close, done, tick
from alerts.plans.report import html, markdown, report
from contracts.errors import InvalidRecord
from tests.unit.alerts.plans.given import at, started

SHANGHAI = ZoneInfo("Asia/Shanghai")
NASTY = "<script>alert(1)</script> | [x](http://evil.example) `a` # * _\n## more"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += [name for name, _ in attrs]


def story(note: str, by: str) -> tuple[str, str]:
    run, events = started(note=note)
    run, more = done(run, "confirm", by, at(20), note=note)
    events += more
    run, more = tick(run, at(70))
    events += more
    _, more = close(run, by, at(80), note)
    told = report([*events, *more], SHANGHAI)
    return markdown(told), html(told)


def test_every_step_time_and_person_stands_in_it() -> None:
    text, page = story("all seen", "wang")
    for form in (text, page):
        assert "2026-03-02 20:20:00" in form
        assert "wang" in form
        assert "all seen" in form
        assert "5 min done late" in form
        assert "overdue, not done" in form
        assert "1 h 20 min" in form
        assert "legal department/legal" in form
    assert text.count("task overdue") == 2


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    _, page = story(NASTY, NASTY)
    tags = Tags()
    tags.feed(page)
    assert set(tags.seen).isdisjoint({"script", "img", "link", "iframe", "a", "object"})
    assert set(tags.attributes).isdisjoint({"src", "href", "onload", "onclick"})
    assert "default-src 'none'" in page


@settings(deadline=None, max_examples=30)
@given(st.text(max_size=80))
def test_markdown_rows_keep_their_cells_whatever_was_typed(typed: str) -> None:
    text, _ = story(typed or "x", "wang")
    for line in text.split("\n"):
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) in (5, 6, 8)
    assert not re.search(r"(?<!\\)<", text)


def test_without_a_start_there_is_no_report() -> None:
    run, _ = started()
    _, events = tick(run, at(70))
    with pytest.raises(InvalidRecord):
        report(events, SHANGHAI)
