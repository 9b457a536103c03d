"""What a complaint's words say beyond its reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.text.case_words import CaseReader
from streams.text.grade import GradeSettings

READ = CaseReader().read


@pytest.mark.parametrize(
    "text",
    ["等了三天还没发货", "打了兩次電話都沒人接", "退款一直收不到", "第四次提交材料了", "still no reply",
     "I've been on hold", "called them twice already", "it keeps crashing", "they won't let me cancel"],
)  # fmt: skip
def test_burdens_are_found(text: str) -> None:
    assert READ(text).burden


@pytest.mark.parametrize(
    "text",
    ["麻烦您帮我看一下", "太麻烦您了，辛苦了", "给您添麻烦了", "sorry to bother you again", "no trouble at all",
     "等了三天，终于收到了，谢谢", "that fixed it, thanks", "请问保修几年", "where can I find the invoice?"],
)  # fmt: skip
def test_courtesies_and_what_is_over_are_no_burden(text: str) -> None:
    assert READ(text).burden == ""


def test_courtesies_are_polite() -> None:
    assert READ("麻烦您帮我看一下").polite and READ("sorry to bother you").polite
    assert not READ("等了三天").polite


@pytest.mark.parametrize(
    ("text", "sorts"),
    [("法院见", 1), ("我要去12315投诉，再找记者曝光", 2), ("明天就去你们总部拉横幅", 1), ("再不退我就报警", 1),
     ("see you in court", 1), ("my lawyer will write to the ombudsman and I'm calling the BBC", 3),
     ("钱包被偷了我要报警", 0), ("我不想投诉到12315", 0), ("we are not going to sue you", 0), ("court shoes in red", 0),
     ("请问律师费怎么算", 0)],
)  # fmt: skip
def test_threats_are_found_unless_denied(text: str, sorts: int) -> None:
    assert len(READ(text).threats) == sorts


def test_danger_is_no_figure_of_speech() -> None:
    assert READ("今晚就从你们楼上跳楼").danger
    assert READ("跳楼价大甩卖").danger == ""
    assert READ("this wait is killing me, would it kill you to answer").danger == ""


def test_authorities_are_counted_by_the_words_of_the_settings() -> None:
    assert READ("12315和媒体都找过了").authority == 2
    assert CaseReader(GradeSettings(authority_words="海关")).read("12315，海关").authority == 1


@pytest.mark.parametrize("text", ["在吗？", "您好", "？？", "hello??", "A-20260105", "[电话#a1b2c3]", ""])
def test_nudges_and_numbers_are_idle(text: str) -> None:
    assert READ(text).idle


@pytest.mark.parametrize("text", ["在吗？等了三天了", "hello, my parcel is lost"])
def test_what_says_something_is_not(text: str) -> None:
    assert not READ(text).idle


def test_the_end_of_a_long_text_is_read_too() -> None:
    assert READ("店里的灯很亮。" * 1000 + "明天法院见").threats


@given(st.text(max_size=300))
def test_any_text_is_read_and_the_same_again(text: str) -> None:
    assert READ(text) == READ(text)


@pytest.mark.parametrize("text", ["等" * 500_000, "a" * 1_000_000, "第三" * 250_000, "not " * 250_000, "[" * 1_000_000])
def test_hostile_texts_are_cut_before_they_are_read(text: str) -> None:
    assert READ(text) == READ(text[:1000] + "\n" + text[-1000:])
