"""Mentions, the later life of complaints, and the batches they travel in."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from contracts.records.base import Finite, Name, Record, When
from contracts.records.lesson import ModelVersion

MAX_ID = 256
MAX_TEXT = 20_000
MAX_BATCH = 500


class Mention(Record):
    """One post, review, message or complaint about one brand, masked.

    A text about several brands becomes several mentions with the same ``id`` and another ``brand``.
    A mention with a ``case_id`` is a complaint.
    """

    id: Annotated[str, Field(min_length=1, max_length=MAX_ID)]
    """Unique within its source; a second delivery of the same id is a repeat."""
    ts: When
    """Event time: when it was said."""
    received_at: When
    """When Fenghuo took it in."""
    source: Name
    """The configured source it came by."""
    channel: Name
    """Where it was said: hotline, web, weibo, twitter, app_store, mail, chat, …"""
    brand: Name
    product: Name | None = None
    region: Name | None = None
    author: Annotated[str, Field(max_length=64)] | None = None
    """Keyed hash of who said it."""
    author_class: Name | None = None
    """Kind of author, for instance ``state_media``, ``regulator``, ``large_account``."""
    case_id: Annotated[str, Field(max_length=64)] | None = None
    """Keyed hash of the case."""
    lang: Annotated[str, Field(max_length=16)] | None = None
    text: Annotated[str, Field(max_length=MAX_TEXT)]
    reach: Annotated[int, Field(ge=0, le=10**12)] = 0
    """How many people it may have reached."""
    severity: Annotated[int, Field(ge=0, le=5)] | None = None
    customer_value: Finite | None = None
    extra: dict[str, str] = Field(default_factory=dict)
    """Only the fields that the settings allow."""


class CaseEventKind(StrEnum):
    """What happened to a case."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    REPLIED = "replied"
    WAITING = "waiting"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    RATED = "rated"


class CaseEvent(Record):
    """A step in the life of a complaint after its mention."""

    id: Annotated[str, Field(min_length=1, max_length=MAX_ID)]
    ts: When
    received_at: When
    source: Name
    brand: Name
    case_id: Annotated[str, Field(min_length=1, max_length=64)]
    """Keyed hash of the case, equal to that of its mention."""
    event: CaseEventKind
    channel: Name | None = None
    department: Name | None = None
    rating: Annotated[int, Field(ge=0, le=10)] | None = None
    author: Annotated[str, Field(max_length=64)] | None = None
    """Keyed hash of the complainant, so that repeated complaints of one person are known."""
    severity: Annotated[int, Field(ge=0, le=5)] | None = None
    """How grave the sender holds the case."""


class Batch(Record):
    """What one message of the mentions topic carries: records of one source, in order of arrival.

    ``progress`` and ``end`` go to every partition; a batch may carry records, marks, or both
    (records count before the mark).
    """

    source: Name
    lateness: Annotated[float, Field(ge=0, le=10**9, allow_inf_nan=False)]
    """Seconds by which records of this source may trail its largest time and still be on time."""
    mentions: tuple[Mention, ...] = ()
    cases: tuple[CaseEvent, ...] = ()
    progress: When | None = None
    """The source lives, and its event time has come this far."""
    end: bool = False
    """The source has ended: close up to its largest time and wait for it no more."""
    version: ModelVersion | None = None
    """A model to read with from its bucket on; such a batch carries nothing else."""
