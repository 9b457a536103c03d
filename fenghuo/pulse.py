"""Where the stages of this process stand, told to whoever watches over them: a sign of life a second.

Commits cannot tell it: detecting and deciding commit only with a snapshot, every few minutes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from contracts.errors import Recoverable

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
Place = tuple[str, int]
"""Stage and partition."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The last sign of life of one stage in one partition."""

    position: int
    """The next message to be taken."""
    mark: str
    """Another at each sign of life; what it says means nothing."""


class Pulses(Protocol):
    """Where signs of life are left for others; both methods raise Unavailable."""

    async def leave(self, positions: Mapping[Place, int]) -> None:
        """These stages stand here now."""

    async def found(self) -> dict[Place, Beat]:
        """The last sign of life of every stage and partition that ever left one."""


class Pulse:
    """Gathers where this process's stages stand.

    >>> pulse = Pulse()
    >>> pulse.note("count", 0, 17)
    >>> pulse.note("count", 1, 4)
    >>> pulse.forget("count", 1)
    >>> pulse.positions
    {('count', 0): 17}
    """

    def __init__(self) -> None:
        self.positions: dict[Place, int] = {}

    def note(self, stage: str, partition: int, position: int) -> None:
        """A stage has handled everything before ``position``."""
        self.positions[stage, partition] = position

    def forget(self, stage: str, partition: int) -> None:
        """The partition is another process's now."""
        self.positions.pop((stage, partition), None)

    async def beat(self, pulses: Pulses) -> None:
        """Leave a sign of life a second until cancelled; what cannot be left is not left."""
        away = False
        while True:
            try:
                await pulses.leave(dict(self.positions))
                away = False
            except Recoverable as error:
                if not away:
                    log.warning("nobody hears that this process lives: %s", error)
                away = True
            await asyncio.sleep(BEAT_SECONDS)
