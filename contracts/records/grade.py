"""How grave a complaint is: a grade, and the memberships that it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from contracts.records.base import Finite, Name, Record, Share, When

Memberships = tuple[float, float, float, float]
"""Degree of belonging to each grade, lowest first; they add up to 1."""


class Grade(StrEnum):
    """How grave, lowest first.

    >>> Grade.CRITICAL.rank > Grade.MINOR.rank
    True
    """

    MINOR = "minor"
    MODERATE = "moderate"
    SERIOUS = "serious"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for minor to 3 for critical."""
        return GRADES.index(self)


GRADES = tuple(Grade)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one complaint; ``None`` is not known."""

    category: str
    heat: float
    customer_value: float | None = None
    reach: float | None = None
    repeats: int | None = None
    """Complaints of the same person or case, this one included."""
    authority: int = 0
    """Different regulators, courts or media that are named."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade and how it came about."""

    grade: Grade
    centre: float
    """Centre of the memberships: 0 is minor, 3 critical."""
    memberships: Mapping[str, float]
    """By grade, adding up to 1."""
    factors: Mapping[str, Memberships]
    """The same by factor, for those that were known."""
    reason: str
    """``evaluation``, or ``at_least`` when the category's least grade decided."""


class CaseGrade(Record):
    """The grade of a case by its complaints so far: sent when it is known first, and whenever it rises."""

    brand: Name
    case_id: Annotated[str, Field(min_length=1, max_length=64)]
    """Keyed hash of the case."""
    mention: str
    """Id of the complaint that gave it."""
    at: When
    """End of the pane that gave it."""
    grade: Grade
    centre: Finite
    """0 is minor, 3 critical."""
    memberships: dict[str, Share]
    """By grade, adding up to 1."""
    factors: dict[str, tuple[Share, Share, Share, Share]]
    """The same by factor, for those that were known."""
    reason: str = "evaluation"
    """``evaluation``, or ``at_least`` when the category's least grade decided."""
