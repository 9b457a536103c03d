"""Masking of what a cue gives away, and of plates and addresses. All values here are made up."""

from __future__ import annotations

import pytest

from streams.text.mask import Kind, Masker

MASKER = Masker(b"a key of 16 byte")


def found(text: str) -> list[tuple[Kind, str]]:
    return [(span.kind, text[span.start : span.end]) for span in MASKER.mask_spans(text)[1]]


@pytest.mark.parametrize(
    "text, kind, value",
    [
        ("姓名：王小明，请回复", Kind.NAME, "王小明"),
        ("本人张伟，于上周购买", Kind.NAME, "张伟"),
        ("请联系欧阳娜娜女士", Kind.NAME, "欧阳娜娜"),
        ("感谢王伟先生", Kind.NAME, "王伟"),
        ("投訴人姓名：陳麗華", Kind.NAME, "陳麗華"),
        ("my name is john smith and i am angry", Kind.NAME, "john smith"),
        ("My name's Anna O'Brien.", Kind.NAME, "Anna O'Brien"),
        ("Mrs. Chen never called", Kind.NAME, "Chen"),
        ("微信号：zhang_min88", Kind.WECHAT, "zhang_min88"),
        ("加我微信lily2020详聊", Kind.WECHAT, "lily2020"),
        ("WeChat ID: lilychen", Kind.WECHAT, "lilychen"),
        ("我的QQ号是12345678", Kind.QQ, "12345678"),
        ("ＱＱ：１２３４５６７", Kind.QQ, "１２３４５６７"),
        ("护照号 E12345678", Kind.PASSPORT, "E12345678"),
        ("passport number is 123456789", Kind.PASSPORT, "123456789"),
        ("订单号：2023110512345", Kind.ORDER, "2023110512345"),
        ("運單號 SF1234567890123", Kind.ORDER, "SF1234567890123"),
        ("order #123-4567890-1234567", Kind.ORDER, "123-4567890-1234567"),
        ("Confirmation code: XKPQRT", Kind.ORDER, "XKPQRT"),
        ("京A12345闯红灯", Kind.PLATE, "京A12345"),
        ("车牌粤B·D12345", Kind.PLATE, "粤B·D12345"),
        ("license plate ABC 1234", Kind.PLATE, "ABC 1234"),
        ("我住在北京市朝阳区建国路88号3号楼1203室，漏水", Kind.ADDRESS, "北京市朝阳区建国路88号3号楼1203室"),
        ("送到幸福小区5栋2单元402", Kind.ADDRESS, "幸福小区5栋2单元402"),
        ("I live at 221B Baker Street, Apt 5", Kind.ADDRESS, "221B Baker Street, Apt 5"),
        ("联系电话62345678没人接", Kind.PHONE, "62345678"),
        ("手機0912-345-678", Kind.PHONE, "0912-345-678"),
    ],
)
def test_cued_values(text: str, kind: Kind, value: str) -> None:
    assert found(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "微信支付失败，wechat is terrible",
        "QQ音乐会员",
        "订单2019-01-05下的，等了3天",
        "order 2 million or order 66",
        "我5号去的，这条路3号开通，一路2号线",
        "本人于昨天购买，本人高度怀疑是假货，本人成都人",
        "那位女士、老先生和我先生都满意",
        "我叫了外卖，我叫客服处理，我是顾客",
        "my name is spelled wrong, my name is not on the list",
        "the best 5 Star service in 24 Hour, 2 miles down the road",
        "套路88号、第3号柜台、知道5号发货",
        "我和先生都不满，柏树村两座桥，万家丽路5号地铁线",
        "新A级车，京东A座，苏E",
        "护照过期了，passport control took 2 hours",
        "CONFIRMATION NUMBER PLEASE",
        "The flight DL1234 at 10:30 cost $1,234.50, 4.5 of 5 stars",
        "电话打了20190105次",
    ],
)
def test_without_a_value_nothing_is_masked(text: str) -> None:
    assert found(text) == []


def test_spellings_of_one_value_share_a_mask() -> None:
    assert MASKER.mask("姓名：陳麗華") == MASKER.mask("姓名：陈丽华")
    assert MASKER.mask("单号 123 456 789") == MASKER.mask("单号 123456789")
    plate = {MASKER.mask(one) for one in ("京A12345", "京A·12345", "京a12345")}
    assert len(plate) == 1


def test_a_mobile_number_has_its_own_mask_after_any_cue() -> None:
    mask = MASKER.mask("13812345678")
    for cue in ("电话", "微信", "QQ", "订单号", "order number "):
        assert MASKER.mask(f"{cue}13812345678") == f"{cue}{mask}"


@pytest.mark.parametrize(
    "unit", ["姓名：", "本人李", "我叫", "路1号一室", "订单号1-", "1 A ", "Mr A", "李李李先", "京A", "\ud800"]
)
def test_hostile_cues_settle(unit: str) -> None:
    text = unit * (30_000 // len(unit))
    once = MASKER.mask(text)
    assert MASKER.mask(once) == once
