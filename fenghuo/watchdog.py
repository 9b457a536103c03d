"""The dead-man's switch at work: looks where every stage stands, and speaks outside while all of them move.

A process of its own, so that it does not fall silent or go on speaking with the worker that it watches. It reads the
ends of Kafka's partitions and the signs of life that workers leave (:mod:`fenghuo.pulse`). Whatever it cannot see, it
does not vouch for: without Kafka or Redis it falls silent too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alerts.deadman import DeadMan, DeadManSettings, Progress
from alerts.view.reads import TOPICS
from contracts.clock import Clock
from contracts.errors import Recoverable
from contracts.topics import Topic
from fenghuo.health import READS, VIEW, reads
from fenghuo.pulse import Beat, Place, Pulses
from fenghuo.settings import Runtime

log = logging.getLogger(__name__)

Read = Mapping[str, tuple[Topic, ...]]
"""What each stage reads."""
READ: Read = {**{stage: (topic,) for stage, topic in READS.items()}, VIEW: TOPICS}
"""What the stages read that run everywhere."""
Ends = Callable[[], Awaitable[Mapping[tuple[Topic, int], int]]]
"""The ends of all partitions of the topics that the stages read; raises Unavailable."""
Speak = Callable[[], Awaitable[bool]]
"""Says outside that all is well; whether it was heard."""


def read_by(runtime: Runtime) -> Read:
    """What the stages of this pipeline read: those of :data:`READ`, and with an InfluxDB that of the dead letters."""
    return {**{stage: (topic,) for stage, topic in reads(runtime).items()}, VIEW: TOPICS}


def progress(
    ends: Mapping[tuple[Topic, int], int], beats: Mapping[Place, Beat], before: Mapping[Place, Beat], read: Read = READ
) -> list[Progress]:
    """Where every stage stands that has given a sign of life since the look ``before``.

    A sign that was not there before says nothing yet: whoever left it may be long dead.

    >>> ends = {(Topic.MENTIONS, 0): 9, (Topic.COUNTS, 0): 4}
    >>> before = {("count", 0): Beat(5, "a"), ("detect", 0): Beat(4, "a")}
    >>> progress(ends, {("count", 0): Beat(7, "b"), ("detect", 0): Beat(4, "a"), ("detect", 1): Beat(0, "a")}, before)
    [Progress(stage='count', partition=0, position=7, waiting=2)]
    """
    found = []
    for (stage, number), beat in sorted(beats.items()):
        if (stage, number) in before and beat != before[stage, number] and stage in read:
            end = sum(ends.get((topic, number), 0) for topic in read[stage])
            found.append(Progress(stage, number, beat.position, max(0, end - beat.position)))
    return found


def places(ends: Mapping[tuple[Topic, int], int], read: Read = READ) -> list[Place]:
    """Every stage and partition that must live."""
    return sorted({(stage, number) for stage, topics in read.items() for topic, number in ends if topic in topics})


@dataclass(slots=True)
class Watchdog:
    """Looks, and speaks.

    Parameters
    ----------
    ends, pulses
        Where the log ends and where stages stand.
    speak
        Says outside that all is well.
    read
        The stages that must live, and what each reads.
    """

    ends: Ends
    pulses: Pulses
    speak: Speak
    settings: DeadManSettings
    clock: Clock
    read: Read = field(default_factory=lambda: READ)
    switch: DeadMan = field(init=False)
    _beats: dict[Place, Beat] = field(default_factory=dict)
    _places: list[Place] = field(default_factory=list)
    _begun: datetime | None = None
    _due: datetime | None = None
    _still: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.switch = DeadMan(self.settings.patience)

    async def run(self) -> None:
        """Look and speak until cancelled."""
        while True:
            await self.step()
            await asyncio.sleep(self.settings.look.total_seconds())

    async def step(self) -> None:
        """One look, and a sign of life outside if one is due and every stage moves."""
        now = self.clock.now()
        self._begun = self._begun or now
        try:
            ends, beats = await self.ends(), await self.pulses.found()
            self._places = places(ends, self.read)
            self.switch.hears(progress(ends, beats, self._beats, self.read), now)
            self._beats = beats
        except Recoverable as error:
            log.warning("the stages cannot be looked at: %s", error)
        missing = [place for place in self._places if not self.switch.knows(*place)]
        self._say([*self.switch.still(now), *self._never(missing, now)])
        if missing or not self.switch.speaks(now) or (self._due is not None and now < self._due):
            return
        if await self.speak():
            self._due = now + self.settings.every
        else:
            log.warning("the sign of life was not heard outside; trying again")

    def _never(self, missing: list[Place], now: datetime) -> list[str]:
        if self._begun is None or now - self._begun < self.settings.patience:
            return []
        return [f"{stage} {number}: no sign of life yet" for stage, number in missing]

    def _say(self, still: list[str]) -> None:
        """Into the log, once for each stage that begins to stand still, and when all move again."""
        now = {one.partition(":")[0] for one in still}
        for sentence in still:
            if sentence.partition(":")[0] not in self._still:
                log.error("silent: %s", sentence)
        if self._still and not now:
            log.warning("every stage moves again")
        self._still = now
