"""Reading and counting one partition of mentions: exact through kills, by offset and closed pane.

One commit carries everything a successor needs (FAUST.md): the offset of the first message of the oldest open
pane, the first pane not yet closed, the next offset not yet handled, and the watermark as it stood there.
A successor reads from that offset:

* messages before ``next`` were handled once: what they hold for panes below ``closed`` is published, so it is
  registered as seen and passed over; what they hold for open panes is gathered again, and counts as it did (same
  position, same id);
* from ``next`` on the watermark moves again, exactly as it did or would have.

Lateness is decided record by record in reading order, so batch borders do not matter. Open panes live in
memory only; a pane is published whole, so that a repeat replaces.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

from pydantic import ValidationError

from contracts.codec import encode, invalid
from contracts.errors import Lost
from contracts.panes import Panes, from_micros, micros
from contracts.ports import Checkpoint, In, LogReader, Out, Reader, SeenIds, Work
from contracts.records import Batch, CaseEvent, CaseWords, Closed, Correction, Counts, DeadLetter, Mention, Reading
from contracts.series import partition_of
from contracts.swift import swift
from contracts.topics import Topic
from streams.count_settings import CountSettings
from streams.count_state import Candidate, CountState, identity
from streams.horizon import Horizon
from streams.opened import BrandPane, OpenPane, SeriesPlan, mention_counts, pane_records
from streams.pack import packed
from streams.readings import readings
from streams.text.case_words import CaseReader
from streams.versions import Made, Versions
from streams.watermark import HEARTBEAT, SourceClock, Watermark

read_batch = swift(Batch, (Mention,))
"""Batches as intake wrote them. Mentions come as structs with the fields of :class:`~contracts.records.Mention`."""


class CountPartition:
    """State of one partition of mentions in one generation; implements :class:`contracts.ports.Partition`."""

    def __init__(
        self,
        partition: int,
        partitions: int,
        panes: Panes,
        settings: CountSettings,
        reader: Reader,
        seen: SeenIds,
        log: LogReader,
        committed: Checkpoint | None,
        case_words: Callable[[str], CaseWords] | None = None,
        made: Made | None = None,
    ) -> None:
        self.partition = partition
        self._case_words = case_words or CaseReader().read
        self._partitions = partitions
        self._panes = panes
        self._pane_micros = panes.pane_seconds * 1_000_000
        self._settings = settings
        self._versions = Versions(reader, made, panes)
        self._recall: tuple[int, ...] = ()
        self._seen = seen
        self._log = log
        self._plan = SeriesPlan(settings.series)
        self._open: dict[int, OpenPane] = {}
        self.tally: Counter[str] = Counter()
        """mentions, repeats, late, cases, dead: what this partition met in this generation."""
        self._begin(committed)

    def _begin(self, committed: Checkpoint | None) -> None:
        patience = int(self._settings.patience * 1_000_000)
        span = int(self._settings.horizon * 1_000_000)
        state = CountState.read(committed.metadata) if committed is not None and committed.metadata else None
        if state is None:
            start = 0 if committed is None else committed.offset
            state = CountState(0, start, start, Watermark(patience).pack())
        self._marks = Watermark.unpack(state.watermark, patience)
        self._closed = state.closed
        self._next = self._resume = state.next
        self._recall = state.models
        self._horizon = Horizon(state.horizon, span)
        self._committed: Checkpoint | None = committed

    async def recall(self) -> None:
        """Read the versions of models again that were met before a restart; raises Lost if the log lost one."""
        for offset in self._recall:
            async for message in self._log.read(Topic.MENTIONS, self.partition, offset, offset + 1):
                version = read_batch(message.value).version
                if version is not None:
                    self._versions.add(offset, version)
        missing = set(self._recall) - set(self._versions.offsets())
        if missing:
            raise Lost(
                f"count partition {self.partition}: the log no longer holds the models at {sorted(missing)}; keep the"
                " topic mentions for longer, or teach again on fresh topics"
            )

    async def handle(self, messages: Sequence[In]) -> Work:
        """Read, drop repeats, count, close what the watermark has passed."""
        candidates: list[Candidate] = []
        dead: list[bytes] = []
        for message in messages:
            self._take(message, candidates, dead)
            await asyncio.sleep(0)  # a long batch must not keep heartbeats and the other stages waiting
        counts = await self._register(messages, candidates)
        late: dict[int, list[bytes]] = {}
        self._add_all(candidates, counts, late)
        self._next = max(self._next, messages[-1].offset + 1)
        outs = self._close(late)
        outs.extend(Out(Topic.DEAD, "count", payload, self.partition) for payload in dead)
        return Work(outs)

    async def checkpoint(self, now: float, *, final: bool = False) -> Checkpoint | None:
        """Offset of the oldest open pane's first message, and what belongs to it."""
        offset = min((pane.first_offset for pane in self._open.values()), default=self._next)
        horizon = self._horizon.start(self._marks.value)
        state = CountState(self._closed, self._next, horizon, self._marks.pack(), self._versions.offsets())
        made = Checkpoint(offset, state.text())
        if made == self._committed:
            return None
        self._committed = made
        return made

    @property
    def watermark(self) -> datetime:
        """Event time up to which this partition is closed."""
        return from_micros(self._marks.value)

    # -- reading -------------------------------------------------------------------------------------------

    def _take(self, message: In, candidates: list[Candidate], dead: list[bytes]) -> None:
        try:
            batch = read_batch(message.value)
        except ValidationError as error:
            dead.append(self._dead(message, error))
            self.tally["dead"] += 1
            return
        if batch.version is not None:
            self._versions.add(message.offset, batch.version)
            return
        records: tuple[Mention | CaseEvent, ...] = (*batch.mentions, *batch.cases)
        if not records and batch.progress is None and not batch.end:
            return
        again = message.offset < self._resume
        lateness = int(batch.lateness * 1_000) * 1_000
        marks, width, closed = self._marks, self._pane_micros, self._closed
        prefix = f"{self.partition}:{message.offset}:"
        clock = None if again else marks.source(batch.source, lateness)
        said = len(batch.mentions)
        for index, record in enumerate(records):
            when = micros(record.ts)
            pane = when // width
            name = (identity(record, "m" if index < said else "c"), f"{prefix}{index}", when // 1_000_000)
            if clock is None:
                candidates.append(Candidate(record, message.offset, name, pane, None, pane < closed))
                continue
            floor = marks.value
            late_by = floor - when if when < floor and pane < floor // width else None
            candidates.append(Candidate(record, message.offset, name, pane, late_by, False))
            marks.advance(clock, when)
        if batch.progress is not None:
            self._progress(batch, micros(batch.progress), clock, message.offset)
        if clock is not None:
            if batch.end:
                marks.end(batch.source, (clock.now // width + 1) * width)
            self._horizon.note(marks.newest, message.offset + 1)

    def _progress(self, batch: Batch, when: int, clock: SourceClock | None, offset: int) -> None:
        number = when // self._pane_micros
        late = number < (self._closed if clock is None else self._marks.value // self._pane_micros)
        if clock is not None:
            self._marks.advance(clock, when)
        if batch.source != HEARTBEAT and not late:
            pane = self._pane(number, offset)
            pane.alive.add(batch.source)
            pane.marked.add(batch.source)
            if batch.end:
                pane.ended.add(batch.source)

    async def _register(self, messages: Sequence[In], candidates: Sequence[Candidate]) -> list[bool]:
        """Which of them count. Called with none too: the store must hear of offsets that hold no ids, or it would
        seem to have lost those when the next ones come."""
        ids = [one.name for one in candidates]
        first, after = messages[0].offset, messages[-1].offset + 1
        flags = await self._seen.register(self.partition, first, after, ids)
        if flags is None:
            self.tally["horizon_read_again"] += 1
            start = self._horizon.start(self._marks.value)
            await self._seen.restore(self.partition, first, lambda: self._ids_between(start, first))
            flags = await self._seen.register(self.partition, first, after, ids)
        if flags is None:
            raise Lost("the store of seen ids forgot them again while they were being read from the log")
        return flags

    async def _ids_between(self, start: int, stop: int) -> AsyncIterator[list[tuple[bytes, str, int]]]:
        async for message in self._log.read(Topic.MENTIONS, self.partition, start, stop):
            try:
                batch = read_batch(message.value)
            except ValidationError:
                continue  # it was refused when it was read first, and is a dead letter since
            prefix = f"{self.partition}:{message.offset}:"
            said = len(batch.mentions)
            records: tuple[Mention | CaseEvent, ...] = (*batch.mentions, *batch.cases)
            yield [
                (identity(one, "m" if index < said else "c"), f"{prefix}{index}", micros(one.ts) // 1_000_000)
                for index, one in enumerate(records)
            ]

    # -- counting ------------------------------------------------------------------------------------------

    def _add_all(self, candidates: Sequence[Candidate], counts: Sequence[bool], late: dict[int, list[bytes]]) -> None:
        """Add what counts; written out, because it runs for every mention."""
        values, hot, case_words = self._plan.values, self._settings.hot, self._case_words
        read = readings(candidates, counts, self._versions)
        panes: dict[tuple[int, str, str], BrandPane] = {}
        added = repeats = 0
        for one, new in zip(candidates, counts, strict=True):
            record = one.record
            if one.done:
                continue
            if not new:
                repeats += 1
            elif isinstance(record, CaseEvent):
                self._add_case(one, record, late)
            elif one.late_by is not None:
                self._add_late(one, record, next(read), late)
            else:
                key = (one.pane, record.brand, record.source)
                held = panes.get(key)
                if held is None:
                    held = panes[key] = self._brand(one)
                reading = next(read)
                words = None if record.case_id is None else case_words(record.text)
                held.add(values(record, reading), record, reading, hot, words)
                added += 1
        self.tally["mentions"] += added
        self.tally["repeats"] += repeats

    def _add_case(self, one: Candidate, record: CaseEvent, late: dict[int, list[bytes]]) -> None:
        self.tally["cases"] += 1
        if one.late_by is None:
            self._brand(one).cases.append(encode(record))
        else:
            self._correct(one, {}, late, record)

    def _add_late(self, one: Candidate, record: Mention, reading: Reading, late: dict[int, list[bytes]]) -> None:
        self.tally["mentions"] += 1
        counts = mention_counts(record, reading, self._settings.hot)
        keys = self._plan.keys(record.brand, self._plan.values(record, reading))
        self._correct(one, {key: counts for key in sorted(keys)}, late, None)

    def _correct(
        self, one: Candidate, rows: dict[str, Counts], late: dict[int, list[bytes]], case: CaseEvent | None
    ) -> None:
        self.tally["late"] += 1
        brand = one.record.brand
        correction = Correction(
            position=one.name[1],
            brand=brand,
            pane=one.pane,
            rows=rows,
            late_seconds=(one.late_by or 0) / 1_000_000,
            case=case,
        )
        target = partition_of(brand, self._partitions)
        late.setdefault(target, []).append(b'{"type":"Correction","record":' + encode(correction) + b"}")

    def _brand(self, one: Candidate) -> BrandPane:
        pane = self._pane(one.pane, one.offset)
        pane.alive.add(one.record.source)
        held = pane.brands.get(one.record.brand)
        if held is None:
            held = pane.brands[one.record.brand] = BrandPane()
        return held

    def _pane(self, number: int, offset: int) -> OpenPane:
        pane = self._open.get(number)
        if pane is None:
            pane = self._open[number] = OpenPane(offset)
        elif offset < pane.first_offset:
            pane.first_offset = offset
        return pane

    # -- closing -------------------------------------------------------------------------------------------

    def _close(self, late: dict[int, list[bytes]]) -> list[Out]:
        upto = self._marks.value // self._pane_micros
        records = late
        alive: list[tuple[int, str]] = []
        marked: list[tuple[int, str]] = []
        ended: list[tuple[int, str]] = []
        moved = upto > self._closed
        if moved:
            for number in sorted(number for number in self._open if number < upto):
                pane = self._open.pop(number)
                alive.extend((number, source) for source in sorted(pane.alive))
                marked.extend((number, source) for source in sorted(pane.marked))
                ended.extend((number, source) for source in sorted(pane.ended))
                for brand in sorted(pane.brands):
                    target = partition_of(brand, self._partitions)
                    records.setdefault(target, []).extend(
                        pane_records(self.partition, number, brand, pane.brands[brand], self._plan)
                    )
            self._closed = upto
        outs: list[Out] = []
        signs = {"alive": tuple(alive), "marked": tuple(marked), "ended": tuple(ended)}
        closed = Closed(partition=self.partition, closed=upto, **signs) if moved else None
        for target in range(self._partitions):
            mine = records.get(target, [])
            if closed is not None:
                mine.append(b'{"type":"Closed","record":' + encode(closed) + b"}")
            outs.extend(Out(Topic.COUNTS, str(self.partition), message, target) for message in packed(mine))
        return outs

    def _dead(self, message: In, error: ValidationError) -> bytes:
        refused = invalid(error, f"topic mentions partition {self.partition} offset {message.offset}")
        name = hashlib.blake2b(refused.place.encode(), digest_size=8).hexdigest()
        return encode(
            DeadLetter(
                id=name,
                at=from_micros(self._marks.value),
                source="mentions",
                place=refused.place,
                field=refused.field[:200],
                reason=refused.reason,
            )
        )
