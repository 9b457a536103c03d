"""What happens to collection, not to people: a collector dies, one starts, a night is truly quiet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from contracts.records.incident import Tier
from contracts.records.signal import SignalKind
from fenghuo.simulator.calendar import day_start, to_ms
from fenghuo.simulator.chance import Numbers
from fenghuo.simulator.incidents.base import Incident, Line, Truth

if TYPE_CHECKING:
    from fenghuo.simulator.cast import Cast


class DeadCollector(Incident):
    """One channel's source sends nothing for the span, of no brand; nothing is sent later either."""

    kind: Literal["dead_collector"] = "dead_collector"
    brand: None = None
    channel: str = "app_store"
    minutes: float = Field(default=180, gt=0)

    def keeps(self, times: Numbers, draws: Numbers) -> Any:
        """All but the span."""
        return ~self.within(times)

    def truth(self) -> Truth:
        """A dead source, not a quiet one. The factor is 0: nothing comes."""
        return self._truth(0.0, (SignalKind.SOURCE_DOWN,), Tier.BLUE, Tier.ORANGE)


class CollectionStarts(Incident):
    """A brand (``channel`` None) or a channel of a brand has no mention before the start, and its full flow after.

    A channel that the scenario does not have comes as a new one. ``minutes`` is how long after the start the
    change may be told; the flow goes on.
    """

    kind: Literal["collection_starts"] = "collection_starts"
    brand: str
    minutes: float = Field(default=180, gt=0)

    def keeps(self, times: Numbers, draws: Numbers) -> Any:
        """Only what comes after the start."""
        return times >= to_ms(self.start)

    def adds(self, cast: Cast, day: int) -> Iterator[Line]:
        """The flow of a new channel; a brand or channel that the scenario has is only held back by `keeps`."""
        if self.channel is None or cast.has_channel(self.channel) or to_ms(self.start) >= day_start(day + 1):
            return
        (channel,) = cast.channels(self.channel)
        flow = cast.ordinary(self.brand, channel, day, day_start(day), day_start(day + 1))
        yield from cast.speak(self.brand, channel, flow, self.name)

    def truth(self) -> Truth:
        """A change of source, at most yellow. The factor is 1: ordinary flow."""
        return self._truth(1.0, (SignalKind.SOURCE_CHANGE,), Tier.BLUE, Tier.YELLOW)


class QuietNight(Incident):
    """True calm: all sources live, people sleep; of ordinary mentions only ``factor`` remain."""

    kind: Literal["quiet_night"] = "quiet_night"
    brand: str
    minutes: float = Field(default=300, gt=0)
    factor: float = Field(default=0.5, ge=0, le=1)

    def keeps(self, times: Numbers, draws: Numbers) -> Any:
        """A random part of the span."""
        return ~self.within(times) | (draws < self.factor * 2**32)

    def truth(self) -> Truth:
        """Nothing may fire."""
        return self._truth(self.factor, (), None, None)
