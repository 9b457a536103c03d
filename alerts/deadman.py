"""The dead-man's switch: as long as every stage moves, somebody outside hears from us; when one stands still, nobody
does, and whoever listens outside raises the alarm. Pure: progress in, whether to speak out.

A stage stands still when it has had work for a whole ``patience`` and has not moved, or when nothing was heard of it
for so long. A stage without work is well.

>>> from datetime import UTC
>>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
>>> switch = DeadMan(timedelta(seconds=60))
>>> switch.hears([Progress("count", 0, position=5, waiting=3)], noon)
>>> switch.still(noon + timedelta(seconds=59)), switch.still(noon + timedelta(seconds=60))
([], ['count 0: 3 waiting, not moved for 60 s'])
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from alerts.spans import Span

SECOND = timedelta(seconds=1)


class DeadManSettings(BaseModel):
    """Who outside hears that all is well, and how often; it must raise the alarm when it hears nothing.

    ``url`` is asked by GET and must answer with a success: a check of a service such as Healthchecks, Uptime Kuma or
    Dead Man's Snitch. ``address`` is any address of apprise, for instance mail, for a person who misses it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: SecretStr | None = None
    """Address to ask; it often holds the secret itself, so it is shown nowhere."""
    address: SecretStr | None = None
    """Address of apprise, instead of ``url`` or beside it."""
    every: Annotated[Span, Field(ge=SECOND)] = timedelta(seconds=60)
    """Between two signs of life; whoever listens should wait for at least two of them."""
    patience: Annotated[Span, Field(ge=5 * SECOND)] = timedelta(seconds=60)
    """How long a stage may stand still."""
    look: Annotated[Span, Field(ge=SECOND, le=60 * SECOND)] = timedelta(seconds=5)
    """How often the stages are looked at."""

    @field_validator("url")
    @classmethod
    def _web(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.match(r"https?://[^\s/]+", value.get_secret_value()):
            raise ValueError("must be a web address like https://hc-ping.com/…")
        return value

    @field_validator("address")
    @classmethod
    def _apprise(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.match(r"[a-z][a-z0-9+.-]*://.", value.get_secret_value()):
            raise ValueError("must be an address of apprise, like mailtos://user:password@example.org")
        return value

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.patience < 2 * self.look:
            raise ValueError("patience must be at least twice as long as look, or one missed look would be an alarm")
        return self

    @property
    def wanted(self) -> bool:
        """Whether anybody outside listens."""
        return self.url is not None or self.address is not None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one stage stands in one partition, and how much waits for it."""

    stage: str
    partition: int
    position: int
    waiting: int


@dataclass(slots=True)
class _Known:
    position: int
    waiting: int
    moved: datetime
    heard: datetime


class DeadMan:
    """Watches every stage and partition that it ever heard of.

    Parameters
    ----------
    patience
        How long a stage may stand still, 60 s unless there is a reason.
    """

    def __init__(self, patience: timedelta = timedelta(seconds=60)) -> None:
        self._patience = patience
        self._known: dict[tuple[str, int], _Known] = {}

    def hears(self, progress: Iterable[Progress], now: datetime) -> None:
        """Take note of where stages stand now."""
        for one in progress:
            key = (one.stage, one.partition)
            known = self._known.get(key)
            rested = known is not None and known.position == one.position and known.waiting > 0 and one.waiting > 0
            moved = known.moved if known is not None and rested else now
            self._known[key] = _Known(one.position, one.waiting, moved, now)

    def forget(self, stage: str, partition: int) -> None:
        """A partition that somebody else works on from now on."""
        self._known.pop((stage, partition), None)

    def knows(self, stage: str, partition: int) -> bool:
        """Whether anything was heard of it."""
        return (stage, partition) in self._known

    def still(self, now: datetime) -> list[str]:
        """The stages that stand still, as sentences; while there is one, nothing must be said outside."""
        found = []
        for (stage, partition), known in sorted(self._known.items()):
            if known.waiting and now - known.moved >= self._patience:
                seconds = (now - known.moved).total_seconds()
                found.append(f"{stage} {partition}: {known.waiting} waiting, not moved for {seconds:.0f} s")
            elif now - known.heard >= self._patience:
                found.append(f"{stage} {partition}: not heard of for {(now - known.heard).total_seconds():.0f} s")
        return found

    def speaks(self, now: datetime) -> bool:
        """Whether to say outside that all is well; never before anything was heard."""
        return bool(self._known) and not self.still(now)
