"""The lexicon: terms with what each of them means, read from the YAML files beside this module.

Each file is a list of groups; a group says something about all its terms (weight, emotion, heat, category, stage, or a
role in the sentence). A term may stand in several groups, which are then added up; two groups that give it different
weights or roles are a mistake. Everything is normalised as the texts are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from itertools import chain, product
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from contracts.errors import InvalidSettings
from contracts.records import Emotion, Stage
from contracts.records.base import Name
from contracts.yamlfile import plain_yaml
from streams.text.normal import normalise
from streams.text.scan import Scanner

CATEGORIES: tuple[str, ...] = (
    "privacy-leak", "safety", "fraud", "rights", "quality", "attitude", "after-sale", "price", "logistics", "policy"
)  # fmt: skip
"""The kinds of complaint as shipped, gravest first: the order settles ties. What fits none is ``other``."""
EMOTIONS = (Emotion.NONE, *(one for one in Emotion if one is not Emotion.NONE))
"""The emotions, none first."""
STAGES = (Stage.AFTER_SALE, Stage.DELIVERY, Stage.PRE_SALE)
"""The stages, in the order that settles ties."""


class Role(IntEnum):
    """What a term does in a sentence."""

    WORD = 0
    """Carries weight, heat, a category or a stage."""
    NEGATION = 1
    """Turns the next word round: 不, not."""
    INTENSIFIER = 2
    """Multiplies the next word: 非常, very; below 1 it weakens: 有点, slightly."""
    CONTRAST = 3
    """What follows counts for more: 但是, but."""
    CONCESSION = 4
    """What follows in this clause counts for less: 虽然, although."""
    BREAK = 5
    """Ends a clause."""
    SHIELD = 6
    """Means nothing, and keeps the words inside it from meaning something: 麻烦您, 好像."""


def split(terms: str | list[str]) -> list[str]:
    """The terms of a group, normalised.

    >>> split("Not Good, 太差 ,\\n很慢")
    ['not good', '太差', '很慢']
    """
    if isinstance(terms, str):
        return [part for part in (normalise(one).strip() for one in terms.replace("\n", ",").split(",")) if part]
    return [part for part in map(normalise, terms) if part]


def stemmed(terms: str | list[str]) -> str | list[str]:
    """The same terms; raises ValueError when one is a star and nothing else, which would be a stem of every word."""
    for term in split(terms):
        if term.endswith("*") and not term.strip("* "):
            raise ValueError(f"{term!r} is a star without the beginning of a word; write one before it, or drop it")
    return terms


Terms = Annotated[Annotated[str, Field(min_length=1)] | list[str], AfterValidator(stemmed)]
"""Separated by commas or line ends, or a list; ``*`` at the end of a term in Latin letters makes it a stem. In the
    files of the lexicon ``(a|b)`` stands for each of its parts (:func:`spelled_out`)."""


class Tone(IntEnum):
    """How a term is meant, whatever it weighs."""

    PLAIN = 0
    """As it says."""
    COURTESY = 1
    """At the end of a complaint it is mere politeness: 谢谢, thanks."""
    OUTCRY = 2
    """Cried out before nothing but blame it is scorn: 太棒了, great."""
    TEASE = 3
    """The same without a pause: love how you …"""


class Group(BaseModel):
    """Terms that share a meaning, as written in a lexicon file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["word", "negation", "intensifier", "contrast", "concession", "break", "shield"] = "word"
    weight: Annotated[float, Field(ge=-1, le=1)] = 0.0
    """−1 (the worst) to 1."""
    factor: Annotated[float, Field(gt=0, le=3)] = 1.0
    """Of an intensifier."""
    tone: Literal["plain", "courtesy", "outcry", "tease"] = "plain"
    emotion: Emotion = Emotion.NONE
    heat: Annotated[float, Field(ge=0, le=1)] = 0.0
    category: Name | None = None
    stage: Literal["pre-sale", "delivery", "after-sale"] | None = None
    points: Annotated[float, Field(gt=0, le=5)] = 1.0
    """How clearly it points to the category and the stage."""
    terms: Terms


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one term means."""

    role: int = 0
    """A :class:`Role`, as a plain number because it is compared for every word."""
    weight: float = 0.0
    factor: float = 1.0
    emotion: int = 0
    """Index into :data:`EMOTIONS`; 0 is none."""
    heat: float = 0.0
    categories: tuple[tuple[int, float], ...] = ()
    """Index into :attr:`Lexicon.categories` and points."""
    stages: tuple[tuple[int, float], ...] = ()
    tone: int = 0
    """A :class:`Tone`, as a plain number."""
    latin: bool = False
    matters: bool = False
    """Whether it has heat, a category or a stage."""
    salience: float = 0.0
    """How well it serves as a keyword."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Terms and their meanings, in alphabetical order of the terms."""

    terms: tuple[str, ...]
    meanings: tuple[Meaning, ...]
    version: str
    """Ten hex digits that change with any term or meaning."""
    categories: tuple[str, ...] = CATEGORIES
    """All categories, in the order that settles ties."""

    @classmethod
    def of(cls, groups: Sequence[Group], place: str = "lexicon", categories: Sequence[str] = CATEGORIES) -> Lexicon:
        """Add up ``groups``; categories beyond those given come after them.

        Raises :class:`~contracts.errors.InvalidSettings` when two groups contradict each other.

        >>> lexicon = Lexicon.of([Group(weight=-0.6, terms="很差, awful"), Group(category="quality", terms="很差")])
        >>> lexicon.terms, lexicon.meanings[1].categories == ((CATEGORIES.index("quality"), 1.0),)
        (('awful', '很差'), True)
        """
        found: dict[str, Meaning] = {}
        named = (group.category for group in groups if group.category)
        places = {name: index for index, name in enumerate(dict.fromkeys((*categories, *named)))}
        for group in groups:
            for term in split(group.terms):
                found[term] = _joined(found.get(term), _meaning(group, term, places), term, place)
        terms = tuple(sorted(found))
        scanner = Scanner(terms)
        inner = {term: [found[terms[index]] for index in sorted(scanner.present(term))] for term in terms}
        meanings = tuple(_finished(found[term], inner[term]) for term in terms)
        basis = repr(list(zip(terms, meanings, strict=True))) + (
            "" if tuple(places) == CATEGORIES else repr(list(places))
        )
        digest = blake2b(basis.encode(), digest_size=5)
        return cls(terms, meanings, digest.hexdigest(), tuple(places))


