"""What people and settings tell the pipeline: records in the log that hold from the next bucket."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, JsonValue

from contracts.records.base import Name, Record, When


class CommandKind(StrEnum):
    """Kinds of commands."""

    HISTORY = "history"
    """Everything of the brand up to ``args.until`` is history: nobody is told and no incident opens."""
    ACK = "ack"
    SILENCE = "silence"
    PLAN = "plan"
    RULES = "rules"
    FEEDBACK = "feedback"
    SETTING = "setting"


class Command(Record):
    """One command; it takes its place in the log of its brand."""

    id: str
    """Unique: a re-sent command is known by it."""
    kind: CommandKind
    brand: Name
    """The brand it is for, or ``*`` (then it stands in every partition)."""
    author: Name
    issued_at: When
    """Wall clock, for the ledger; effects follow the marks before it in the log."""
    reason: str = ""
    args: dict[str, JsonValue] = Field(default_factory=dict)
