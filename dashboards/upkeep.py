"""Keeps an InfluxDB store fit while rows are written to it: hours, retention, the limit of series, vitals.

It stands before the store and passes everything on. Times to do something come from the clock that it is given, what
is old from the rows themselves: retention counts back from the newest bucket, so that the file of a past year can be
looked at in peace. Why not by the server's own means: ``docs/decisions``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import psutil

from contracts.clock import Clock
from contracts.errors import FenghuoError, InvalidRecord
from contracts.ports import SeriesStore
from contracts.records import BucketRow, CaseRow, Counts, DeadLetter, IncidentEvent, LateRow
from contracts.series import series_dims
from dashboards.schema import BUCKETS, CASES, DEAD, HOURS, INCIDENTS, LATE, PARTS, VITALS, WORDS
from dashboards.settings import StoreSettings
from dashboards.store.influx import InfluxStore
from dashboards.vitals import Vital

log = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
HOURS_EVERY = 600.0
"""Seconds between two rounds of condensing."""
VITALS_EVERY = 15.0
RETENTION_EVERY = 86_400.0
LOOK_BACK = timedelta(hours=48)
"""How far back the first round condenses again, for what an ended process had not condensed yet."""
MOST_TOUCHED = 2_000
"""Hours that wait at most to be condensed."""
SHORT_LIVED = (BUCKETS, LATE, VITALS, DEAD)
LONG_LIVED = (HOURS, INCIDENTS, WORDS, PARTS, CASES)


@dataclass(slots=True)
class _Since:
    """What happened since the last vital."""

    at: float
    rows: int = 0
    refused: int = 0
    dead: int = 0
    delay: float | None = None


@dataclass(slots=True)
class Told:
    """How a replay tells where it stands; a live pipeline has the wall clock."""

    reached: datetime
    end: datetime
    waiting: int = 0


@dataclass
class Upkeep:
    """An :class:`InfluxStore` with upkeep; implements :class:`contracts.ports.SeriesStore`.

    Rows and dead letters may come from two threads: one waits for the other. A round that fails is logged and left to
    the next one: it never holds up a write.

    Parameters
    ----------
    store
        What is kept.
    settings
        Days of retention, limit of series.
    clock
        Wall clock and seconds between rounds.
    member
        Who writes, for the vitals.
    told
        In a replay: where it stands. Vitals then lie in event time, one a write.
    """

    store: InfluxStore
    settings: StoreSettings
    clock: Clock
    member: str
    told: Told | None = None
    left_out: int = 0
    """Rows left out for the limit of series."""
    _touched: set[datetime] = field(default_factory=set, init=False)
    _newest: datetime | None = field(default=None, init=False)
    _known: set[str] | None = field(default=None, init=False)
    _hours_due: float = field(default=0.0, init=False)
    _retention_due: float = field(default=0.0, init=False)
    _since: _Since | None = field(default=None, init=False)
    _writing: Lock = field(default_factory=Lock, init=False, repr=False)

    def setup(self) -> None:
        """Set up the store, learn its series, and look again at the last hours."""
        self.store.setup()
        self._known = set(self.store.series())
        self._newest = self.store.edge(BUCKETS, "LAST")
        if self._newest is not None:
            self._touched.update(_hours(self._newest - LOOK_BACK, self._newest + HOUR))

    def write(
        self,
        buckets: Sequence[BucketRow] = (),
        late: Sequence[LateRow] = (),
        incidents: Sequence[IncidentEvent] = (),
        cases: Sequence[CaseRow] = (),
    ) -> None:
        """Write what the limit of series allows, then do what is due."""
        with self._writing:
            self._write(buckets, late, incidents, cases)

    def draw(self, vitals: tuple[Vital, ...] = (), dead: tuple[DeadLetter, ...] = ()) -> None:
        """Write what only panels show; live, then do what is due, as there may be nothing but dead letters."""
        with self._writing:
            started = self.clock.monotonic()
            self.store.draw(vitals, dead)
            since = self._since = self._since or _Since(started)
            since.dead += len(dead)
            if self.told is None:
                self._due(started)

    def _write(
        self,
        buckets: Sequence[BucketRow],
        late: Sequence[LateRow],
        incidents: Sequence[IncidentEvent],
        cases: Sequence[CaseRow],
    ) -> None:
        started = self.clock.monotonic()
        since = self._since = self._since or _Since(started)
        kept, kept_late = self._within(buckets), self._within(late)
        try:
            self.store.write(kept, kept_late, incidents, cases)
        except InvalidRecord:
            since.refused += len(buckets) + len(late) + len(incidents) + len(cases) == 1
            raise
        since.rows += len(kept) + len(kept_late) + len(incidents) + len(cases)
        for row in (*kept, *kept_late):
            self._touched.add(_hour(row.bucket))
        ends = [row.bucket + timedelta(seconds=row.bucket_seconds) for row in kept]
        self._newest = max([*ends, *([] if self._newest is None else [self._newest])], default=None)
        if ends:
            since.delay = self._delay(min(ends), started)
        self._due(started)

    def counts(self, series: str, start: datetime, end: datetime) -> Mapping[datetime, Counts]:
        """As the store."""
        return self.store.counts(series, start, end)

    def late(self, series: str, start: datetime, end: datetime) -> Mapping[datetime, Counts]:
        """As the store."""
        return self.store.late(series, start, end)

    def buckets(self, series: str, start: datetime, end: datetime) -> list[BucketRow]:
        """As the store."""
        return self.store.buckets(series, start, end)

    def series(self, brand: str | None = None) -> list[str]:
        """As the store."""
        return self.store.series(brand)

    def incidents(self, start: datetime, end: datetime) -> list[IncidentEvent]:
        """As the store."""
        return self.store.incidents(start, end)

    def cases(self, brand: str, start: datetime, end: datetime) -> list[CaseRow]:
        """As the store."""
        return self.store.cases(brand, start, end)

    def close(self) -> None:
        """Condense what is left, then let go."""
        try:
            self.condense(everything=True)
        finally:
            self.store.close()

    def condense(self, *, everything: bool = False) -> int:
        """Make the touched hours anew, the one that still fills only with ``everything``; how many points."""
        running = None if self._newest is None or everything else _hour(self._newest)
        made = 0
        for start, end in _spans(hour for hour in self._touched if hour != running):
            made += self.store.condense(start, end)
            self._touched.difference_update(_hours(start, end))
        return made

    def expire(self) -> None:
        """Let go of what is older than the settings allow, once its hours are made from everything known."""
        if self._newest is None:
            return
        raw = _day(self._newest - timedelta(days=self.settings.raw_days))
        oldest = self.store.edge(BUCKETS, "FIRST")
        if oldest is not None and oldest < raw:
            self.store.condense(_hour(oldest), raw)
        for measurement in SHORT_LIVED:
            self.store.delete(measurement, raw)
        for measurement in LONG_LIVED:
            self.store.delete(measurement, _day(self._newest - timedelta(days=self.settings.hours_days)))

    def _within(self, rows: Sequence[BucketRow | LateRow]) -> list[Any]:
        """Rows of series that are known, or for which there is room."""
        known = self._known
        if known is None:
            known = self._known = set(self.store.series())
        kept = []
        for row in rows:
            if row.series not in known:
                if len(known) >= self.settings.max_series and len(series_dims(row.series)) > 1:
                    self._leave_out(row.series)
                    continue
                known.add(row.series)
            kept.append(row)
        return kept

    def _leave_out(self, series: str) -> None:
        if self.left_out == 0:
            log.warning(
                "series store: %d series are there, further ones such as %s are left out; count fewer dimensions or"
                " raise store.max_series",
                self.settings.max_series,
                series,
            )
        self.left_out += 1
        if self._since is not None:
            self._since.refused += 1

    def _delay(self, end: datetime, started: float) -> float:
        if self.told is not None:
            return self.clock.monotonic() - started
        return max(0.0, (self.clock.now() - end) / timedelta(seconds=1))

    def _due(self, started: float) -> None:
        now = self.clock.monotonic()
        since = self._since
        if since is not None and (self.told is not None or now - since.at >= VITALS_EVERY):
            vital = self._vital(since, max(now - since.at, 1e-3))
            self._try("vitals", lambda: self.store.draw((vital,)))
            self._since = _Since(now)
        if self._hours_due == 0.0:
            self._hours_due, self._retention_due = started + HOURS_EVERY, started + RETENTION_EVERY
        if now >= self._hours_due or len(self._touched) > MOST_TOUCHED:
            self._try("hours", self.condense)
            self._hours_due = now + HOURS_EVERY
        if now >= self._retention_due:
            self._try("retention", self.expire)
            self._retention_due = now + RETENTION_EVERY

    @staticmethod
    def _try(what: str, do: Callable[[], object]) -> None:
        try:
            do()
        except FenghuoError as error:
            log.warning("series store, %s: %s; tried again with the next round", what, error)

    def _vital(self, since: _Since, seconds: float) -> Vital:
        at, lag = self.clock.now(), None
        if self.told is not None:
            at, lag = self.told.reached, (self.told.end - self.told.reached) / timedelta(seconds=1)
        elif self._newest is not None:
            lag = max(0.0, (at - self._newest) / timedelta(seconds=1))
        return Vital(
            member=self.member,
            at=at,
            rows=since.rows,
            rows_per_second=since.rows / seconds,
            waiting=None if self.told is None else self.told.waiting,
            refused=since.refused,
            dead=since.dead,
            lag_seconds=lag,
            delay_seconds=since.delay,
            memory_bytes=psutil.Process().memory_info().rss,
        )


def kept(store: SeriesStore, settings: StoreSettings, clock: Clock, member: str) -> SeriesStore:
    """``store`` with upkeep if it is an InfluxDB; SQLite and memory need none.

    >>> from contracts.clock import SystemClock
    >>> from dashboards.store.memory import MemoryStore
    >>> type(kept(MemoryStore(), StoreSettings(), SystemClock(), "worker")).__name__
    'MemoryStore'
    """
    if not isinstance(store, InfluxStore):
        return store
    return Upkeep(store, settings, clock, member)


def _hour(when: datetime) -> datetime:
    return when.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _day(when: datetime) -> datetime:
    return _hour(when).replace(hour=0)


def _hours(start: datetime, end: datetime) -> list[datetime]:
    first = _hour(start)
    return [first + HOUR * step for step in range(-(-(end - first) // HOUR))]


def _spans(hours: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """Hours that follow one another, as spans."""
    spans: list[tuple[datetime, datetime]] = []
    for hour in sorted(hours):
        if spans and spans[-1][1] == hour:
            spans[-1] = (spans[-1][0], hour + HOUR)
        else:
            spans.append((hour, hour + HOUR))
    return spans