_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")


@cache
def shipped() -> Lexicon:
    """The lexicon of the project: all files of ``streams/text/lexicon``."""
    return Lexicon.of([group for groups in shipped_groups().values() for group in groups])


@cache
def shipped_groups() -> Mapping[str, list[Group]]:
    """The groups of all shipped files, by file name and in its order."""
    folder = files("streams.text").joinpath("lexicon")
    wanted = sorted((one for one in folder.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    return {one.name: _groups(one.name, one.read_text(encoding="utf-8")) for one in wanted}


def spelled_out(term: str) -> list[str]:
    """Every term that a pattern stands for: ``(a|b)`` for each of its parts, one of which may be empty.

    >>> spelled_out("(sue|suing) you"), spelled_out("没(有|)白来")
    (['sue you', 'suing you'], ['没有白来', '没白来'])
    """
    parts = [part.split("|") if place % 2 else [part] for place, part in enumerate(_CHOICE.split(term))]
    return [" ".join("".join(one).split()) for one in product(*parts)]


def _groups(name: str, content: str) -> list[Group]:
    try:
        groups = TypeAdapter(list[Group]).validate_python(plain_yaml(content))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InvalidSettings(name, f"group {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    return [
        group.model_copy(update={"terms": [one for term in split(group.terms) for one in spelled_out(term)]})
        if isinstance(group.terms, str)
        else group
        for group in groups
    ]


def _meaning(group: Group, term: str, places: Mapping[str, int]) -> Meaning:
    return Meaning(
        role=int(Role[group.role.upper()]),
        weight=group.weight,
        factor=group.factor,
        emotion=EMOTIONS.index(group.emotion),
        heat=group.heat,
        categories=((places[group.category], group.points),) if group.category else (),
        stages=((STAGES.index(Stage(group.stage)), group.points),) if group.stage else (),
        tone=int(Tone[group.tone.upper()]),
        latin=term[0].isascii(),
    )


def _joined(old: Meaning | None, new: Meaning, term: str, place: str) -> Meaning:
    """What a term means that stands in one more group."""
    if old is None:
        return new
    if old.role != new.role and {old.role, new.role} != {Role.WORD, Role.NEGATION}:
        roles = f"{Role(old.role).name} and {Role(new.role).name}"
        raise InvalidSettings(place, f"{term!r} has two roles, {roles}; take it out of one list")
    if old.weight and new.weight and old.weight != new.weight:
        raise InvalidSettings(place, f"{term!r} has two weights, {old.weight} and {new.weight}; keep one")
    return replace(
        old,
        role=max(old.role, new.role),
        weight=old.weight or new.weight,
        emotion=old.emotion or new.emotion,
        heat=max(old.heat, new.heat),
        categories=_most((old.categories, new.categories)),
        stages=_most((old.stages, new.stages)),
        tone=max(old.tone, new.tone),
    )


def _finished(meaning: Meaning, inner: Sequence[Meaning]) -> Meaning:
    """With what follows from the rest.

    A word that names no category or stage takes over those of the words inside it, which it hides from the search:
    "hidden fee" is about the price because "fee" is. A Latin one takes over their weight too ("cancelled flight"); a
    Chinese one must not: 快递 is not praise because 快 is. Keywords are fierce and strong words first, then those that
    name a matter.
    """
    if meaning.role != Role.WORD:
        return meaning
    weight = meaning.weight
    if meaning.latin and not weight:
        weight = max((one.weight for one in inner if one.role == Role.WORD), key=abs, default=0.0)
    categories = meaning.categories or _most(one.categories for one in inner)
    stages = meaning.stages or _most(one.stages for one in inner)
    named = max((points for _, points in categories), default=0.0)
    return replace(
        meaning,
        weight=weight,
        categories=categories,
        stages=stages,
        matters=bool(meaning.heat or categories or stages),
        salience=2 * meaning.heat + abs(weight) + 0.4 * named,
    )


def _most(several: Iterable[tuple[tuple[int, float], ...]]) -> tuple[tuple[int, float], ...]:
    """The union, each with its most points."""
    most: dict[int, float] = {}
    for index, points in chain.from_iterable(several):
        most[index] = max(points, most.get(index, 0.0))
    return tuple(sorted(most.items()))
