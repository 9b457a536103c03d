"""Masks what identifies a person, before anything is written or shown.

Intake calls it on every text at the door. What :mod:`streams.text.private` finds becomes ``[电话#3f9a1c]``, and
so on for each :class:`Kind`: six hex digits of a keyed hash, so that the same value has the same mask within one key
and nobody is named. Masking a masked text changes nothing. Work is proportional to the length whatever the text: every
candidate is bounded, no pattern can backtrack far.

Not masked: hotlines (12315, 95588, 400 and toll-free numbers), bare local numbers without area code or cue, prices,
dates, names and codes without a cue, numbers inside links except phone numbers and ID cards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

import numpy as np
from ahocorasick_rs import AhoCorasick

from streams.text.normal import simplified
from streams.text.private.accounts import ACCOUNTS
from streams.text.private.chinese_names import CHINESE_NAMES
from streams.text.private.chinese_places import CHINESE_PLACES
from streams.text.private.digits import SEPARATORS, alone
from streams.text.private.digits import digits as digital
from streams.text.private.documents import CARDS, PAPERS, chinese_passports
from streams.text.private.english_names import ENGLISH_NAMES
from streams.text.private.english_places import ENGLISH_PLACES
from streams.text.private.kinds import GONE, Finder, Found, Kind
from streams.text.private.mail import LOCAL, MAILS, mail
from streams.text.private.orders import ORDERS
from streams.text.private.phones import ODD_DIGITS, PHONES, odd_phones
from streams.text.private.plates import PLATE_DIGITS, PLATES, chinese_plates
from streams.text.sheet import CODES, Codes, Flags, Sheet, characters, lay, portions

__all__ = ["Kind", "Masker", "Span", "pseudonym"]

_SUSPECT = re.compile(rf"\d(?:[{SEPARATORS}]{{0,3}}\d){{6}}")
_FIVE = re.compile(rf"\d(?:[{SEPARATORS}]{{0,3}}\d){{4}}")
_FIGURE = re.compile("[0-9]")
_CHINESE_FIGURE = re.compile("[一二三四五六七八九十百零〇两]")
_MASK = re.compile(rf"\[(?:{'|'.join(Kind)})#[0-9a-f]{{6}}]")
_MOST_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Span:
    """One masked place, in the text as it was: [start, end), what it held, and the mask put there."""

    start: int
    end: int
    kind: Kind
    mask: str


class Masker:
    """Masks texts under one key (16 to 64 bytes).

    >>> masker = Masker(b"sixteen bytes ok")
    >>> masked = masker.mask("请回电 138-1234-5678 或 +86 13812345678")
    >>> first, second = re.findall(r"\\[电话#[0-9a-f]{6}]", masked)
    >>> first == second, masker.mask(masked) == masked, masker.mask("订单 1234567 付了 3999 元")
    (True, True, '订单 1234567 付了 3999 元')
    """

    def __init__(self, key: bytes) -> None:
        if not 16 <= len(key) <= 64:
            raise ValueError("the masking key must have 16 to 64 bytes")
        self._key = key

    def mask(self, text: str) -> str:
        """``text`` with its private values masked; the same object when there are none."""
        return self.mask_spans(text)[0]

    def mask_many(self, texts: Sequence[str]) -> list[str]:
        """The same of many texts, at a fraction of the time: most hold no sign of anything private."""
        masked: list[str] = []
        for part in portions(texts):
            some = list(texts[part])
            for row, plain, finders in _suspects(some):
                some[row] = self._masked(some[row], plain, finders)[0]
            masked += some
        return masked

    def mask_spans(self, text: str) -> tuple[str, tuple[Span, ...]]:
        """The masked text, and what was masked where, by place."""
        plain = _plain(text)
        return self._masked(text, plain, _wanted(plain))

    def _masked(self, text: str, plain: str, finders: Sequence[Finder]) -> tuple[str, tuple[Span, ...]]:
        found = _found(plain, finders) if finders else []
        if not found:
            return text, ()
        spans = tuple(Span(start, end, kind, self._mask(kind, value)) for start, end, kind, value in found)
        parts, at = [], 0
        for span in spans:
            parts += [text[at : span.start], span.mask]
            at = span.end
        return "".join((*parts, text[at:])), spans

    def _mask(self, kind: Kind, value: str) -> str:
        digest = blake2b(f"{kind.name}:{value}".encode("utf-8", "surrogatepass"), digest_size=3, key=self._key)
        return f"[{kind.value}#{digest.hexdigest()}]"


def pseudonym(key: bytes, value: str) -> str:
    """24 hex digits that stand for an author or a case: equal for equal values under one key, and not reversible.

    >>> pseudonym(b"sixteen bytes ok", "13812345678") == pseudonym(b"sixteen bytes ok", "13812345678")
    True
    >>> len(pseudonym(b"sixteen bytes ok", ""))
    24
    """
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=12, key=key, person=b"pseudonym").hexdigest()


FIRST = (*ORDERS, *CARDS)
"""Forms of longer values: they come before plain digits, which would take a part of them."""
FORMS = (
    *FIRST,
    *ACCOUNTS,
    *PAPERS,
    *PHONES,
    *PLATES,
    *MAILS,
    *CHINESE_PLACES,
    *ENGLISH_PLACES,
    *CHINESE_NAMES,
    *ENGLISH_NAMES,
)
EVERYTHING: tuple[Finder, ...] = (
    mail,
    *(form.find for form in FIRST),
    digital,
    odd_phones,
    chinese_passports,
    chinese_plates,
    *(form.find for form in FORMS[len(FIRST) :]),
)
"""In order of precedence: what an earlier one finds is gone for the later ones."""


def _wanted(plain: str) -> list[Finder]:
    """The finders whose signs stand in the text; for most texts none."""
    automaton, owners = _cues()
    hits = automaton.find_matches_as_indexes(plain.lower(), overlapping=True)
    forms = {owner for hit in hits for owner in owners[hit[0]]}
    return _chosen(plain, forms, mails="@" in plain, figures=len(_FIGURE.findall(plain)))


def _chosen(plain: str, forms: Collection[int], *, mails: bool, figures: int) -> list[Finder]:
    """The finders for a text that holds the cues of ``forms``, an @, so many digits."""
    if figures and plain.isdecimal() and plain.isascii():
        return [digital] if alone(plain) else []
    digits = _digits(plain) if figures >= 5 else min(figures, 1)
    cued: Sequence[int] = ()
    if forms:
        counted = digits or (1 if _CHINESE_FIGURE.search(plain) else 0)
        cued = sorted(index for index in forms if counted >= FORMS[index].digits)
    wanted: list[Finder] = [mail] if mails else []
    wanted += [FORMS[index].find for index in cued if index < len(FIRST)]
    if digits >= 7:
        wanted += [digital, chinese_passports]
    if figures >= ODD_DIGITS:
        wanted.append(odd_phones)
    if figures >= PLATE_DIGITS and not plain.isascii():
        wanted.append(chinese_plates)
    wanted += [FORMS[index].find for index in cued if index >= len(FIRST)]
    return wanted


def _suspects(texts: Sequence[str]) -> Iterator[tuple[int, str, list[Finder]]]:
    """The rows in which signs of private values stand, in plain characters, with the finders for them."""
    sheet = lay(texts)
    plain_codes, lower_codes, local = _tables()
    plain = sheet.with_codes(plain_codes[sheet.codes])
    figures = plain.sums((plain.codes >= 0x30) & (plain.codes <= 0x39)).tolist()
    ats = np.flatnonzero(plain.codes == ord("@"))
    mails = set(plain.owners(ats[local[plain.codes[ats - 1]]]).tolist())
    cued = _cued(plain.with_codes(lower_codes[plain.codes]))
    starts, ends = plain.starts.tolist(), plain.ends.tolist()
    many = {row for row, count in enumerate(figures) if count >= PLATE_DIGITS}  # no form without a cue has fewer
    for row in sorted(many | mails | set(cued)):
        text = plain.whole[starts[row] : ends[row]]
        finders = _chosen(text, cued.get(row, ()), mails=row in mails, figures=figures[row])
        if finders:
            yield row, text, finders


def _digits(plain: str) -> int:
    """How many digits follow one another with nothing but separators between, in a text with some: 7 or more, 5, 1."""
    if not _FIVE.search(plain):
        return 1
    return 7 if _SUSPECT.search(plain) else 5


def _cued(lower: Sheet) -> dict[int, set[int]]:
    """The forms whose cues stand in each text, by row."""
    automaton, owners = _cues()
    hits = automaton.find_matches_as_indexes(lower.whole, overlapping=True)
    rows = lower.owners(np.fromiter((hit[1] for hit in hits), dtype=np.intp, count=len(hits))).tolist()
    found: dict[int, set[int]] = {}
    for row, hit in zip(rows, hits, strict=True):
        found.setdefault(row, set()).update(owners[hit[0]])
    return found


def _found(plain: str, finders: Sequence[Finder]) -> list[Found]:
    """What the finders find, by place; again until nothing new is found, so that masking settles at once."""
    blank = _MASK.sub(lambda mask: GONE * len(mask[0]), plain) if "#" in plain else plain
    found: list[Found] = []
    for _ in range(_MOST_ROUNDS):
        before = len(found)
        for find in finders:
            new = _apart(find(blank))
            if new:
                blank = _blanked(blank, new)
                found += new
        if len(found) == before:
            break
    return sorted(found)


def _apart(found: Iterable[Found]) -> list[Found]:
    """By place, without those that reach into an earlier one."""
    kept: list[Found] = []
    for one in sorted(found):
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept


def _blanked(plain: str, found: Sequence[Found]) -> str:
    parts, at = [], 0
    for start, end, _, _ in found:
        parts += [plain[at:start], GONE * (end - start)]
        at = end
    return "".join((*parts, plain[at:]))


@cache
def _cues() -> tuple[AhoCorasick, list[tuple[int, ...]]]:
    """All cues, and for each the forms it is for."""
    owners: dict[str, tuple[int, ...]] = {}
    for index, form in enumerate(FORMS):
        for cue in form.cues:
            owners[cue] = (*owners.get(cue, ()), index)
    return AhoCorasick(list(owners)), list(owners.values())


def _plain(text: str) -> str:
    """Full-width letters and signs and the digits of all scripts as ASCII, traditional characters as simplified ones:
    one character for one, so places stay.
    """
    if text.isascii():
        return text
    odd, table = _spellings()
    return text if odd.isdisjoint(text) else text.translate(table)


@cache
def _spellings() -> tuple[frozenset[str], dict[int, int | str]]:
    table: dict[int, int | str] = dict(simplified()[1])
    table |= dict.fromkeys(range(0xD800, 0xE000), "?")
    table |= {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，！？；"}
    digits = np.flatnonzero(characters("isdecimal"))[10:].tolist()
    table |= {code: 0x30 + unicodedata.decimal(chr(code)) for code in digits}
    return frozenset(map(chr, table)), table


@cache
def _tables() -> tuple[Codes, Codes, Flags]:
    """By code: the plain character, its small letter, and whether it may stand before the @ of an address."""
    plain = np.arange(CODES, dtype=np.uint32)
    for code, one in _spellings()[1].items():
        plain[code] = one if isinstance(one, int) else ord(one)
    lower = np.arange(CODES, dtype=np.uint32)
    for code in np.flatnonzero(characters("isupper") | characters("istitle")).tolist():
        lower[code] = ord(chr(code).lower()[0])
    local = np.zeros(CODES, dtype=np.bool_)
    local[[ord(one) for one in LOCAL]] = True
    return plain, lower, local
