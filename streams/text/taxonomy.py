"""The taxonomy: what complaints may be about and when in a purchase, each with weighted keywords.

The shipped one stands in ``lexicon/categories.yaml`` and ``lexicon/stages.yaml`` beside this module. ``taxonomy.yaml``
in the folder of settings adds to it or replaces it; ``fenghuo check`` tells what overlaps (:func:`problems`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.errors import InvalidSettings
from contracts.records.base import Name
from contracts.series import OTHER
from streams.text.scan import Scanner
from streams.text.term_mistakes import mistakes
from streams.text.words import CATEGORIES, Group, Lexicon, Role, Terms, shipped, shipped_groups, split

Points = Annotated[float, Field(gt=0, le=5)]
_OWN_FILES = ("categories.yaml", "stages.yaml")


class CategoryTerms(BaseModel):
    """Keywords of one category. A category may stand several times, with more and less telling words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: Name
    name: Annotated[str, Field(max_length=40)] = ""
    """What Chinese pages call it; else they show ``category`` itself."""
    points: Points = 1.0
    """How clearly these words point to it; the sums are compared."""
    terms: Terms


class StageTerms(BaseModel):
    """Keywords of one stage."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: Literal["pre-sale", "delivery", "after-sale"]
    points: Points = 1.0
    terms: Terms


class Taxonomy(BaseModel):
    """The file ``config/taxonomy.yaml``.

    >>> own = CategoryTerms(category="hygiene", points=2, terms="蟑螂, dirty kitchen")
    >>> Taxonomy(base="none", categories=(own,)).lexicon().categories
    ('hygiene',)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: Literal["shipped", "none"] = "shipped"
    """What stands below the lists here: the shipped taxonomy, or nothing, so that they replace it."""
    categories: tuple[CategoryTerms, ...] = ()
    """Gravest first: where points are equal the earlier one is taken. Own categories come after shipped ones."""
    stages: tuple[StageTerms, ...] = ()

    def lexicon(self) -> Lexicon:
        """The shipped lexicon with this taxonomy; raises InvalidSettings when a term contradicts it."""
        if self == Taxonomy():
            return shipped()
        first = CATEGORIES if self.base == "shipped" else ()
        return Lexicon.of([*self.below(), *self.groups()], "taxonomy.yaml", first)

    def names(self) -> tuple[str, ...]:
        """All categories a text can have, gravest first, and that of what fits none."""
        first = CATEGORIES if self.base == "shipped" else ()
        return tuple(dict.fromkeys((*first, *(one.category for one in self.categories), OTHER)))

    def groups(self) -> list[Group]:
        """The lists of this taxonomy as groups of the lexicon."""
        named = [Group(category=one.category, points=one.points, terms=one.terms) for one in self.categories]
        return named + [Group(stage=one.stage, points=one.points, terms=one.terms) for one in self.stages]

    def below(self) -> Iterator[Group]:
        """The shipped groups; those of a taxonomy that was replaced keep what else they mean, such as their weight."""
        for name, groups in shipped_groups().items():
            if self.base == "shipped":
                yield from groups
            elif name not in _OWN_FILES:
                yield from (group.model_copy(update={"category": None, "stage": None}) for group in groups)


def problems(taxonomy: Taxonomy) -> list[str]:
    """What overlaps or cannot work, one sentence each, for ``fenghuo check``; empty when all is well.

    >>> lists = (CategoryTerms(category="price", terms="涨价, 收费"), CategoryTerms(category="policy", terms="收费"))
    >>> problems(Taxonomy(base="none", categories=lists))
    ["'收费' points to price and policy with 1 each: a text with it alone goes to price; give one of them more points"]
    """
    groups = [*taxonomy.below(), *taxonomy.groups()]
    own = frozenset(term for group in taxonomy.groups() for term in split(group.terms))
    found = []
    if not any(group.category for group in groups):
        found.append("there is no category: everything will be 'other'; add one under 'categories'")
    if any(group.category == OTHER for group in groups):
        found.append(f"the category {OTHER!r} is kept for what fits none: choose another name")
    for group in taxonomy.groups():
        found += _of_terms(group)
    return (
        found
        + list(_of_whole(taxonomy))
        + _overlaps([group for group in groups if group.category], "category", own)
        + _overlaps([group for group in groups if group.stage], "stage", own)
    )


def _of_terms(group: Group) -> Iterator[str]:
    owner = group.category or group.stage
    terms = split(group.terms)
    if not terms:
        yield f"{owner}: an entry without terms; remove it"
    for clause in mistakes(terms):
        yield f"{owner}: {clause}"


def _of_whole(taxonomy: Taxonomy) -> Iterator[str]:
    """What only shows when the lexicon is put together: contradictions, and words without effect."""
    try:
        lexicon = taxonomy.lexicon()
        _ = Scanner(lexicon.terms).owners
    except InvalidSettings as error:
        yield error.reason
        return
    roles = {term: meaning.role for term, meaning in zip(lexicon.terms, lexicon.meanings, strict=True)}
    for group in taxonomy.groups():
        for term in split(group.terms):
            if roles[term] == Role.NEGATION:
                owner = group.category or group.stage
                yield f"{owner}: the term {term!r} only denies what follows and points to nothing; drop it"


def _overlaps(groups: Sequence[Group], kind: Literal["category", "stage"], own: frozenset[str]) -> list[str]:
    """Those of the terms ``own`` that point to two with equal points, or stand twice for one."""
    points: dict[str, dict[str, float]] = {}
    found = []
    for group in groups:
        owner = str(getattr(group, kind))
        for term in (one for one in split(group.terms) if one in own):
            owners = points.setdefault(term, {})
            if owner in owners:
                found.append(f"{term!r} stands twice for {owner}: the more points count; keep one")
            owners[owner] = max(group.points, owners.get(owner, 0.0))
    for term, owners in points.items():
        most = max(owners.values())
        best = [owner for owner, value in owners.items() if value == most]
        if len(best) > 1:
            found.append(
                f"{term!r} points to {' and '.join(best)} with {most:g} each: a text with it alone goes to {best[0]}; "
                "give one of them more points"
            )
    return found
