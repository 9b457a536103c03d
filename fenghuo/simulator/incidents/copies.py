"""A copy-paste flood: one text, lightly edited, from many accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from contracts.records.incident import Tier
from contracts.records.signal import SignalKind
from fenghuo.simulator.calendar import to_ms
from fenghuo.simulator.incidents.base import Incident, Line, Truth

if TYPE_CHECKING:
    from fenghuo.simulator.cast import Cast

TEXT = (
    "转发扩散！我亲身经历，{brand}欺骗消费者，收了钱不办事，客服互相推诿，投诉半个月没有任何结果，"
    "已经有上百位受害者，请大家一起抵制，不要再上当，看到的都帮忙转一下"
)
EDITS = ("", "！", "。", "！！！", "…", "😡", "[怒]", " 求扩散", "~", "??", "👎", "！！")
SWAPS = (("已经", "以经"), ("转发扩散", "转发 扩散"), ("！", "!"), ("，", ","), ("消费者", "消费 者"), ("，", " "))


class CopyFlood(Incident):
    """``copies`` postings of one text within the span; each with its own small edit and author."""

    kind: Literal["copy_flood"] = "copy_flood"
    brand: str
    channel: str = "weibo"
    minutes: float = Field(default=30, gt=0)
    copies: int = Field(default=150, ge=2, le=1_000_000)
    text: str = TEXT

    def adds(self, cast: Cast, day: int) -> Iterator[Line]:
        """The copies, evenly at random over the span."""
        if not self.touches(day):
            return
        rng = cast.generator(self.name)
        times = np.sort(to_ms(self.start) + rng.integers(0, int(self.minutes * 60_000), self.copies))
        voices = cast.voices(rng, times, 1.0, 0.0).on(day)
        base = self.text.format(brand=self.brand)
        (channel,) = cast.channels(self.channel)
        lines = cast.speak(self.brand, channel, voices, self.name, "policy", private=False)
        for (ms, record), row in zip(lines, voices.rows.tolist(), strict=True):
            yield ms, {**record, "text": _edited(base, row[0])}

    def truth(self) -> Truth:
        """Copies are reach, not voices: no tier by itself. The factor is the number of copies."""
        kinds = (SignalKind.VOLUME_SPIKE, SignalKind.TOPIC_EMERGING, SignalKind.SENTIMENT_SHIFT)
        return self._truth(self.copies, kinds, None, Tier.BLUE)


def _edited(text: str, draw: int) -> str:
    if draw % 3 == 0:
        old, new = SWAPS[draw // 3 % len(SWAPS)]
        text = text.replace(old, new, 1)
    return text + EDITS[draw // 64 % len(EDITS)]
