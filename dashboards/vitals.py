"""How the recording itself does, as points for a panel: rows, delay, lag, memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from contracts.records import DeadLetter


@dataclass(frozen=True, slots=True)
class Vital:
    """What one process measured of itself at one time; (``member``, ``at``) is its key.

    Parameters
    ----------
    at
        Wall clock in a live pipeline; in a replay the event time that it had reached, so that it stands beside what it
        belongs to.
    rows
        Rows written to the store since the last one.
    rows_per_second
        The same, a second of wall clock.
    waiting
        Rows of a replay that are still to come; ``None`` when live.
    refused
        Rows that the store refused for good, or that went beyond its limit of series, since the last one.
    dead
        Dead letters since the last one.
    lag_seconds
        How far the newest recorded bucket lies behind; in a replay how much event time is left.
    delay_seconds
        From the end of a bucket (in a replay: from its being fed in) to its being in the store.
    memory_bytes
        Resident memory of the process.
    """

    member: str
    at: datetime
    rows: int
    rows_per_second: float
    waiting: int | None
    refused: int
    dead: int
    lag_seconds: float | None
    delay_seconds: float | None
    memory_bytes: int


@runtime_checkable
class Drawing(Protocol):
    """A store that also keeps what only panels show."""

    def draw(self, vitals: tuple[Vital, ...] = (), dead: tuple[DeadLetter, ...] = ()) -> None:
        """Write all, or raise as :meth:`contracts.ports.SeriesStore.write` does."""
