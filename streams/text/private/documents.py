"""Numbers of documents and accounts behind their cue: passports and other papers, ID and bank cards, IBAN.

An ID or card number that its checksum confirms needs no cue (:mod:`streams.text.private.digits`); here are those that
were mistyped, cut or are of a kind without a checksum: the cue says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.text.numbers import bank_card, chinese_phone, id_card
from streams.text.private.cued import EDGE, FRONT, LINKING, always, finder, is_counted, is_date
from streams.text.private.kinds import Form, Found, Kind

_NUMBER = r"(?:证件)?(?:号码?|编号)?(?:\s?(?:number|num|no\b\.?|id\b))?"
_PAPERS = "护照|通行证|回乡证|台胞证|居住证|军官证|驾驶证|驾照|社保卡?|医保卡?|passport|driv(?:er'?s?|ing) licen[sc]e"
_PAPER = re.compile(
    rf"(?:{_PAPERS}){_NUMBER}{LINKING}"
    rf"(?P<value>[A-Z]{{0,3}}[ -]?[0-9]{{3,4}}[ -]?[0-9]{{3,8}}[A-Z]?|[A-Z][A-Z0-9]{{8}}){EDGE}",
    re.IGNORECASE,
)
_CHINESE_PASSPORT = re.compile(rf"{FRONT}(?:[EGeg][0-9]{{8}}|[Ee][A-HJ-NP-Za-hj-np-z][0-9]{{7}}){EDGE}")
_SOCIAL = re.compile(
    rf"{FRONT}(?:ssn|social security(?: number| no\b\.?)?){LINKING}"
    rf"(?P<value>[0-9]{{3}}[ -]?[0-9]{{2}}[ -]?[0-9]{{4}}){EDGE}",
    re.IGNORECASE,
)
_ID_CARD = re.compile(
    rf"(?:身份证件?|证件|驾驶证|驾照|居住证|{FRONT}(?:id card|hkid))(?:号码?|编号)?(?:\s?(?:number|no\b\.?))?{LINKING}"
    rf"(?P<value>[1-9](?:[ -]?[0-9]){{16}}[ -]?[0-9X]|[1-9](?:[ -]?[0-9]){{14}}"
    rf"|[A-Z]{{1,2}}[0-9]{{6}}\([0-9A]\)){EDGE}",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"(?:银行卡|储蓄卡|信用卡|借记卡|工资卡|卡号|账号|帐号|账户|帐户|银行)(?:卡?号码?)?(?:尾号)?"
    rf"{LINKING}(?P<value>[0-9](?:[ -]?[0-9]){{11,20}}){EDGE}"
)
_IBAN = re.compile(
    rf"{FRONT}iban(?: number| no\b\.?)?{LINKING}"
    rf"(?P<value>[A-Z]{{2}}[0-9]{{2}}(?: ?[A-Z0-9]{{4}}){{2,7}}(?: ?[A-Z0-9]{{1,3}})?){EDGE}",
    re.IGNORECASE,
)
_BETWEEN = re.compile("[ -]")
_LEAST_PAPER_DIGITS = 4


def _is_paper(found: re.Match[str]) -> bool:
    """No date and no number of things; letters between digits only as some papers have them."""
    value = found["value"]
    if is_date(value) or is_counted(found):
        return False
    figures = sum(map(str.isdigit, value))
    return figures >= 6 or figures >= _LEAST_PAPER_DIGITS and value.isupper()


def _mistyped(plain: str) -> Iterator[Found]:
    """ID cards that their checksum does not confirm; the others are found everywhere."""
    for found in _ID_CARD.finditer(plain):
        value = _BETWEEN.sub("", found["value"]).upper()
        if not id_card(value[:-1], value[-1]):
            yield *found.span("value"), Kind.ID_CARD, value


def _accounts(plain: str) -> Iterator[Found]:
    """Cards and accounts that their checksum does not confirm."""
    for found in _CARD.finditer(plain):
        value = _BETWEEN.sub("", found["value"])
        if not (bank_card(value) or id_card(value) or chinese_phone([len(value)], value) or _is_time(value)):
            yield *found.span("value"), Kind.BANK_CARD, value


def _is_time(value: str) -> bool:
    return len(value) == 14 and is_date(value[:8])


CARDS = (
    Form(_mistyped, ("身份证", "证件", "驾驶证", "驾照", "居住证", "id card", "hkid"), digits=5),
    Form(_accounts, ("银行", "储蓄卡", "信用卡", "借记卡", "工资卡", "卡号", "账号", "帐号", "账户", "帐户"), digits=7),
    Form(finder(Kind.BANK_CARD, _IBAN, always), ("iban",)),
)
"""The forms whose values plain digits would take a part of: they come before them."""
PAPERS = (
    Form(
        finder(Kind.PASSPORT, _PAPER, _is_paper),
        (
            "护照",
            "通行证",
            "回乡证",
            "台胞证",
            "居住证",
            "军官证",
            "驾驶证",
            "驾照",
            "社保",
            "医保",
            "passport",
            "licen",
        ),
    ),
    Form(finder(Kind.ID_CARD, _SOCIAL, always), ("ssn", "social security"), digits=5),
)
"""The other forms with a cue."""
chinese_passports = finder(Kind.PASSPORT, _CHINESE_PASSPORT, always)
"""Chinese passports, which need no cue."""
