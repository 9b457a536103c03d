"""Finds and names what was done to a ledger behind its writer's back.

Pure: entries as they were found, heads from outside and the key in, a verdict out. Needs the key; without it a
ledger can be shown but not proved. What it cannot see: entries cut off after the newest head that is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from alerts.ledger.chain import GENESIS, LedgerKey, genuine
from alerts.ledger.heads import Head, genuine_head, read_head
from alerts.ledger.order import out_of_order, stretches
from alerts.ledger.renumbered import true_numbers
from contracts.errors import InvalidFile
from contracts.records.ledger import LedgerEntry


class Flaw(StrEnum):
    """What can be wrong with a ledger."""

    CHANGED = "changed"
    """The content is not what was written, or it was not written by the holder of the key."""
    REMOVED = "removed"
    """Entries are missing between others, or before them."""
    REPEATED = "repeated"
    """An entry stands twice."""
    REORDERED = "reordered"
    """An entry does not stand in its place, or bears another's number."""
    CUT_OFF = "cut_off"
    """The end is missing: a head from outside knows of later entries, or the file ends without its heads."""
    FORKED = "forked"
    """Genuine, but of another history than the entry before it or a head from outside."""
    UNREADABLE = "unreadable"
    """It is no entry at all."""
    OTHER_KEY = "other_key"
    """Written under a key that is not the one given."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found at one place: an entry, or why it is none."""

    place: str
    entry: LedgerEntry | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw, and where it is."""

    flaw: Flaw
    book: str
    first: int | None
    """Number of the entry, or of the first of several; none when it cannot be known."""
    last: int | None
    text: str

    @property
    def sentence(self) -> str:
        """What, where and why, in one sentence."""
        if self.first is None:
            which = ""
        elif self.first == self.last:
            which = f" entry {self.first}"
        else:
            which = f" entries {self.first} to {self.last}"
        return f"{self.flaw.value}: {self.book}{which}: {self.text}"


@dataclass(slots=True)
class Verdict:
    """All that was found."""

    entries: int = 0
    books: dict[str, int] = field(default_factory=dict)
    """Name → genuine entries."""
    findings: list[Finding] = field(default_factory=list)
    unanchored: list[str] = field(default_factory=list)
    """Books whose end no head tells of, as sentences: no flaw, but what was cut off there could not be seen."""

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


@dataclass(slots=True)
class _Pages:
    """What one book holds."""

    order: list[int] = field(default_factory=list)
    """Numbers of genuine entries as they stand."""
    links: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Number → (link to the entry before, own HMAC), of genuine entries."""
    spoiled: list[Found] = field(default_factory=list)
    repeats: list[Finding] = field(default_factory=list)


def verify(found: Iterable[Found], heads: Sequence[Head], key: LedgerKey) -> Verdict:
    """Everything wrong with ``found``, given the ``heads`` that were kept elsewhere."""
    verdict = Verdict()
    books: dict[str, _Pages] = {}
    for one in found:
        verdict.entries += 1
        if one.entry is None:
            verdict.findings.append(Finding(Flaw.UNREADABLE, one.place, None, None, one.reason))
        elif one.entry.key != key.name:
            verdict.findings.append(_other_key(one.entry, key))
            books.setdefault(one.entry.book, _Pages()).spoiled.append(one)
        else:
            _file(books.setdefault(one.entry.book, _Pages()), one, key)
    trusted = [head for head in heads if head.key == key.name and genuine_head(head, key)]
    verdict.findings.extend(_false_head(head, key) for head in heads if head not in trusted)
    for book in sorted(books.keys() | {head.book for head in trusted}):
        pages = books.get(book, _Pages())
        verdict.books[book] = len(pages.links)
        known = [head for head in trusted if head.book == book]
        verdict.findings.extend(_judge(book, pages, known, key))
        verdict.unanchored.extend(_unanchored(book, max(pages.links, default=-1), known))
    return verdict


def take_head(line: bytes, path: Path, row: int, heads: list[Head], spoiled: list[Found]) -> None:
    """One line of a file into ``heads``; one that is no head becomes something unreadable, and all else is verified."""
    try:
        heads.append(read_head(line, path.name, row))
    except InvalidFile as error:
        spoiled.append(Found(f"{path.name} row {row}", None, error.reason))


def _file(pages: _Pages, one: Found, key: LedgerKey) -> None:
    entry = one.entry
    if entry is None or not genuine(entry, key):
        pages.spoiled.append(one)
    elif entry.seq not in pages.links:
        pages.order.append(entry.seq)
        pages.links[entry.seq] = (entry.prev, entry.mac)
    elif pages.links[entry.seq][1] == entry.mac:
        pages.repeats.append(_one(Flaw.REPEATED, entry, f"stands again at {one.place}"))
    else:
        pages.repeats.append(_one(Flaw.FORKED, entry, f"another genuine version of it stands at {one.place}"))


