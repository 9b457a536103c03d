"""Finds many terms in one pass: the Aho-Corasick automaton behind the lexicon and the subjects.

Terms in Latin letters hold at word boundaries only; a term that ends in ``*`` is a stem and may go on. Chinese terms
hold anywhere. Where matches overlap, the one that starts first wins, and of those the longest.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

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

    def present(self, normal: str) -> set[int]:
        """The indexes of all terms that stand in a normalised text, inside one another too."""
        padded = f" {normal} "
        opens, closes, letters = self._opens, self._closes, _LETTERS
        return {
            index
            for index, start, end in self._automaton.find_matches_as_indexes(padded, overlapping=True)
            if not (opens[index] and padded[start - 1] in letters or closes[index] and padded[end] in letters)
        }


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
