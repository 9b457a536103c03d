"""What all planted incidents share: a place, a span, three hooks into the traffic, and the truth.

An incident may drop ordinary mentions (`keeps`), turn their tone (`negative`), or add mentions (`adds`); it never
changes the random numbers of ordinary traffic, so the same world with and without it can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime, Field

from contracts.records.incident import Tier
from contracts.records.signal import SignalKind
from fenghuo.simulator.calendar import day_start, to_ms
from fenghuo.simulator.chance import Numbers, code
from fenghuo.simulator.world import Part

if TYPE_CHECKING:
    from fenghuo.simulator.cast import Cast

Line = tuple[int, dict[str, Any]]
"""Event time in milliseconds, and the raw record."""


class Truth(Part):
    """What was planted, and what a good watcher may say of it."""

    kind: str
    brand: str | None
    """``None`` means all brands."""
    channel: str | None
    """``None`` means all channels."""
    start: AwareDatetime
    end: AwareDatetime
    factor: float
    """Meaning by kind: multiple of volume, negative share, number of mentions, or reach."""
    signals: tuple[SignalKind, ...]
    """Kinds of signal, one of which is expected; empty means that nothing may fire."""
    least: Tier | None
    """The tier an incident must reach; ``None`` means it need not open."""
    highest: Tier | None
    """The tier it may not exceed; ``None`` means it may not open at all."""


class Incident(Part):
    """Base of the planted incidents; the default hooks change nothing."""

    kind: str
    brand: str | None
    channel: str | None = None
    start: AwareDatetime
    minutes: float = Field(default=60, gt=0)

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        return self.start + timedelta(minutes=self.minutes)

    @property
    def name(self) -> str:
        """Stands for this incident in ids and labels."""
        return f"{self.kind}-{code(str(self.brand), str(self.channel), str(to_ms(self.start)))}"

    def truth(self) -> Truth:
        """What it means."""
        raise TypeError(f"{type(self).__name__} has no truth")

    def hits(self, brand: str, channel: str) -> bool:
        """Whether ordinary traffic of this brand and channel is concerned."""
        return self.brand in (None, brand) and self.channel in (None, channel)

    def touches(self, day: int) -> bool:
        """Whether its span overlaps this local day."""
        return to_ms(self.start) < day_start(day + 1) and to_ms(self.end) > day_start(day)

    def within(self, times: Numbers) -> Any:
        """Which of ``times`` lie in its span."""
        return (times >= to_ms(self.start)) & (times < to_ms(self.end))

    def keeps(self, times: Numbers, draws: Numbers) -> Any:
        """Which ordinary mentions stay; ``draws`` are their own 32-bit numbers. ``None``: all."""
        return None

    def negative(self, times: Numbers) -> Any:
        """(which mentions, their new negative share), or ``None``."""
        return None

    def adds(self, cast: Cast, day: int) -> Iterator[Line]:
        """Mentions it adds on this local day."""
        return iter(())

    def _truth(
        self, factor: float, signals: tuple[SignalKind, ...], least: Tier | None, highest: Tier | None, **changes: Any
    ) -> Truth:
        known = {"kind": self.kind, "brand": self.brand, "channel": self.channel, "start": self.start, "end": self.end}
        return Truth(factor=factor, signals=signals, least=least, highest=highest, **{**known, **changes})