def _judge(book: str, pages: _Pages, heads: Sequence[Head], key: LedgerKey) -> list[Finding]:
    findings = list(pages.repeats)
    findings += _reordered(book, pages.order)
    wrong = [(one.place, one.entry) for one in pages.spoiled if one.entry is not None and one.entry.key == key.name]
    known = {mac: seq for seq, (_, mac) in pages.links.items()}
    numbers = true_numbers([entry for _, entry in wrong], known, key)
    findings += _renumbered(book, wrong, numbers)
    changed = [one for place, one in enumerate(wrong) if place not in numbers]
    findings += [
        _one(Flaw.CHANGED, entry, f"what stands at {place} is not what was written") for place, entry in changed
    ]
    others = [one.entry for one in pages.spoiled if one.entry is not None and one.entry.key != key.name]
    written = pages.links.keys() | numbers.values()
    accounted = written | {entry.seq for entry in (*others, *(entry for _, entry in changed))}
    end = max(written, default=-1)
    while end + 1 in accounted:
        end += 1
    findings += _missing(book, accounted, end)
    findings += _forks(book, pages.links)
    return findings + _against(book, pages.links, end, heads)


def _renumbered(book: str, wrong: Sequence[tuple[str, LedgerEntry]], numbers: Mapping[int, int]) -> list[Finding]:
    """Each stretch of entries that were all moved alike, as one finding."""
    findings: list[Finding] = []
    places = sorted(numbers)
    while places:
        row = [places.pop(0)]
        while places and (places[0], numbers[places[0]]) == (row[-1] + 1, numbers[row[-1]] + 1):
            row.append(places.pop(0))
        where, first = wrong[row[0]]
        text = f"bears the number {first.seq} at {where}"
        if len(row) > 1:
            text = f"bear the numbers {first.seq} to {wrong[row[-1]][1].seq}, from {where} on"
        findings.append(Finding(Flaw.REORDERED, book, numbers[row[0]], numbers[row[-1]], text))
    return findings


def _reordered(book: str, order: Sequence[int]) -> list[Finding]:
    findings = []
    places = {seq: place for place, seq in enumerate(order)}
    for seq in sorted(out_of_order(order)):
        place = places[seq]
        before = f"after entry {order[place - 1]}" if place else "at the beginning"
        after = f"before entry {order[place + 1]}" if place + 1 < len(order) else "at the end"
        findings.append(Finding(Flaw.REORDERED, book, seq, seq, f"stands {before} and {after}"))
    return findings


def _missing(book: str, accounted: Set[int], end: int) -> list[Finding]:
    gaps = [seq for seq in range(end) if seq not in accounted]
    return [Finding(Flaw.REMOVED, book, first, last, "missing") for first, last in stretches(gaps)]


def _forks(book: str, links: dict[int, tuple[str, str]]) -> list[Finding]:
    wrong = []
    for seq, (prev, _) in sorted(links.items()):
        wanted = GENESIS if seq == 0 else links[seq - 1][1] if seq - 1 in links else prev
        if prev != wanted:
            wrong.append(Finding(Flaw.FORKED, book, seq, seq, "does not follow the entry that stands before it"))
    return wrong


def _against(book: str, links: dict[int, tuple[str, str]], end: int, heads: Sequence[Head]) -> list[Finding]:
    """What heads from outside say."""
    findings = []
    furthest = max((head.seq for head in heads), default=-1)
    if furthest > end:
        text = f"a head kept outside knows of entry {furthest}"
        findings.append(Finding(Flaw.CUT_OFF, book, end + 1, furthest, text))
    for seq in sorted({head.seq for head in heads if head.seq in links and links[head.seq][1] != head.entry}):
        findings.append(Finding(Flaw.FORKED, book, seq, seq, "a head kept outside knows another entry of this number"))
    return findings


def _unanchored(book: str, last: int, heads: Sequence[Head]) -> list[str]:
    furthest = max((head.seq for head in heads), default=None)
    if furthest is None:
        return [f"{book}: no head of it is known"] if last >= 0 else []
    return [f"{book}: the newest head is of entry {furthest}, the newest entry is {last}"] if furthest < last else []


def _one(flaw: Flaw, entry: LedgerEntry, text: str) -> Finding:
    return Finding(flaw, entry.book, entry.seq, entry.seq, text)


def _other_key(entry: LedgerEntry, key: LedgerKey) -> Finding:
    return _one(Flaw.OTHER_KEY, entry, f"written under key {entry.key}, and {key.name} was given to verify")


def _false_head(head: Head, key: LedgerKey) -> Finding:
    if head.key != key.name:
        text = f"a head was written under key {head.key}, and {key.name} was given to verify"
        return Finding(Flaw.OTHER_KEY, head.book, head.seq, head.seq, text)
    return Finding(Flaw.CHANGED, head.book, head.seq, head.seq, "a head kept outside was changed")
