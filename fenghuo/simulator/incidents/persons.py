"""Single people who matter: a conversation that gets hotter, one who complains again and again, a weighty voice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import Field

from contracts.records.incident import Tier
from contracts.records.signal import SignalKind
from fenghuo.simulator.calendar import to_ms
from fenghuo.simulator.incidents.base import Incident, Line, Truth

if TYPE_CHECKING:
    from fenghuo.simulator.cast import Cast

STEPS = (
    "你好，{brand}的订单一直没有处理，麻烦看一下",
    "我又等了一天，打了三次电话都没人接，{brand}到底管不管",
    "跑了两趟门店都解决不了，说好的回电也没有，太耽误事了",
    "第四次找你们了，每次都让我等，提交的材料全部作废，我很生气",
    "你们就是骗子！态度恶劣，推来推去，我已经忍无可忍了！",
    "今天再不退款，我马上找媒体曝光，去消协和监管部门投诉，起诉{brand}！",
    "垃圾{brand}！！！等着收律师函，我现在就带人去你们总部讨说法！！！",
)
REPEATS = (
    "{brand}上门维修的人没有来，白等一天，我很不满，请安排",
    "还是上次的问题，{brand}修完两天又坏了，质量太差",
    "第三次投诉{brand}，退款一直没有到账，非常失望",
    "第四次反映{brand}了，答复敷衍，问题依旧，请领导处理",
    "第五次来信，{brand}仍然推诿，损失谁来赔偿，太气愤了",
)
WEIGHTY = (
    "记者调查：多名消费者反映{brand}存在收费不透明、退款困难、客服推诿等问题，多地市民投诉后长期得不到解决。"
    "本台将持续关注，相关部门表示已介入调查。"
)


class _Spoken(Incident):
    """Says given texts at even distances over the span, from one author."""

    brand: str

    def _say(self, cast: Cast, day: int, texts: Sequence[str], changes: dict[str, Any]) -> Iterator[Line]:
        if not self.touches(day):
            return
        steps = np.arange(len(texts)) / max(1, len(texts) - 1)
        times = to_ms(self.start) + (steps * (self.minutes * 60_000 - 1)).astype(np.int64)
        voices = cast.voices(cast.generator(self.name), times, 1.0, 0.0).on(day)
        (channel,) = cast.channels(self.channel)
        lines = cast.speak(self.brand, channel, voices, self.name, "after-sale", private=False)
        for (ms, record), number in zip(lines, voices.numbers.tolist(), strict=True):
            yield ms, {**record, **changes, "text": texts[number].format(brand=self.brand)}


class FuriousCase(_Spoken):
    """One customer's messages in one case, each hotter than the last, ending in threats."""

    kind: Literal["furious_case"] = "furious_case"
    channel: str = "chat"
    minutes: float = Field(default=240, gt=0)

    def adds(self, cast: Cast, day: int) -> Iterator[Line]:
        """Seven messages of one author with one case."""
        return self._say(cast, day, STEPS, {"author": f"{self.channel}-{self.name}", "case_id": f"case-{self.name}"})

    def truth(self) -> Truth:
        """The light of the case goes on. The factor is the number of messages."""
        return self._truth(len(STEPS), (SignalKind.CASE_LIGHT, SignalKind.REPEAT), Tier.BLUE, Tier.RED)


class RepeatComplainant(_Spoken):
    """One author complains ``times`` times over the span, each time with a new case."""

    kind: Literal["repeat_complainant"] = "repeat_complainant"
    channel: str = "hotline"
    minutes: float = Field(default=720, gt=0)
    times: int = Field(default=4, ge=3, le=len(REPEATS))

    def adds(self, cast: Cast, day: int) -> Iterator[Line]:
        """The complaints."""
        for ms, record in self._say(cast, day, REPEATS[: self.times], {"author": f"{self.channel}-{self.name}"}):
            yield ms, {**record, "case_id": f"case-{record['id']}"}

    def truth(self) -> Truth:
        """A repeat. The factor is the number of complaints."""
        return self._truth(self.times, (SignalKind.REPEAT,), Tier.BLUE, Tier.ORANGE)


class WeightyVoice(_Spoken):
    """One report by a state medium that millions see."""

    kind: Literal["weighty_voice"] = "weighty_voice"
    channel: str = "weibo"
    minutes: float = Field(default=30, gt=0)
    reach: int = Field(default=30_000_000, ge=1, le=10**12)
    author_class: str = "state_media"

    def adds(self, cast: Cast, day: int) -> Iterator[Line]:
        """The one report, at the start; ``minutes`` is how soon it must be told."""
        changes = {"author": "弦歌新闻", "author_class": self.author_class, "reach": self.reach}
        return self._say(cast, day, (WEIGHTY,), changes)

    def truth(self) -> Truth:
        """At once. The factor is the reach."""
        return self._truth(self.reach, (SignalKind.VOICE_WEIGHTY,), Tier.YELLOW, Tier.RED)
