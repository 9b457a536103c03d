"""How grave a complaint is: fuzzy comprehensive evaluation over six factors, with the memberships shown.

Each factor says to which degree it belongs to each grade (its memberships, which add up to 1); the weighted mean over
the factors gives the memberships of the complaint, their centre its grade. Some categories have a least grade whatever
the rest says: a privacy leak always has the highest. A factor that is not known is left out, and the others share its
weight. Weights, levels and words stand in ``config/grade.yaml``.

When it works: as an order of what to look at first, which people can follow number by number. When not: the weights
are a policy, not a measurement; one extreme factor alone moves a grade only as far as its weight, unless it has a least
grade.

References: Zadeh, Fuzzy sets (1965); 模糊综合评价 with the weighted-mean operator M(·,+).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import isfinite, log10
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from contracts.records.base import Name
from contracts.records.grade import GRADES, Facts, Grade, Graded, Memberships
from streams.text.term_mistakes import mistakes
from streams.text.words import Terms, split

Weight = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Limit = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class Levels(BaseModel):
    """The membership functions of one factor: at each of the four values it belongs wholly to that grade.

    Between two values the membership passes from one grade to the next in a straight line, below the first and above
    the last it is whole.

    >>> Levels(at=(0, 1, 2, 4)).memberships(3.0)
    (0.0, 0.0, 0.5, 0.5)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: tuple[Limit, Limit, Limit, Limit]
    """Values typical of minor, moderate, serious and critical; rising."""
    scale: Literal["linear", "log"] = "linear"
    """``log`` for what grows by factors, as reach: 1 000 lies half-way between 100 and 10 000."""

    @model_validator(mode="after")
    def _rising(self) -> Levels:
        if any(low >= high for low, high in zip(self.at, self.at[1:], strict=False)):
            raise ValueError("the four values must rise")
        return self

    def memberships(self, value: float) -> Memberships:
        """Of one value."""
        if self.scale == "log":
            return _between(log10(1.0 + value), tuple(log10(1.0 + one) for one in self.at))
        return _between(value, self.at)


def _between(place: float, marks: Sequence[float]) -> Memberships:
    """Memberships of a place among four marks."""
    upper = bisect_right(marks, place)
    found = [0.0, 0.0, 0.0, 0.0]
    if upper in (0, 4):
        found[min(upper, 3)] = 1.0
    else:
        part = (place - marks[upper - 1]) / (marks[upper] - marks[upper - 1])
        found[upper - 1], found[upper] = 1.0 - part, part
    return found[0], found[1], found[2], found[3]


class Weights(BaseModel):
    """How much each factor counts; only their ratios matter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: Weight = 0.25
    heat: Weight = 0.20
    customer_value: Weight = 0.10
    reach: Weight = 0.15
    repeats: Weight = 0.15
    authority: Weight = 0.15

    @model_validator(mode="after")
    def _some(self) -> Weights:
        if not any(self.model_dump().values()):
            raise ValueError("at least one weight must be above 0")
        return self


_CATEGORIES: dict[str, float] = {
    "privacy-leak": 1.0, "safety": 0.9, "fraud": 0.75, "rights": 0.6, "quality": 0.35, "attitude": 0.3,
    "after-sale": 0.35, "price": 0.3, "logistics": 0.2, "policy": 0.25, "other": 0.15,
}  # fmt: skip
_AUTHORITY = (
    "12315, 12345, 12306, 12378, 黑猫投诉, 消协, 消费者协会, 工商局, 市场监管, 市监局, 银保监, 金监局, 工信部, "
    "信访, 纪委, 监察, 卫健委, 证监会, 法院, 律师, 起诉, 仲裁, 报警, 公安, 派出所, 媒体, 记者, 曝光, 央视, "
    "电视台, 新闻, 315晚会, 热搜, regulator*, ombudsman, consumer protection, ftc, fcc, faa, attorney*, lawyer*, "
    "lawsuit, sue you, small claims, court, police, journalist*, reporter*, newspaper, the press, the media, "
    "news channel, trading standards, better business bureau, bbb"
)


_AT_LEAST: dict[str, Grade] = {"privacy-leak": Grade.CRITICAL, "safety": Grade.SERIOUS}


class GradeSettings(BaseModel):
    """The file ``config/grade.yaml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: Weights = Weights()
    categories: dict[Name, Weight] = _CATEGORIES
    """How grave each category is, 0 to 1. What is named is put over the shipped values; one that stands in neither
    counts as ``other``."""
    category: Levels = Levels(at=(0.1, 0.35, 0.65, 0.9))
    heat: Levels = Levels(at=(0.1, 0.35, 0.6, 0.85))
    customer_value: Levels = Levels(at=(0.1, 0.4, 0.7, 0.95))
    reach: Levels = Levels(at=(100, 5_000, 100_000, 2_000_000), scale="log")
    repeats: Levels = Levels(at=(1, 2, 3, 5))
    """Complaints of the same person or case within the window, this one included."""
    authority: Levels = Levels(at=(0, 0.5, 1, 2))
    """Different regulators, courts or media named in the text."""
    at_least: dict[Name, Grade] = _AT_LEAST
    """Least grade of a category, whatever the rest says. A privacy leak is always critical."""
    authority_words: Terms = _AUTHORITY

    @field_validator("categories")
    @classmethod
    def _over_shipped(cls, given: dict[str, float]) -> dict[str, float]:
        return {**_CATEGORIES, **given}

    @model_validator(mode="after")
    def _leak(self) -> GradeSettings:
        if self.at_least.get("privacy-leak") is not Grade.CRITICAL:
            raise ValueError("at_least must keep privacy-leak at critical")
        return self


