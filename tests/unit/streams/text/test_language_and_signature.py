"""Language by script, and signatures that copies share."""

from __future__ import annotations

import pytest

from streams.text.language import language
from streams.text.signature import signature


@pytest.mark.parametrize(
    "text, expected",
    [
        ("物流太慢了，三天没到", "zh"),
        ("where is my bag", "en"),
        ("客服 never picks up the phone 三天了", "mixed"),
        ("iPhone 的屏幕坏了，没人管", "zh"),
        ("@united http://t.co/abcdef 航班延误了", "zh"),
        ("@united http://t.co/abcdef", "other"),
        ("これはひどいサービスです", "other"),
        ("очень плохо", "other"),
        ("정말 최악이에요", "other"),
        ("12345 !!! 😡", "other"),
        ("", "other"),
        ("mi vuelo está cancelado y no hay información para los pasajeros", "other"),
        ("le service est très mauvais et je ne suis pas content", "other"),
        ("der Flug ist nicht pünktlich und ich bin sehr enttäuscht", "other"),
        ("que sera sera, my flight is late", "en"),
        ("no baggage", "en"),
        ("I paid for a café latte and got nothing", "en"),
        ("漢字質量問題很嚴重", "zh"),
    ],
)
def test_language_by_script(text: str, expected: str) -> None:
    assert language(text) == expected


COPY = "快鹿外卖的骑手迟到两个小时还骂人，大家不要点"


@pytest.mark.parametrize(
    "edited",
    [
        "快鹿外卖的骑手迟到两个小时还骂人 大家不要点！！！！",
        "@某人 快鹿外卖的骑手迟到两个小时还骂人，大家不要点😡😡",
        "快鹿外卖的骑手 迟到两个小时，还骂人。大家不要点 https://t.cn/A6xyz",
        "快鹿外賣的騎手遲到兩個小時還罵人，大家不要點[怒]",
    ],
)
def test_a_dressed_up_copy_keeps_its_signature(edited: str) -> None:
    assert signature(edited) == signature(COPY) != ""


def test_numbers_case_and_masks_make_no_difference() -> None:
    assert signature("Order 1234 never arrived, call [电话#3f9a1c]") == signature(
        "order 98 NEVER arrived call [电话#aaaaaa]"
    )
    assert signature("第12号订单一直没有送到我手上") == signature("第9号订单一直没有送到我手上")


def test_another_word_makes_another_signature() -> None:
    assert signature(COPY) != signature(COPY.replace("骂人", "道歉"))


def test_short_texts_are_never_copies() -> None:
    assert signature("太差了！！！！！！！！！！！！") == ""
    assert signature("bad service") == ""


def test_ascii_and_the_general_way_agree() -> None:
    plain = "They lost my bag 123 times, terrible_service (really)"
    assert signature(plain) == signature(plain + "，")
