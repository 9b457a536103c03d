"""Generated texts with private values planted in natural sentences, for measuring the masking.

Values are made up at random with valid check digits. Sentence forms are of two sets: those that were looked at while
the rules were written, and held-out ones. Spellings vary: full-width digits, blanks and dashes inside numbers,
traditional characters, the value at the border of the text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from fenghuo.simulator.private import id_check, luhn_check

CHECKED = frozenset({"id_card", "bank_card"})
"""Kinds whose numbers carry a checksum."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One text, and what must not be in it after masking."""

    kind: str
    language: str
    form: str
    value: str
    """Exactly as it stands in the text."""
    text: str


def planted(count: int, seed: int, *, held_out: bool) -> list[Planted]:
    """``count`` texts, every kind and language equally often."""
    from bench.text._sentences import HELD_OUT, SEEN

    chance = Random(seed)
    forms = HELD_OUT if held_out else SEEN
    keys = sorted(forms)
    return [_one(*keys[number % len(keys)], forms[keys[number % len(keys)]], chance) for number in range(count)]


def _one(kind: str, language: str, forms: tuple[str, ...], chance: Random) -> Planted:
    form = chance.choice(forms)
    value = _MAKERS[kind](chance, language)
    if language == "zh" and chance.random() < 0.15:
        form, value = _traditional(form), _traditional(value)
    if kind != "email" and chance.random() < 0.12:
        value = "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isdigit() else char for char in value)
    return Planted(kind, language, form, value, form.replace("{}", value))


def _traditional(text: str) -> str:
    from opencc import OpenCC

    global _converter
    if _converter is None:
        _converter = OpenCC("s2t")
    made: str = _converter.convert(text)
    return made


_converter: Any = None