def problems(settings: GradeSettings, known: Collection[str]) -> list[str]:
    """What cannot work, one sentence each, for ``fenghuo check``; ``known`` are the categories of the taxonomy.

    >>> problems(GradeSettings(categories={"hygeine": 0.8}), {"hygiene"})
    ["categories: the taxonomy has no category 'hygeine'; write the name as it stands there, or drop it"]
    """
    tables: Sequence[tuple[str, Mapping[str, object], Mapping[str, object]]] = (
        ("categories", settings.categories, _CATEGORIES),
        ("at_least", settings.at_least, _AT_LEAST),
    )
    return [
        *(sentence for name, own, shipped in tables for sentence in _unknown(name, own, shipped, known)),
        *(f"authority_words: {clause}" for clause in mistakes(split(settings.authority_words))),
    ]


def _unknown(
    table: str, own: Mapping[str, object], shipped: Mapping[str, object], known: Collection[str]
) -> Iterator[str]:
    """Of names that no text will have; a shipped line may stay when the taxonomy is replaced."""
    for name, value in own.items():
        if name not in known and (name not in shipped or shipped[name] != value):
            yield f"{table}: the taxonomy has no category {name!r}; write the name as it stands there, or drop it"


class Grader:
    """Implements :class:`contracts.ports.Grader` by settings; pure, picklable, equal where the settings are.

    >>> graded = Grader(GradeSettings()).grade(Facts("logistics", heat=0.1, reach=50, repeats=1))
    >>> graded.grade.value, graded.reason, round(graded.memberships["minor"], 2)
    ('minor', 'evaluation', 0.89)
    >>> Grader(GradeSettings()).grade(Facts("privacy-leak", heat=0.0)).grade.value
    'critical'
    """

    def __init__(self, settings: GradeSettings) -> None:
        self._settings = settings
        self._weights: dict[str, float] = settings.weights.model_dump()
        self._levels: dict[str, Levels] = {name: getattr(settings, name) for name in self._weights}
        self._other = settings.categories.get("other", 0.0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Grader) and self._settings == other._settings

    __hash__ = None  # type: ignore[assignment]

    def grade(self, facts: Facts) -> Graded:
        """The grade of one complaint with its memberships."""
        settings = self._settings
        factors = self._factors(facts)
        whole = sum(self._weights[name] for name in factors)
        found = [0.0, 0.0, 0.0, 0.0]
        for name, row in factors.items():
            part = self._weights[name] / whole if whole else 1.0 / len(factors)
            for at, degree in enumerate(row):
                found[at] += part * degree
        centre = sum(at * degree for at, degree in enumerate(found))
        index, reason = int(centre + 0.5), "evaluation"
        least = settings.at_least.get(facts.category)
        if least is not None and GRADES.index(least) > index:
            index, reason = GRADES.index(least), "at_least"
        memberships = {grade.value: round(degree, 6) for grade, degree in zip(GRADES, found, strict=True)}
        return Graded(GRADES[index], round(centre, 6), memberships, factors, reason)

    def _factors(self, facts: Facts) -> dict[str, Memberships]:
        values: Sequence[tuple[str, float | None]] = (
            ("category", self._settings.categories.get(facts.category, self._other)),
            ("heat", facts.heat),
            ("customer_value", facts.customer_value),
            ("reach", facts.reach),
            ("repeats", facts.repeats),
            ("authority", facts.authority),
        )
        return {
            name: self._levels[name].memberships(max(0.0, float(value)))
            for name, value in values
            if value is not None and isfinite(value)
        }
