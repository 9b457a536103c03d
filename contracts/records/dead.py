"""Dead letters: what was refused, where and why, with a masked preview and nothing unmasked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contracts.records.base import Name, Record, When


class DeadLetter(Record):
    """One refused item."""

    id: str
    """Hash of place, reason and preview."""
    at: When
    source: Name
    place: str
    """For instance ``orders.csv row 17`` or ``POST /v1/mentions item 3``."""
    field: str = ""
    reason: str
    preview: Annotated[str, Field(max_length=500)] = ""
    """Masked and cut."""
    raw_masked: Annotated[str, Field(max_length=100_000)] = ""
    """The item as JSON with every string masked: what ``fenghuo dead requeue`` sends again."""
