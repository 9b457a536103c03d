"""Fictitious personal data with valid check digits, planted so that masking can be proved.

Nothing here belongs to anybody: phones have the filler block ``0000``, mail is at the reserved example domains,
ID numbers have a province-wide area code that is given to no person, cards a filler account block.
"""

from __future__ import annotations

from typing import NamedTuple

KINDS = ("phone", "email", "id_card", "bank_card")

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PHONE_HEADS = ("138", "139", "150", "159", "186", "188", "177", "135")
_ID_AREAS = ("110000", "310000", "440000", "330000", "510000", "420000")
_CARD_HEADS = ("622202", "621700", "622848", "622588", "621226", "622150")
_MAIL_NAMES = ("liwei", "wang.fang", "zhang_min", "chenjie", "liu.yang", "zhao88", "sun-li", "zhou.tao")
_MAIL_HOMES = ("example.com", "example.org", "example.net", "mail.example.com")
_LEADS = {
    "phone": ("我的电话{}，请回电", "联系方式：{}", "手机{}随时可打", "please call me at {}"),
    "email": ("邮箱{}", "资料请发到{}", "回复我的邮箱 {} 即可", "my email is {}"),
    "id_card": ("身份证号{}", "本人身份证{}已登记", "证件号码：{}", "my ID number is {}"),
    "bank_card": ("退到卡号{}", "银行卡{}被扣款", "收款账号：{}", "my card number is {}"),
}


class Private(NamedTuple):
    """One planted value: what kind, and exactly as it stands in the text."""

    kind: str
    value: str


def id_check(digits: str) -> str:
    """The 18th character of a Chinese ID number (ISO 7064, MOD 11-2).

    >>> id_check("11010519491231002")
    'X'
    """
    return "10X98765432"[sum(int(d) * w for d, w in zip(digits, _ID_WEIGHTS, strict=True)) % 11]


def luhn_check(digits: str) -> str:
    """The check digit that makes ``digits`` + it valid by Luhn.

    >>> luhn_check("7992739871")
    '3'
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def private_value(draw: int) -> Private:
    """One planted value from a 32-bit number.

    >>> private_value(0)
    Private(kind='phone', value='13800000000')
    """
    kind, rest = KINDS[draw % 4], draw // 4
    style, serial = rest % 3, rest // 3
    return Private(kind, _MAKERS[kind](serial, style))


def private_clause(draw: int) -> tuple[Private, str]:
    """A planted value and the clause that mentions it."""
    value = private_value(draw)
    leads = _LEADS[value.kind]
    return value, leads[draw // 97 % len(leads)].format(value.value)


def _phone(serial: int, style: int) -> str:
    head, tail = _PHONE_HEADS[serial // 10_000 % len(_PHONE_HEADS)], f"{serial % 10_000:04d}"
    return (f"{head}0000{tail}", f"{head}-0000-{tail}", f"+86 {head} 0000 {tail}")[style]


def _mail(serial: int, style: int) -> str:
    name = _MAIL_NAMES[serial % len(_MAIL_NAMES)]
    return f"{name}{serial // 8 % 1000}{style}@{_MAIL_HOMES[serial // 8000 % len(_MAIL_HOMES)]}"


def _id_card(serial: int, _style: int) -> str:
    born = f"{1950 + serial % 50}{serial // 50 % 12 + 1:02d}{serial // 600 % 28 + 1:02d}"
    digits = f"{_ID_AREAS[serial % len(_ID_AREAS)]}{born}{serial // 16_800 % 999 + 1:03d}"
    return digits + id_check(digits)


def _bank_card(serial: int, style: int) -> str:
    digits = f"{_CARD_HEADS[serial % len(_CARD_HEADS)]}0000{serial // 6 % 100_000_000:08d}"
    card = digits + luhn_check(digits)
    return " ".join(card[at : at + 4] for at in range(0, len(card), 4)) if style == 1 else card


_MAKERS = {"phone": _phone, "email": _mail, "id_card": _id_card, "bank_card": _bank_card}
