"""Where the ledger and its heads are kept. Read at the edge (``fenghuo/settings.py``) and handed in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class LedgerSettings(BaseModel):
    """The ledger's file, the file of its heads, and an address that hears of them.

    The file of heads should lie where whoever can write the ledger cannot: on another machine's share, or on a
    medium that only grows. ``address`` sends the heads away besides: any address of apprise (mail, chat, webhook).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path | None = None
    """The ledger; ``ledger.sqlite`` in the folder of the installation if not set."""
    heads: Path | None = None
    """The heads; ``ledger-heads.ndjson`` in the folder of the installation if not set."""
    address: SecretStr | None = None
    """An address of apprise that is sent the newest heads, for instance ``mailtos://…``."""
    address_minutes: Annotated[int, Field(ge=1, le=10_080)] = 60
    """How many minutes lie at least between two messages to ``address``."""
    key: SecretStr | None = None
    """Secret that signs the ledger, at least 32 characters; derived from the installation's key if not set."""

    @field_validator("key")
    @classmethod
    def _long(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("must hold at least 32 characters")
        return value

    @field_validator("address")
    @classmethod
    def _address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.match(r"[a-z][a-z0-9+.-]*://.", value.get_secret_value()):
            raise ValueError("must be an address of apprise, like mailtos://user:password@example.org")
        return value
