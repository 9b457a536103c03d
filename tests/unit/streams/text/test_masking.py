"""Masking at the door. All numbers here are made up or published examples."""

from __future__ import annotations

import re

import pytest

from streams.text.mask import Kind, Masker, pseudonym

KEY = b"a key of 16 byte"
MASKER = Masker(KEY)
MASK = re.compile(rf"\[({'|'.join(Kind)})#[0-9a-f]{{6}}]")


def kinds(text: str) -> list[Kind]:
    return [span.kind for span in MASKER.mask_spans(text)[1]]


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "138-1234-5678",
        "138 1234 5678",
        "+86 138 1234 5678",
        "+8613812345678",
        "0086-13812345678",
        "１３８１２３４５６７８",
        "１３８．１２３４．５６７８",
        "1-3-8-1-2-3-4-5-6-7-8",
    ],
)
def test_one_mobile_number_has_one_mask_however_it_is_written(text: str) -> None:
    assert MASKER.mask(f"请打{text}找我") == MASKER.mask("请打13812345678找我")
    assert kinds(text) == [Kind.PHONE]


@pytest.mark.parametrize(
    "text",
    ["010-62345678", "(010) 62345678", "0755 26712345", "+86-10-62345678", "+44 20 7183 8750", "00442071838750",
     "+1 (650) 253-0000", "214-555-1234", "(214) 555-1234"],
)  # fmt: skip
def test_other_phone_numbers(text: str) -> None:
    assert kinds(f"call {text} now") == [Kind.PHONE]
    assert not re.search(r"\d{4}", MASK.sub("", MASKER.mask(f"call {text} now")))


@pytest.mark.parametrize(
    "text", ["11010519491231002X", "11010519491231002x", "110105 19491231 002X", "130503670401001"]
)
def test_id_cards(text: str) -> None:
    assert MASKER.mask(f"身份证{text}，谢谢").count("[身份证#") == 1
    assert kinds(text) == [Kind.ID_CARD]


@pytest.mark.parametrize(
    "text", ["4111111111111111", "4111-1111-1111-1111", "5500 0000 0000 0004", "6222021234567890128"]
)
def test_bank_cards(text: str) -> None:
    assert kinds(f"卡{text}被盗刷") == [Kind.BANK_CARD]


@pytest.mark.parametrize(
    "text", ["a.b+c@example.com", "A_B@mail.example.com.cn", "13812345678@example.com", "me＠example.com"]
)
def test_addresses(text: str) -> None:
    assert MASKER.mask(f"写信到{text}。") == f"写信到{MASKER.mask(text)}。"
    assert kinds(text) == [Kind.EMAIL]


@pytest.mark.parametrize(
    "text",
    [
        "订单 20240001 付了 3999.00 元",
        "2015-02-16 23:36:05",
        "20150216233605",
        "￥1,234,567.89",
        "http://t.co/567588278875213824",
        "https://twitter.com/a/status/567588278875213824?s=4111111111111111",
        "投诉请打12315或95588，400-820-8820，1-800-433-7300",
        "3.14159265358979",
        "1 2 3 4 5 6 7 8 9 10 11 12 13",
        "11010519491231002A 110105194912310021",
        "4111111111111112",
        "192.168.100.200",
        "@united @SouthwestAir 666666666666666",
        "航班 CA1234 10:30-12:45",
        "",
    ],
)
def test_what_is_not_private_stays(text: str) -> None:
    assert MASKER.mask(text) == text


def test_a_phone_number_in_a_link_is_still_private() -> None:
    assert kinds("https://example.com/?tel=13812345678") == [Kind.PHONE]


def test_neighbours_are_masked_one_by_one() -> None:
    masked = MASKER.mask("13812345678 13912345678,a@example.com13712345678")
    assert len(MASK.findall(masked)) == 4
    assert not re.search(r"\d{7}", masked)


def test_spans_point_into_the_text_as_it_was() -> None:
    text = "电话13812345678，邮箱a@example.com。"
    masked, spans = MASKER.mask_spans(text)
    assert [text[span.start : span.end] for span in spans] == ["13812345678", "a@example.com"]
    assert all(span.mask in masked for span in spans)


def test_masks_differ_by_value_and_by_key_and_masking_twice_changes_nothing() -> None:
    one, other = MASKER.mask("13812345678"), MASKER.mask("13812345679")
    assert one != other
    assert Masker(b"another key, also 16").mask("13812345678") != one
    assert MASKER.mask(one) == one


def test_a_link_stays_the_same_link_when_something_in_it_is_masked() -> None:
    once = MASKER.mask("http://0100000000+3100000")
    assert MASKER.mask(once) == once


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16"):
        Masker(b"short")


def test_pseudonyms_are_keyed_and_stable() -> None:
    assert re.fullmatch("[0-9a-f]{24}", pseudonym(KEY, "张三"))
    assert pseudonym(KEY, "张三") == pseudonym(KEY, "张三") != pseudonym(KEY, "李四")
    assert pseudonym(KEY, "张三") != pseudonym(b"another key, also 16", "张三")
    assert pseudonym(KEY, "\ud800")


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "@",
        "a@",
        "a.",
        "13812345678 ",
        "[电话#",
        "+1",
        "(",
        "www.",
        "00 4420 ",
        "138 1234 5678@",
        "١",
        "http://a 1234567 ",
    ],
)
def test_hostile_texts_take_linear_time(unit: str) -> None:
    """A pattern that backtracked over 100 000 characters would not come back within the test's time limit."""
    text = unit * (100_000 // len(unit))
    once = MASKER.mask(text)
    assert MASKER.mask(once) == once
