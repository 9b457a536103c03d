"""What a complaint's words say beyond its Reading: a burden, a failed attempt, a threat, an authority named.

In the flow: counting asks for it for mentions that belong to a case, and it goes out with their evidence; the memory
across messages of one case (lights, grades) lives in the detecting stage. A pure function of the text, the shipped
cues (``case_words.yaml``) and the words of authorities in ``config/grade.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from ahocorasick_rs import AhoCorasick

from contracts.records import CaseWords
from contracts.yamlfile import plain_yaml
from streams.text.grade import GradeSettings
from streams.text.normal import normalise
from streams.text.scan import Scanner
from streams.text.words import split

LONGEST = 2_000
"""Characters that are looked at: of a longer text, its beginning and its end in equal parts."""
SHOWN = 24
"""Characters of a phrase that are kept."""
THREATS = ("law", "authority", "press", "crowd", "police")
_SIGNS = str.maketrans("，！？；、", ",!?;,")
_BEFORE = 40
_IDLE = 80
"""A longer text is never idle."""


class CaseReader:
    """Reads the words of complaints.

    Works on plain statements in Chinese and English, sarcastic ones too as long as they name the burden; misses what is
    only hinted at, and takes a threat that somebody else made for the customer's own. About 30 µs for 60 characters.

    >>> read = CaseReader().read
    >>> read("麻烦您帮我查一下订单").burden, read("打了三次电话都没人接").burden
    ('', '都没')
    >>> read("再不退款我就去12315投诉").threats, read("I'm not going to sue you over this").threats
    (('去12315',), ())
    """

    def __init__(self, grade: GradeSettings | None = None) -> None:
        self._authorities = Scanner(split((grade or GradeSettings()).authority_words))
        self._cues = _cues()

    def read(self, text: str) -> CaseWords:
        """What one masked text says; all empty when it says nothing of the kind."""
        normal, cues = normalise(_shortened(text)).translate(_SIGNS), self._cues
        if len(normal) <= _IDLE and cues.all_of("idle", normal):
            return CaseWords.trusted(idle=True)
        polite = cues.without("blank", normal)
        heard = cues.without("aside", polite)
        there = cues.there(heard)
        burden = None if cues.find("solved", heard, there) else cues.find("burden", heard, there)
        authorities = self._authorities.hits(cues.without("aside", normal))
        return CaseWords.trusted(
            burden=_shown(burden),
            threats=tuple(self._threats(heard, there)),
            danger=_shown(cues.find("danger", heard, there)),
            polite=polite is not normal,
            authority=len({index for index, _, _ in authorities}) if authorities else 0,
        )

    def _threats(self, heard: str, there: frozenset[int]) -> Iterator[str]:
        """One phrase of each sort of threat that is made and not denied."""
        cues = self._cues
        for sort in THREATS:
            if sort == "police" and cues.find("crime", heard, there):
                continue
            made = (one for one in cues.every(sort, heard, there) if not _denied(cues, heard, one))
            if (first := next(made, None)) is not None:
                yield _shown(first)


class Cues:
    """Sorts of expressions, each tried only where one of the literal pieces stands that every match of it holds.

    >>> cues = Cues({"wait": {"等, wait": "等了|waited"}})
    >>> cues.find("wait", "我等了", cues.there("我等了"))[0], cues.find("wait", "ok", cues.there("ok"))
    ('等了', None)
    """

    def __init__(self, given: Mapping[str, Mapping[str, str]]) -> None:
        self._sorts: dict[str, list[tuple[int, re.Pattern[str]]]] = {}
        pieces: list[str] = []
        self._of: list[int] = []
        number = 0
        for sort, lines in given.items():
            for keys, expression in lines.items():
                self._sorts.setdefault(sort, []).append((number, re.compile(expression)))
                mine = [one for one in (key.strip() for key in keys.split(",")) if one]
                pieces += mine
                self._of += [number] * len(mine)
                number += 1
        self._pieces = AhoCorasick(pieces)

    def there(self, heard: str) -> frozenset[int]:
        """The expressions that may match."""
        of = self._of
        return frozenset([of[hit[0]] for hit in self._pieces.find_matches_as_indexes(heard, overlapping=True)])

    def every(self, sort: str, heard: str, there: frozenset[int]) -> Iterator[re.Match[str]]:
        """All matches of a sort, expression by expression."""
        for number, expression in self._sorts[sort]:
            if number in there:
                yield from expression.finditer(heard)

    def find(self, sort: str, heard: str, there: frozenset[int]) -> re.Match[str] | None:
        """The first match of a sort."""
        return next(self.every(sort, heard, there), None)

    def without(self, sort: str, heard: str) -> str:
        """The text without what the sort finds."""
        there = self.there(heard)
        for number, expression in self._sorts[sort]:
            if number in there:
                heard = expression.sub(" ", heard)
        return heard

    def all_of(self, sort: str, heard: str) -> bool:
        """Whether an expression of the sort covers the whole text."""
        return any(expression.fullmatch(heard.strip()) for _, expression in self._sorts[sort])


@cache
def _cues() -> Cues:
    return Cues(plain_yaml(files("streams.text").joinpath("case_words.yaml").read_text("utf-8")))


def _denied(cues: Cues, heard: str, threat: re.Match[str]) -> bool:
    before = heard[max(0, threat.start() - _BEFORE) : threat.start()]
    return cues.find("denied", before, cues.there(before)) is not None


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST // 2] + "\n" + text[-LONGEST // 2 :]


def _shown(found: re.Match[str] | None) -> str:
    return "" if found is None else found[0].strip()[:SHOWN]