def _digits(chance: Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _split(text: str, sizes: tuple[int, ...], sign: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return sign.join(part for part in (*parts, text[at:]) if part)


def _phone(chance: Random, language: str) -> str:
    mobile = chance.choice(("13", "15", "17", "18", "19")) + _digits(chance, 9)
    kinds = _CHINESE_PHONES if language == "zh" else _FOREIGN_PHONES
    return chance.choice(kinds)(chance, mobile)


_CHINESE_PHONES: tuple[Callable[[Random, str], str], ...] = (
    lambda chance, mobile: mobile,
    lambda chance, mobile: mobile,
    lambda chance, mobile: _split(mobile, (3, 4), chance.choice(" -")),
    lambda chance, mobile: _split(mobile, (3, 4), chance.choice((" - ", "·", "—", "."))),
    lambda chance, mobile: "+86" + chance.choice(("", " ", "-")) + mobile,
    lambda chance, mobile: "0086" + chance.choice(("", "-")) + mobile,
    lambda chance, mobile: chance.choice(("010", "021", "020")) + chance.choice(("-", " ", "")) + "6" + mobile[4:11],
    lambda chance, mobile: chance.choice(("0755", "0571", "0731")) + chance.choice(("-", "—", "")) + "8" + mobile[4:11],
    lambda chance, mobile: chance.choice(("(010)", "（021）", "(0755) ")) + "8" + mobile[4:11],
    lambda chance, mobile: "+852 " + chance.choice("569") + mobile[4:7] + " " + mobile[7:11],
)
_AREAS = (
    "201",
    "202",
    "206",
    "212",
    "213",
    "214",
    "305",
    "310",
    "312",
    "404",
    "415",
    "503",
    "602",
    "617",
    "646",
    "702",
    "917",
)
"""Area codes that are in use: groups of other digits are prices as well."""
_FOREIGN_PHONES: tuple[Callable[[Random, str], str], ...] = (
    lambda chance, mobile: f"({chance.choice(_AREAS)}) 5{mobile[3:5]}-{mobile[5:9]}",
    lambda chance, mobile: f"{chance.choice(_AREAS)}-5{mobile[3:5]}-{mobile[5:9]}",
    lambda chance, mobile: f"{chance.choice(_AREAS)}.4{mobile[3:5]}.{mobile[5:9]}",
    lambda chance, mobile: f"+1 {chance.choice(_AREAS)} 5{mobile[3:5]} {mobile[5:9]}",
    lambda chance, mobile: f"+1-{chance.choice(_AREAS)}-5{mobile[3:5]}-{mobile[5:9]}",
    lambda chance, mobile: f"+44 7{mobile[2:5]} {mobile[5:11]}",
    lambda chance, mobile: f"+44 20 7{mobile[2:5]} {mobile[5:9]}",
    lambda chance, mobile: f"07{mobile[2:5]} {mobile[5:11]}",
    lambda chance, mobile: f"+49 151 {mobile[3:11]}",
    lambda chance, mobile: f"+33 6 {_split(mobile[3:11], (2, 2, 2), ' ')}",
    lambda chance, mobile: f"+81 90-{mobile[3:7]}-{mobile[7:11]}",
    lambda chance, mobile: f"+61 4{mobile[2:4]} {mobile[4:7]} {mobile[7:10]}",
    lambda chance, mobile: f"+91 98{mobile[2:5]} {mobile[5:10]}",
    lambda chance, mobile: f"0044 7{mobile[2:5]} {mobile[5:11]}",
    lambda chance, mobile: mobile,
)


def _id_card(chance: Random, _language: str) -> str:
    area = chance.choice(("110105", "310104", "440305", "330106", "510107", "420102", "500112", "820000"))
    born = f"{chance.randint(1940, 2010)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    body = area + born + _digits(chance, 3)
    whole = body + id_check(body)
    style = chance.random()
    if style < 0.55:
        return whole if chance.random() < 0.8 else whole.lower()
    sizes = chance.choice(((6, 8), (6, 4, 4), (4, 4, 4, 4), (3, 3, 4, 4)))
    return _split(whole, sizes, chance.choice((" ", "-", " ")))


def _bank_card(chance: Random, _language: str) -> str:
    head, length = chance.choice(
        (
            ("622202", 19),
            ("621700", 19),
            ("622848", 19),
            ("6225", 16),
            ("4", 16),
            ("5", 16),
            ("34", 15),
            ("37", 15),
            ("62", 17),
        )
    )
    body = head + chance.choice("12345") + _digits(chance, length - len(head) - 2)
    card = body + luhn_check(body)
    style = chance.random()
    if style < 0.4:
        return card
    sizes = (4, 6) if length == 15 else (4, 4, 4, 4)
    return _split(card, sizes, chance.choice((" ", "-", " ", "－")))


_MAIL_NAMES = ("li.wei", "wangfang", "zhang_min", "chenjie88", "J.Smith", "anna-b", "x", "13800138000", "m+shop", "LIU")
_MAIL_HOMES = (
    "qq.com",
    "163.com",
    "gmail.com",
    "example.co.uk",
    "mail.example.org",
    "126.com",
    "vip.sina.com.cn",
    "t-online.de",
)


def _email(chance: Random, _language: str) -> str:
    return chance.choice(_MAIL_NAMES) + _digits(chance, chance.randint(0, 4)) + "@" + chance.choice(_MAIL_HOMES)


def _plate(chance: Random, language: str) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    if language == "en":
        head = "".join(chance.choice(letters) for _ in range(3))
        return head + chance.choice((" ", "-", "")) + _digits(chance, 4)
    head = chance.choice("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼") + chance.choice(letters)
    tail = chance.choice(
        (
            _digits(chance, 5),
            chance.choice(letters) + _digits(chance, 4),
            _digits(chance, 3) + chance.choice(letters) + _digits(chance, 1),
            chance.choice("DF") + _digits(chance, 5),
            _digits(chance, 4) + chance.choice("学警挂"),
        )
    )
    return head + chance.choice(("", "", "·", " ")) + tail


_CITIES = (
    "北京市",
    "上海市浦东新区",
    "广东省深圳市南山区",
    "杭州市西湖区",
    "成都市武侯区",
    "朝阳区",
    "湖南省长沙市岳麓区",
    "",
    "武汉市洪山区",
)
_ROADS = ("建国路", "中山北路", "人民大道", "文三路", "解放西街", "和平里大街", "锦绣巷", "科苑南路", "梅溪湖路")
_ESTATES = ("阳光花园", "万科城市花园", "幸福小区", "翠湖名苑", "绿地公寓", "金色家园", "碧桂园", "东方新村")
_STREETS = (
    "Main Street",
    "Baker Street",
    "Oak Avenue",
    "West 34th Street",
    "Elm St",
    "Park Ave",
    "King's Road",
    "Maple Drive",
    "N. Lake Blvd",
    "Church Lane",
)


def _address(chance: Random, language: str) -> str:
    if language == "en":
        extra = chance.choice(("", "", ", Apt 5B", " Apt. 12", ", Suite 300", " #4"))
        return f"{chance.randint(1, 9999)} {chance.choice(_STREETS)}{extra}"
    room = f"{chance.randint(1, 30)}0{chance.randint(1, 8)}"
    block = chance.choice(("{}号楼", "{}栋", "{}幢", "{}座")).format(chance.randint(1, 40))
    tail = chance.choice(
        (
            f"{block}{chance.randint(1, 6)}单元{room}室",
            f"{block}{room}",
            f"{block}{room}室",
            f"{block}{chance.randint(1, 6)}单元{room}",
        )
    )
    road = f"{chance.choice(_ROADS)}{chance.randint(1, 999)}号"
    return chance.choice(_CITIES) + chance.choice(
        (road, f"{road}{tail}", f"{chance.choice(_ESTATES)}{tail}", f"{road}{chance.choice(_ESTATES)}{tail}")
    )


def _wechat(chance: Random, _language: str) -> str:
    return chance.choice(
        (
            f"wxid_{_digits(chance, 8)}",
            f"lily{_digits(chance, 4)}",
            f"zhao_{_digits(chance, 3)}",
            f"Tom-{_digits(chance, 6)}",
            f"abc{_digits(chance, 5)}",
        )
    )


def _qq(chance: Random, _language: str) -> str:
    return chance.choice("123456789") + _digits(chance, chance.randint(5, 9))


def _passport(chance: Random, language: str) -> str:
    if language == "zh":
        return chance.choice(("E", "G", "EA", "EJ", "e")) + _digits(chance, 8 if chance.random() < 0.6 else 7)
    return chance.choice(("", "C", "AB", "K", "P")) + _digits(chance, chance.choice((7, 8, 9)))


def _order(chance: Random, language: str) -> str:
    long = _digits(chance, chance.choice((10, 12, 15, 18)))
    if language == "zh":
        return chance.choice(("2" + long, f"SF{long}", f"JD{long}", f"A{long[:4]}-{long[4:]}", f"YT{long}"))
    return chance.choice((f"{long[:3]}-{long[3:]}", "7" + long[:8], f"B{long[:7]}", f"1Z{long}", f"AB-{long[:8]}"))


_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红玲斌辉鹏飞波宁浩宇轩梓涵欣怡佳雪梅建国志文晓婷思雨子晨嘉豪"
)
_FIRST = ("John", "Mary", "Wei", "Anna", "Michael", "Sarah", "David", "Priya", "Carlos", "Emma")
_LAST = ("Smith", "Johnson", "Chen", "O'Brien", "Garcia", "Miller", "Patel", "Nguyen", "Brown", "Lopez")


def _name(chance: Random, language: str) -> str:
    if language == "en":
        return f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
    first = chance.choice(("欧阳", "司马", "诸葛")) if chance.random() < 0.03 else chance.choice(_SURNAMES)
    return first + "".join(chance.choice(_GIVEN) for _ in range(1 if chance.random() < 0.35 else 2))


def _odd_phone(chance: Random, _language: str) -> str:
    """A mobile number, written to be overlooked."""
    mobile = chance.choice(("13", "15", "17", "18", "19")) + _digits(chance, 9)
    numerals = chance.choice(("〇一二三四五六七八九", "零幺二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "⓪①②③④⑤⑥⑦⑧⑨"))
    return chance.choice(
        (
            "".join(numerals[int(figure)] for figure in mobile),
            "".join(f"{figure}\ufe0f\u20e3" for figure in mobile),
            _split(mobile, (3, 4), chance.choice("/_,~*📞📱\u00ad")),
            _split(mobile, (3, 2, 2, 2), " "),
        )
    )


def _waybill(chance: Random, language: str) -> str:
    if language == "en":
        letters = "".join(chance.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(3))
        return chance.choice((letters + "2" + letters[:2], f"{letters[0]}7{letters}2"))
    return chance.choice(("SF", "YT", "JD", "JT", "ZT", "", "")) + "7" + _digits(chance, chance.choice((11, 12, 13)))


def _id_typo(chance: Random, language: str) -> str:
    """An ID card with one digit wrong."""
    whole = _id_card(chance, language).replace(" ", "").replace("-", "")
    return whole[:9] + str((int(whole[9]) + 1) % 10) + whole[10:]


def _account(chance: Random, _language: str) -> str:
    return chance.choice("1234567") + _digits(chance, chance.choice((11, 14, 16, 18)))


def _flat(chance: Random, language: str) -> str:
    """An address with the flat, in the short forms in which people write it."""
    number, floor, room = chance.randint(1, 99), chance.randint(1, 6), f"{chance.randint(1, 30)}0{chance.randint(1, 8)}"
    if language == "en":
        street = chance.choice(("Main St.", "Oak ave", "Church Lane", "George Street", "Elm Rd"))
        return chance.choice(
            (
                f"Flat {floor}, {number} {street}",
                f"Unit {number}, {number} {street}",
                f"{number} {street.lower()}, apt {floor}b",
            )
        )
    estate, road = chance.choice(_ESTATES), chance.choice(_ROADS)
    return chance.choice(
        (
            f"{estate}{number}-{floor}-{room}",
            f"{estate}{chance.choice('ABC')}区{number}栋{room}",
            f"{estate}{chance.choice('一二三12')}期{number}栋{floor}单元{room}",
            f"{estate}{number}#楼{floor}单元{room}",
            f"{estate}{number}号楼{floor}门{room}",
            f"{road}{number}号国际金融大厦{chance.choice('AB')}座{room}",
            f"{road.removesuffix('街').removesuffix('路')}路{chance.choice('一二三四')}段{number}号",
            f"{number}栋{floor}单元{room}",
        )
    )


def _labelled(chance: Random, language: str) -> str:
    """A name as forms and records have it."""
    if language == "en" and chance.random() < 0.3:
        return f"{chance.choice(_LAST).replace(chr(39), '').upper()}/{chance.choice(_FIRST).upper()}"
    return _name(chance, language)


_MAKERS: dict[str, Callable[[Random, str], str]] = {
    "phone": _phone, "id_card": _id_card, "bank_card": _bank_card, "email": _email, "plate": _plate,
    "address": _address, "wechat": _wechat, "qq": _qq, "passport": _passport, "order": _order, "name": _name,
    "odd_phone": _odd_phone, "waybill": _waybill, "id_typo": _id_typo, "account": _account, "flat": _flat,
    "labelled": _labelled,
}  # fmt: skip
KINDS = tuple(_MAKERS)
