"""Limits of the detectors that people move while all runs: what may be moved, and what a command says.

A :class:`~contracts.records.Command` of kind ``setting`` says all that is needed to act on it: which values, from which
bucket on, or which earlier command is taken back. Detecting acts on it; deciding judges it by the same limits, so that
the ledger says of the same commands that they were refused, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from contracts.errors import InvalidRecord
from contracts.plain import sentence
from contracts.records.base import When
from contracts.records.command import Command

MOST_VALUES = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """Between which values a setting may be moved, both ends included unless said otherwise."""

    low: float
    high: float
    above: bool = False
    """The lower end itself is out."""
    below: bool = False
    """The upper end itself is out."""
    whole: bool = False

    def refusal(self, value: JsonValue) -> str:
        """Why it may not be ``value``; empty when it may.

        >>> limit = Limit(0, 10, above=True)
        >>> limit.refusal(3), limit.refusal(0), limit.refusal("3")
        ('', 'must be above 0 and at most 10', 'must be a number')
        """
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            return "must be a number"
        if self.whole and value != int(value):
            return "must be a whole number"
        low = value > self.low if self.above else value >= self.low
        high = value < self.high if self.below else value <= self.high
        if low and high:
            return ""
        least = f"{'above' if self.above else 'at least'} {self.low:g}"
        return f"must be {least} and {'below' if self.below else 'at most'} {self.high:g}"


Limits = Mapping[str, Limit]
"""By dotted name; what is not in it cannot be moved while all runs."""


class Setting(BaseModel):
    """Values that hold from a bucket on, or (``undo``) that an earlier command is taken back."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str = Field(min_length=1, max_length=100)
    """Of the command: said twice, it is heard once."""
    brand: str = "*"
    """The brand it is for, or all; an undo is for whom the command was."""
    issued_at: When
    """With the id, the order in which commands count: the last word on a value holds, wherever it is read."""
    begin: When = Field(alias="from")
    """Start of the bucket from which it holds; where that is over, it holds from the next."""
    values: dict[str, float] = Field(default_factory=dict, max_length=MOST_VALUES)
    undo: str = Field(default="", max_length=100)
    """Id of the command that is taken back."""


def setting_of(command: Command, limits: Limits) -> Setting:
    """What ``command`` says; raises :class:`~contracts.errors.InvalidRecord` naming what is wrong with it."""
    values = command.args.get("values", {})
    if isinstance(values, dict) and len(values) <= MOST_VALUES:
        for name, value in sorted(values.items()):
            if name not in limits:
                reason = "cannot be moved while all runs; set it in detectors.yaml and start the workers again"
                raise InvalidRecord("values", name[:100], reason)
            refusal = limits[name].refusal(value)
            if refusal:
                raise InvalidRecord("values", name, refusal)
    given = {"id": command.id, "brand": command.brand, "issued_at": command.issued_at}
    try:
        said = Setting.model_validate({**command.args, **given})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InvalidRecord("args", ".".join(map(str, first["loc"]))[:100], sentence(first, Setting)) from None
    if bool(said.undo) == bool(said.values):
        raise InvalidRecord("args", "", "needs either values or the id of a command to undo")
    return said
