"""What people teach the reader, and the versions of its models that came of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.records.base import Name, Record, Share, When
from contracts.records.command import Command, CommandKind

MAX_LESSON = 2_000
"""Characters of a text that are taught."""


class Task(StrEnum):
    """What can be taught."""

    CATEGORY = "category"
    SENTIMENT = "sentiment"


class Lesson(BaseModel):
    """A person's word on one mention: what its category or its sentiment is.

    >>> from datetime import UTC, datetime
    >>> said = {"task": "category", "mention": "m-1", "text": "快递丢了", "label": "logistics",
    ...         "from": "2026-01-01T00:01:00Z"}
    >>> command = Command(id="a", kind="teach", brand="Delta", author="lin",
    ...                   issued_at=datetime(2026, 1, 1, tzinfo=UTC), args=said)
    >>> lesson_of(command).label, lesson_of(command.model_copy(update={"args": {}}))
    ('logistics', None)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    task: Task
    mention: Annotated[str, Field(max_length=200)]
    text: Annotated[str, Field(min_length=1, max_length=MAX_LESSON)]
    """Masked."""
    label: Annotated[str, Field(min_length=1, max_length=100)]
    begin: When = Field(alias="from")
    """Start of the bucket from which what is learned holds."""


def lesson_of(command: Command) -> Lesson | None:
    """What ``command`` teaches, or ``None`` when it teaches nothing or cannot be understood."""
    if command.kind is not CommandKind.TEACH:
        return None
    try:
        return Lesson.model_validate(command.args)
    except ValidationError:
        return None


class ModelVersion(Record):
    """A new version of what a task learned; it holds from a bucket on, in each partition from this place on."""

    task: Task
    number: Annotated[int, Field(ge=1)]
    holds: When
    """Start of the first bucket that is read with it."""
    score: Share
    """Of the fixed sample read rightly."""
    before: Share
    """The same of the version that held until then."""
    learned: int
    """Lessons that went in since that one."""
    model: Name
    """The model's own name, made of what it learned."""
    payload: str
    """The model itself, packed."""
