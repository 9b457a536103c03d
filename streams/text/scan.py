"""Finds many terms in one pass: the Aho-Corasick automaton behind the lexicon and the subjects.

Terms in Latin letters hold at word boundaries only; a term that ends in ``*`` is a stem and may go on. Chinese terms
hold anywhere. Where matches overlap, the one that starts first wins, and of those the longest.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, MatchKind

from contracts.errors import InvalidSettings
from streams.text.sheet import CODES, Codes, Flags, Sheet, lay

STEP = 2
"""Bytes of a character in the automaton."""
Hit = tuple[int, int, int]
"""Index of the term, start and end of the match in the text as scanned."""

_LETTERS = frozenset(string.ascii_lowercase + string.digits + "_àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœß")

_LETTER = re.compile(f"[{''.join(sorted(_LETTERS))}]")


class Scanner:
    """Looks for ``terms``, which must be normalised and not empty. Places count from a blank put before the text.

    Work is proportional to the length of the text: at most one match a term ends at each place.

    >>> scanner = Scanner(["bad", "not bad", "delay*", "客服", "客服态度"])
    >>> [scanner.terms[index] for index, _, _ in scanner.hits("not bad, badly delayed 客服态度")]
    ['not bad', 'delay*', '客服态度']
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self.terms = tuple(terms)
        plain = [term.removesuffix("*") for term in self.terms]
        self._automaton = AhoCorasick(plain)
        self._longest = AhoCorasick(plain, MatchKind.LeftmostLongest)
        self._opens = [term[0] in _LETTERS for term in self.terms]
        self._closes = [term[-1] in _LETTERS for term in self.terms]

    def hits(self, normal: str) -> list[Hit]:
        """The matches in a normalised text that do not overlap, by place."""
        padded = f" {normal} "
        if not _LETTER.search(normal):  # nothing has word boundaries, so the automaton can choose by itself
            return self._longest.find_matches_as_indexes(padded)
        opens, closes, letters = self._opens, self._closes, _LETTERS
        kept: list[Hit] = []
        for hit in self._automaton.find_matches_as_indexes(padded, overlapping=True):
            index, start, end = hit
            if opens[index] and padded[start - 1] in letters or closes[index] and padded[end] in letters:
                continue
            if kept and start < kept[-1][2]:
                _settle(kept, hit)
            else:
                kept.append(hit)
        return kept

    def hits_of(self, normals: Sheet) -> list[list[Hit]]:
        """The same for many texts, places counting from a blank put before each."""
        owners = self.owners
        rows = self.raw(normals)
        return [[(owners[one], start // STEP, end // STEP) for one, start, end in row] for row in rows]

    def raw(self, normals: Sheet) -> list[list[Hit]]:
        """The same as the automaton gives them, for whom a microsecond counts: the index is that of a pattern, whose
        term :attr:`owners` tells, and places count in steps of :data:`STEP`.
        """
        find = self._edged.automaton.find_matches_as_indexes
        content = self._edged.pairs(normals.codes).tobytes()
        limits = zip((STEP * (normals.starts - 1)).tolist(), (STEP * normals.ends).tolist(), strict=True)
        return [find(content[first:last]) for first, last in limits]

    @property
    def owners(self) -> Sequence[int]:
        """The index of the term of each pattern."""
        return self._edged.owners

    @cached_property
    def _edged(self) -> _Edged:
        return _Edged(self.terms)

    def present(self, normal: str) -> set[int]:
        """The indexes of all terms that stand in a normalised text, inside one another too."""
        padded = f" {normal} "
        opens, closes, letters = self._opens, self._closes, _LETTERS
        return {
            index
            for index, start, end in self._automaton.find_matches_as_indexes(padded, overlapping=True)
            if not (opens[index] and padded[start - 1] in letters or closes[index] and padded[end] in letters)
        }


def is_stem(term: str) -> bool:
    """Whether a word may go on after the term: a star follows a letter of an alphabet.

    >>> [is_stem(one) for one in ("delay*", "delay", "后*", "*")]
    [True, False, False, False]
    """
    return term[-1:] == "*" and term[-2:-1] in _LETTERS


def _settle(kept: list[Hit], hit: Hit) -> None:
    """Let ``hit`` replace the matches it covers, unless one that starts earlier reaches into it."""
    start = hit[1]
    place = len(kept)
    while place and kept[place - 1][1] >= start:
        place -= 1
    if place and kept[place - 1][2] > start:
        return
    if place < len(kept) and kept[place][1] == start and kept[place][2] >= hit[2]:
        return
    del kept[place:]
    kept.append(hit)


class _Edged:
    """Terms and texts in two bytes a character, another character where a letter is at the edge of a word.

    The first byte of a pair is 128 or more and the second is less, so that no match begins within a character. A stem
    is spelled both ways at its end: the word may end there and need not.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        stems = [n for n, term in enumerate(terms) if is_stem(term)]
        self.owners = [*range(len(terms)), *stems]
        """Which term each pattern of the automaton is."""
        others = sorted(set("".join(terms)) - _LETTERS)
        numbers = {letter: 4 * n for n, letter in enumerate(sorted(_LETTERS), 1)}
        numbers |= {one: n for n, one in enumerate(others, 4 * (len(_LETTERS) + 1))}
        if max(numbers.values()) >= 1 << 14:
            raise InvalidSettings(
                "terms", f"have {len(numbers)} different characters; at most 16 000 can be told apart"
            )
        self._pairs = np.full(CODES, 128, dtype=np.uint16)
        for one, number in numbers.items():
            self._pairs[ord(one)] = 128 + (number >> 7) | (number & 127) << 8
        spelled = lay([f" {term.removesuffix('*')} " for term in terms] + [f" {terms[stem][:-1]}a" for stem in stems])
        content, limits = self.pairs(spelled.codes), zip(spelled.starts.tolist(), spelled.ends.tolist(), strict=True)
        patterns = [content[start + 1 : end - 1].tobytes() for start, end in limits]
        self.automaton = BytesAhoCorasick(patterns, MatchKind.LeftmostLongest)

    def pairs(self, codes: Codes) -> npt.NDArray[np.uint16]:
        """Both bytes of each character: its number; of a letter one more if it opens a word, two if it closes one."""
        letters = _letters()[codes]
        edges = np.zeros(len(codes), dtype=np.uint16)
        edges[1:] = letters[1:] > letters[:-1]
        edges[:-1] += (letters[:-1] > letters[1:]).view(np.uint8) << 1
        return self._pairs[codes] + (edges << 8)


@cache
def _letters() -> Flags:
    """By code: whether it is a letter that words are made of."""
    table = np.zeros(CODES, dtype=np.bool_)
    table[[ord(one) for one in _LETTERS]] = True
    return table
