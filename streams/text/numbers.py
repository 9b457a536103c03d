"""What a run of digits is: an ID card, a phone number, a bank card, or nothing private.

The knowledge behind :mod:`streams.text.mask`. Each function takes digits as ASCII and returns the canonical value,
equal for all spellings of the same thing, or ``None``.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from itertools import accumulate

import phonenumbers

_MOBILE = re.compile(r"(?:0086|86|0)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:0086|86)?(0?(?:10|2\d|[3-9]\d{2}))(\d{7,8})")
_NORTH_AMERICA = re.compile(r"1?([2-9]\d{9})")
_GROUPED = {
    (4, 3, 3): {"09": "+886", "04": "+61"},
    (4, 6): {"09": "+886"},
    (10,): {"09": "+886"},
    (5, 6): {"07": "+44", "01": "+44"},
    (5, 3, 3): {"07": "+44", "01": "+44"},
    (3, 4, 4): {"070": "+81", "080": "+81", "090": "+81"},
}
"""National numbers that grouping and beginning give away: Taiwanese, Australian, British and Japanese ones."""
_HOTLINES = ("400", "800", "888", "877", "866", "855", "844", "833", "822")
_HOTLINE_ABROAD = re.compile(rf"\+(?:86[48]00|1(?:{'|'.join(_HOTLINES)})|448[0478])")
_TYPES = phonenumbers.PhoneNumberType
_FIRMS = frozenset({_TYPES.TOLL_FREE, _TYPES.SHARED_COST, _TYPES.UAN})
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
"""Luhn's rule: each digit twice, 9 taken off what has two digits."""


_ISSUED = re.compile(
    r"(?:4\d{15}|4\d{18}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3[068]\d{12}"
    r"|35\d{14}|(?:6[0245]|9|50[123]|5893|630|67)\d{10,17})$"
)
"""How the cards of the issuers begin, and how long they are: Visa, Mastercard, American Express, Diners, JCB, then
UnionPay, Discover, Maestro and old Chinese ones."""


def id_card(digits: str, last: str = "") -> str | None:
    """A Chinese resident ID: 17 digits and a check digit (``last`` may be ``X``), or the old form of 15 digits.

    >>> id_card("11010519491231002", "X")
    '11010519491231002X'
    >>> id_card("110105194912310021") is None
    True
    """
    number = digits + last.upper()
    if number[:2] not in _PROVINCES:
        return None
    if len(number) == 18 and _is_date(number[6:14], 1850):
        total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
        return number if _ID_CHECK[total % 11] == number[17] else None
    return number if len(number) == 15 and not last and _is_date("19" + number[6:12], 1900) else None


def bank_card(digits: str) -> str | None:
    """14 to 19 digits that pass Luhn's check and begin and end as cards of an issuer do; a row of one digit is none.

    >>> bank_card("4111111111111111"), bank_card("4111111111111112"), bank_card("20150216233605")
    ('4111111111111111', None, None)
    """
    if not 14 <= len(digits) <= 19 or len(set(digits)) < 2 or not _ISSUED.match(digits):
        return None
    if digits[0] not in "2345" and len(digits) < 16:
        return None
    codes = digits.encode()
    total = sum(codes[-1::-2]) + sum(codes[-2::-2].translate(_DOUBLED)) - len(codes) * ord("0")
    return digits if total % 10 == 0 else None


def chinese_phone(sizes: list[int], digits: str, *, plus: bool = False) -> str | None:
    """A mobile number, or a landline number with its area code (which needs its 0 or a country code).

    ``sizes`` says how the digits were grouped: an IP address is none, an area code stands by itself, and +1 is America.

    >>> chinese_phone([13], "8613812345678"), chinese_phone([3, 8], "01062345678"), chinese_phone([4, 7], "02891234567")
    ('+8613812345678', '+861062345678', None)
    """
    if plus and len(sizes) > 1 and sizes[0] == 1:
        return None
    if mobile := _MOBILE.fullmatch(digits):
        return f"+86{mobile[1]}" if min(sizes[1:], default=3) >= 3 or max(sizes) == 1 else None
    if not 10 <= len(digits) <= 16 or not (digits[0] == "0" or digits.startswith("86") and (plus or len(sizes) > 1)):
        return None
    landline = _LANDLINE.fullmatch(digits)
    if landline is None or landline[1] in _HOTLINES or len(sizes) > 1 and landline.end(1) not in accumulate(sizes):
        return None
    value = f"+86{landline[1].removeprefix('0')}{landline[2]}"
    return value if _is_possible(value) else None


def foreign_phone(digits: str, *, plus: bool) -> str | None:
    """A number with + or 00 and a country code, or one grouped as in North America that is no hotline.

    >>> foreign_phone("442071838750", plus=True), foreign_phone("8005551234", plus=False)
    ('+442071838750', None)
    """
    if plus or digits.startswith("00"):
        value = "+" + (digits if plus else digits[2:])
        return value if 8 <= len(value) <= 16 and not _is_hotline(value) and _is_possible(value) else None
    local = _NORTH_AMERICA.fullmatch(digits)
    if local and local[1][:3] not in _HOTLINES and _is_assigned(f"+1{local[1]}"):
        return f"+1{local[1]}"
    return None


def grouped_phone(sizes: list[int], digits: str) -> str | None:
    """A national number of another country that is recognised by its beginning and grouping.

    >>> grouped_phone([4, 3, 3], "0912345678"), grouped_phone([3, 7], "0912345678")
    ('+886912345678', None)
    """
    for head, code in _GROUPED.get(tuple(sizes), {}).items():
        if digits.startswith(head):
            return code + digits[1:]
    return None


@lru_cache(maxsize=4096)
def _is_possible(value: str) -> bool:
    """What the library says of its length; it is slow (100 µs), so only likely candidates come here."""
    number = _parsed(value)
    return number is not None and phonenumbers.is_possible_number(number)


@lru_cache(maxsize=4096)
def _is_assigned(value: str) -> bool:
    """Whether its area code is one: three prices in a row are grouped as a North American number is."""
    number = _parsed(value)
    return number is not None and phonenumbers.is_valid_number(number)


@lru_cache(maxsize=4096)
def _is_hotline(value: str) -> bool:
    """A toll-free or shared number of a firm, or the beginning of +86 400 and +1 800."""
    if _HOTLINE_ABROAD.match(value):
        return True
    number = _parsed(value)
    return number is not None and phonenumbers.number_type(number) in _FIRMS


def _parsed(value: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return None


def _is_date(eight: str, earliest: int) -> bool:
    try:
        return date(int(eight[:4]), int(eight[4:6]), int(eight[6:])).year >= earliest and eight < "2100"
    except ValueError:
        return False
