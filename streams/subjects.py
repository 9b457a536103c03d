"""Subjects: which of the watched brands a text is about.

Intake asks for every record (``contracts.ports.BrandFinder``). A brand that the source gives is looked up among names
and aliases; without one the text is searched in one pass, and once more for must, must-not and noise words if it names
a subject. Every answer has a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from contracts.records.base import Name
from contracts.series import OTHER
from streams.text.normal import normalise
from streams.text.scan import Scanner

U = TypeVar("U")
Words = tuple[Annotated[str, Field(max_length=100)], ...]


class Subject(BaseModel):
    """A brand or a topic that is watched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    """What its series are called."""
    aliases: Words = ()
    """Other names people write; the name itself always counts. Latin ones hold at word boundaries."""
    fields: Words = ()
    """What sources write in their brand field, beside name and aliases; not looked for in texts."""
    must: Words = ()
    """If given, at least one of these must stand in the text as well: for names that are also words."""
    must_not: Words = ()
    """With one of these in the text it is not about this subject."""
    noise: Words = ()
    """With one of these in the text it is about this subject but not worth counting, as 抽奖."""


class Subjects(BaseModel):
    """The file ``config/subjects.yaml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subjects: tuple[Subject, ...] = ()
    noise: Words = ()
    """Noise for all subjects."""


class Reason(StrEnum):
    """Why a text got its brands, or why a brand was left out."""

    GIVEN = "given"
    """The source named a subject or one of its aliases."""
    GIVEN_UNKNOWN = "given_unknown"
    """The source named a brand that is no subject: it counts under ``other``."""
    FOUND = "found"
    NONE = "none"
    """No subject stands in the text."""
    MUST_MISSING = "must_missing"
    MUST_NOT = "must_not"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Explanation:
    """The brands of one text, why, and which were found but left out."""

    brands: tuple[str, ...]
    reason: Reason
    dropped: tuple[tuple[str, Reason], ...] = ()


class Use(StrEnum):
    """What a word beside the names is for."""

    MUST = "must"
    MUST_NOT = "must_not"
    NOISE = "noise"


Mark = tuple[Use, int]
"""A use, and the subject it is for."""

_ALL = -1
"""Stands for all subjects."""


class SubjectFinder:
    """Finds brands; a pure function of text and subjects.

    ``extra`` are brands that hold beside the subjects when a source gives them, for instance all those of a file.
    A given brand is believed: must, must-not and noise words are for texts that had to be searched.

    >>> spruce = Subject(name="Spruce Air", aliases=("云杉航空",))
    >>> finder = SubjectFinder(Subjects(subjects=(spruce,)), extra=("Delta",))
    >>> finder.brands("云杉航空又延误了", None), finder.brands("…", "delta"), finder.brands("…", "Nobody")
    (('Spruce Air',), ('Delta',), ('other',))
    """

    def __init__(self, subjects: Subjects, extra: Sequence[str] = ()) -> None:
        self._subjects = subjects.subjects
        self._given = {_key(name): name for name in reversed(extra)}
        for one in reversed(self._subjects):
            self._given |= {_key(word): one.name for word in (*one.fields, *one.aliases, one.name)}
        names = _words((index, (one.name, *one.aliases)) for index, one in enumerate(self._subjects))
        marks = _words(_marks(subjects))
        self._named, self._marked = tuple(names.values()), tuple(marks.values())
        self._names, self._marks = Scanner(tuple(names)), Scanner(tuple(marks))
        self.names = tuple(dict.fromkeys((*(one.name for one in self._subjects), *extra)))

    def brands(self, text: str, given: str | None) -> tuple[str, ...]:
        """Brands of one text, most prominent first; empty if it is about none that is watched."""
        return self.explain(text, given).brands

    def explain(self, text: str, given: str | None) -> Explanation:
        """The same with the reason."""
        key = _key(given) if given else ""
        if key:
            name = self._given.get(key)
            return Explanation((name,), Reason.GIVEN) if name else Explanation((OTHER,), Reason.GIVEN_UNKNOWN)
        normal = normalise(text)
        named = self._search(normal)
        if not named:
            return Explanation((), Reason.NONE)
        marks = {mark for word in self._marks.present(normal) for mark in self._marked[word]}
        kept, dropped = [], []
        for index in named:
            why = self._left_out(index, marks)
            if why is None:
                kept.append(self._subjects[index].name)
            else:
                dropped.append((self._subjects[index].name, why))
        return Explanation(tuple(kept), Reason.FOUND if kept else dropped[0][1], tuple(dropped))

    def _search(self, normal: str) -> list[int]:
        """Subjects named in the text, the most often named first and of equals the earlier."""
        counts: dict[int, int] = {}
        for word, _, _ in self._names.hits(normal):
            for subject in self._named[word]:
                counts[subject] = counts.get(subject, 0) + 1
        return sorted(counts, key=lambda subject: -counts[subject])

    def _left_out(self, index: int, marks: set[Mark]) -> Reason | None:
        """Why a subject that is named does not count, if so."""
        if (Use.MUST_NOT, index) in marks:
            return Reason.MUST_NOT
        if self._subjects[index].must and (Use.MUST, index) not in marks:
            return Reason.MUST_MISSING
        if (Use.NOISE, index) in marks or (Use.NOISE, _ALL) in marks:
            return Reason.NOISE
        return None


def problems(subjects: Subjects) -> list[str]:
    """What is wrong with the subjects, one sentence each, for ``fenghuo check``; empty when all is well.

    >>> problems(Subjects(subjects=(Subject(name="A1", aliases=("x9",)), Subject(name="B2", aliases=("X9",)))))
    ["'x9' names both A1 and B2: a text with it counts for both; give one of them a longer alias or a must word"]
    """
    found = [] if subjects.subjects else ["there is no subject: nothing will be watched; add one under 'subjects'"]
    names: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for one in subjects.subjects:
        if (twin := names.setdefault(_key(one.name), one.name)) is not one.name:
            found.append(f"the name {one.name!r} stands twice (also as {twin!r}): keep one")
            continue
        if _key(one.name) == OTHER:
            found.append(f"the name {one.name!r} is kept for brands that are no subject: choose another")
        for alias in dict.fromkeys(filter(None, map(_key, (one.name, *one.aliases, *one.fields)))):
            owner = aliases.setdefault(alias, one.name)
            if owner != one.name:
                found.append(
                    f"{alias!r} names both {owner} and {one.name}: a text with it counts for both; "
                    "give one of them a longer alias or a must word"
                )
        found += _problems_of(one)
    return found


def _problems_of(one: Subject) -> Iterable[str]:
    """What is wrong with one subject by itself."""
    for use, words in (("alias", one.aliases), ("must", one.must), ("must_not", one.must_not), ("noise", one.noise)):
        keys = [_key(word) for word in words]
        if "" in keys:
            yield f"{one.name}: an empty {use} word; remove it"
        for word in sorted({key for key in keys if key and keys.count(key) > 1}):
            yield f"{one.name}: the {use} word {word!r} stands twice"
    for alias in filter(None, map(_key, (one.name, *one.aliases))):
        if len(alias) == 1 or alias.isascii() and (len(alias) < 2 or alias.isdigit()):
            yield f"{one.name}: the alias {alias!r} is so short that it is found everywhere; drop it"
    own = [key for key in map(_key, (one.name, *one.aliases)) if key]
    for word in filter(None, map(_key, one.must_not)):
        lost = [key for key in own if word in key]
        if lost and len(lost) == len(own):
            yield f"{one.name}: the must_not word {word!r} stands in the name and all aliases: nothing can be about it"
        elif lost:
            yield f"{one.name}: the must_not word {word!r} stands in {', '.join(map(repr, lost))}, which never counts"
    for word in sorted({_key(word) for word in one.must} & {_key(word) for word in one.must_not} - {""}):
        yield f"{one.name}: {word!r} is both must and must_not"


def _marks(subjects: Subjects) -> Iterator[tuple[Mark, Iterable[str]]]:
    """Must, must-not and noise words."""
    yield (Use.NOISE, _ALL), subjects.noise
    for index, one in enumerate(subjects.subjects):
        yield (Use.MUST, index), one.must
        yield (Use.MUST_NOT, index), one.must_not
        yield (Use.NOISE, index), one.noise


def _words(uses: Iterable[tuple[U, Iterable[str]]]) -> dict[str, tuple[U, ...]]:
    """Every word, normalised, with all it is used for; empty words are left out."""
    words: dict[str, tuple[U, ...]] = {}
    for use, some in uses:
        for word in dict.fromkeys(filter(None, map(_key, some))):
            words[word] = (*words.get(word, ()), use)
    return words


def _key(word: str) -> str:
    """How names are compared."""
    return normalise(word).strip()
