"""What a person says of a warning, read from a :class:`~contracts.records.Command` of kind ``feedback``.

The command says all that is needed to act on it, so that whoever reads it needs nothing else: which series stood out
and how far, since when, and from which bucket on it holds.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contracts.records.base import Finite, Name, When
from contracts.records.command import Command, CommandKind
from contracts.records.signal import SignalKind

MOST_PARTS = 64
"""Series and kinds that one feedback names; of more, the furthest."""


class Verdict(StrEnum):
    """What a person says of a warning."""

    TRUE = "true"
    """It was right; it does not count against the allowance."""
    EXPECTED = "expected"
    """An announced event: more of it is not told until it ends, and nothing is learned from it."""
    NOISE = "noise"
    """It was not worth telling: this brand needs more from now on, and the same again is told only when larger."""
    NEW_NORMAL = "new-normal"
    """The level now is the usual level from now on."""


class Part(BaseModel):
    """One series and kind that stood out in the incident."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    series: Name
    kind: SignalKind
    size: Finite = Field(ge=0)
    """The furthest it went from what was expected: voices, or a difference of shares."""
    subject: str = Field(default="", max_length=200)
    """What tells apart findings of one series and kind: the topic, the complainant, the source."""


class Feedback(BaseModel):
    """A person's word on one incident, or (``undo``) that an earlier word is taken back.

    >>> from datetime import UTC, datetime
    >>> said = {"verdict": "true", "incident": "0123456789abcdef", "from": "2026-01-01T00:01:00Z",
    ...         "since": "2026-01-01T00:00:00Z"}
    >>> command = Command(id="a", kind="feedback", brand="Delta", author="lin",
    ...                   issued_at=datetime(2026, 1, 1, tzinfo=UTC), args=said)
    >>> feedback_of(command).verdict.value, feedback_of(command.model_copy(update={"args": {}}))
    ('true', None)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str = Field(min_length=1, max_length=100)
    """Of the command: said twice, it is heard once."""
    begin: When = Field(alias="from")
    """Start of the bucket from which it holds; where that is over, it holds from the next."""
    verdict: Verdict | None = None
    incident: str = Field(default="", max_length=64)
    since: When | None = None
    """Start of the incident's first bucket."""
    until: When | None = None
    """When an announced event ends."""
    parts: Annotated[tuple[Part, ...], Field(max_length=MOST_PARTS)] = ()
    undo: str = Field(default="", max_length=100)
    """Id of the command that is taken back."""

    @model_validator(mode="after")
    def _whole(self) -> Feedback:
        if bool(self.undo) == (self.verdict is not None):
            raise ValueError("needs either a verdict or the id of one to undo")
        if self.verdict is not None and (self.since is None or not self.incident):
            raise ValueError("a verdict is about an incident and says since when it lasts")
        if self.verdict is Verdict.EXPECTED and self.until is None:
            raise ValueError("an announced event has an end")
        return self


def feedback_of(command: Command) -> Feedback | None:
    """What ``command`` says, or ``None`` when it is no feedback or cannot be understood."""
    if command.kind is not CommandKind.FEEDBACK:
        return None
    try:
        return Feedback.model_validate({**command.args, "id": command.id})
    except ValidationError:
        return None


def subject_of(labels: dict[str, str]) -> str:
    """What tells apart findings of one series and kind, from the labels of a signal.

    >>> subject_of({"topic": "recall", "cap": "blue"}), subject_of({"cap": "yellow"})
    ('recall', '')
    """
    return next((labels[name] for name in ("topic", "who", "source") if name in labels), "")[:200]
