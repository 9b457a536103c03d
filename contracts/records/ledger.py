"""The ledger (台账): one entry for each thing that people or rules did, chained by keyed hashes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, JsonValue

from contracts.records.base import Name, Record, When

Mac = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class LedgerEntry(Record):
    """One entry; (``book``, ``seq``) is its key, and ``mac`` covers all the rest of it."""

    book: Name
    """Who writes it: each book has one writer, for instance ``decide-0``, the deciding stage's partition 0."""
    seq: Annotated[int, Field(ge=0)]
    """Number within the book, without gaps, from 0."""
    at: When
    """Event time; of a command, the wall clock of the person who gave it."""
    brand: Name
    actor: Name
    """Who did it: a person's name, ``rule:`` and the rule's name, or ``clock`` for what time itself brought."""
    what: Name
    """What was done: family and kind, for instance ``command.ack``, ``incident.promoted``, ``plan.task_done``."""
    subject: str = ""
    """What it was done to: an incident, a run of a plan, a case."""
    body: dict[str, JsonValue] = Field(default_factory=dict)
    """The particulars. Texts of mentions never stand here."""
    prev: Mac
    """``mac`` of the entry before; zeros for the first."""
    key: Name
    """Name of the key, so that a wrong key is told from a forgery."""
    mac: Mac
