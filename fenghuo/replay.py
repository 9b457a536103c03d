"""The whole pipeline in one process, with no server: the same cores, the same messages, one partition.

It is the demo, the tuning workbench, the benchmark and the acceptance test in one. What it finds equals, byte for
byte, what workers find on the same records in Kafka, because both walk event time alone.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.agents import DecideMessages
from alerts.why import WhyBook
from contracts.codec import decode_mixed, encode, encode_mixed
from contracts.ports import In, Out, Reader
from contracts.records import CaseEvent, Command, IncidentEvent, Mention, Reading, Record
from contracts.topics import Topic
from detectors.agents import DetectCore
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.seen_memory import MemorySeenIds
from fenghuo.following import followers
from fenghuo.replay_cases import among
from fenghuo.settings import Config
from streams.count import CountPartition
from streams.settings import SourceSettings
from streams.sources.arrange import Taken, play
from streams.text.case_words import CaseReader
from streams.text.grade import Grader

ONLY = 0
"""The one partition of a replay."""


@dataclass(slots=True)
class Replayed:
    """What a replay found."""

    events: list[IncidentEvent] = field(default_factory=list)
    rows: list[Record] = field(default_factory=list)
    """For the series store, if they were asked for."""
    tally: Counter[str] = field(default_factory=Counter)
    why: WhyBook = field(default_factory=WhyBook)
    """What became of each signal."""
    suppressed: Counter[str] = field(default_factory=Counter)
    """Signals that changed nothing, by reason."""
    first: datetime | None = None
    last: datetime | None = None


class Pipeline:
    """Counting, detecting and deciding, one behind the other."""

    def __init__(self, config: Config, reader: Reader, *, keep_rows: bool = False) -> None:
        log = MemoryLog()
        seen = MemorySeenIds(int(config.count.horizon))
        words = CaseReader(config.grade).read
        self._count = CountPartition(ONLY, 1, config.panes, config.count, reader, seen, log, None, words)
        self._detect = DetectCore(ONLY, 1, config.panes, config.detect, Grader(config.grade), keep_rows=keep_rows)
        self._decide = DecideMessages(ONLY, config.policy, followers(config, None)(ONLY))
        self._keep_rows = keep_rows
        self._offset = 0
        self.found = Replayed(tally=self._count.tally)

    async def feed(self, values: Iterable[bytes]) -> None:
        """Some messages of the mentions topic."""
        messages = [In(self._offset + index, value) for index, value in enumerate(values)]
        if not messages:
            return
        self._offset += len(messages)
        for out in (await self._count.handle(messages)).outs:
            if out.topic is Topic.COUNTS:
                self._judge(out)

    def hear(self, commands: Sequence[Command]) -> None:
        """What people said, at this place in the log; it holds from the next bucket or from its own."""
        for one in commands:
            value = encode_mixed([one])
            for topic in (Topic.COUNTS, Topic.DECIDE_IN):
                self._judge(Out(topic, one.brand, value, ONLY))

    def finish(self) -> Replayed:
        """What was found, when all has been fed."""
        self.found.why = self._decide.core.why
        self.found.suppressed = Counter({reason.value: n for reason, n in self._decide.core.suppressed.items()})
        return self.found

    def _judge(self, counted: Out) -> None:
        found = [counted] if counted.topic is Topic.DECIDE_IN else self._detect.take(counted.value)
        for out in found:
            if out.topic is Topic.DECIDE_IN:
                for told in self._decide.take(out.value):
                    self._note(told)
            elif self._keep_rows:
                self.found.rows.extend(decode_mixed(out.value))

    def _note(self, told: Out) -> None:
        if told.topic is Topic.INCIDENTS:
            events = decode_mixed(told.value)
            self.found.events.extend(event for event in events if isinstance(event, IncidentEvent))


async def replay(
    rows: Sequence[Taken],
    source: SourceSettings,
    config: Config,
    reader: Reader,
    *,
    cases: Sequence[CaseEvent] = (),
    words: Sequence[Command] = (),
    keep_rows: bool = False,
    told: Callable[[int], None] = lambda done: None,
) -> Replayed:
    """Play sorted rows, and sorted case events among them, through the pipeline; ``told`` hears how many are done.

    ``words`` are commands given before the first row, for instance feedback put on the past."""
    pipeline = Pipeline(config, reader, keep_rows=keep_rows)
    pipeline.hear(words)
    done = 0
    waiting = deque(cases)
    for placed in play(rows, source, partitions=1):
        await pipeline.feed(encode(batch) for batch in among([batch for _, batch in placed], waiting))
        done += sum(len(batch.mentions) for _, batch in placed)
        told(done)
    found = pipeline.finish()
    if rows:
        found.first, found.last = rows[0].ts, rows[-1].ts
    return found


def reading_line(mention: Mention, reading: Reading) -> dict[str, object]:
    """One line of ``readings.ndjson``: which mention, and all that was understood of it."""
    return {
        "id": mention.id,
        "ts": mention.ts,
        "brand": mention.brand,
        "channel": mention.channel,
        **reading.model_dump(mode="json", exclude={"schema_version"}),
    }
