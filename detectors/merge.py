"""Brings the partitions of counts back together and walks time, pane by pane.

Every partition of mentions publishes what it counted and tells how far it has closed. A pane may be judged when
all have closed it. From here on order is fixed by event time alone: panes in order, brands in alphabetical
order within a pane, evidence by (time, id): so it does not matter how many workers counted, nor in what portions
their messages came. A message that comes again (a counting worker was killed) replaces or is known to be done.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from contracts.errors import InvalidRecord
from contracts.panes import Panes
from contracts.ports import Grader
from contracts.records import (
    BucketRow,
    CaseEvent,
    CaseGrade,
    CaseRow,
    Closed,
    Command,
    CommandKind,
    Correction,
    Counts,
    Feedback,
    LateRow,
    Mark,
    PaneCounts,
    Record,
    Setting,
    Signal,
    feedback_of,
    setting_of,
)
from detectors.brand import BrandDetector, PaneInput
from detectors.live import limits
from detectors.settings import DetectSettings
from detectors.tuned import Tuned

LAST = 999_999
"""Index of a mark within its pane: after every signal."""

EVERYBODY = "*"
MOST_EARLY = 1_000
"""Words on brands that nothing was heard of yet; of more, the oldest are let go."""

NEVER = 2**62
"""A pane that does not come."""

Judged = Signal | Mark | BucketRow | LateRow | CaseRow | CaseEvent | CaseGrade


class Merge:
    """State of one partition of counts: what is waited for, and one detector a brand.

    Parameters
    ----------
    partitions
        How many partitions of mentions must have closed a pane before it is judged.
    grader
        Says how grave a complaint is; without it nothing has a grade.
    keep_rows
        Whether bucket rows are wanted.
    """

    def __init__(
        self,
        partitions: int,
        panes: Panes,
        settings: DetectSettings,
        grader: Grader | None = None,
        *,
        keep_rows: bool = True,
    ) -> None:
        self._panes = panes
        self._keep_rows = keep_rows
        self._settings = settings
        self._grader = grader
        self._closed = dict.fromkeys(range(partitions), 0)
        self._waiting: dict[int, dict[str, dict[tuple[int, int], PaneCounts]]] = {}
        self._signs: dict[int, set[str]] = {}
        self._queue: list[int] = []
        self._alive: dict[str, int] = {}
        self._since: dict[str, int] = {}
        self._ends: dict[int, set[str]] = {}
        self._ended: set[str] = set()
        self._marks: dict[int, set[str]] = {}
        self._marking: frozenset[str] = frozenset()
        self._dues: dict[str, int] = {}
        self._brands: dict[str, BrandDetector] = {}
        self._stale: dict[str, tuple[str, ...]] = {}
        self._early: list[tuple[str, Feedback | Setting]] = []
        self._everybody = Tuned(settings, panes)
        """What was commanded for all brands, for those to come."""
        self.upto = 0
        """Every pane below this one has been judged."""

    def feed(self, records: Sequence[Record]) -> list[Judged]:
        """Take what partitions published; what was found in panes that all have closed."""
        out: list[Judged] = []
        for record in records:
            if isinstance(record, PaneCounts):
                self._hold(record)
            elif isinstance(record, Closed):
                self._close(record)
            elif isinstance(record, Correction):
                out.extend(self._late(record))
            elif isinstance(record, Command):
                self._command(record)
        upto = min(self._closed.values())
        if upto > self.upto:
            out.extend(self._walk(upto))
            self.upto = upto
            out.extend(self._mark(brand, upto) for brand in sorted(self._brands))
        return out

    def brands(self) -> list[str]:
        """Brands met so far, sorted."""
        return sorted(self._brands)

    # -- waiting -------------------------------------------------------------------------------------------

    def _hold(self, record: PaneCounts) -> None:
        if record.pane < self._closed[record.partition]:
            return
        if record.pane not in self._waiting:
            self._waiting[record.pane] = {}
            heapq.heappush(self._queue, record.pane)
        brands = self._waiting[record.pane]
        brands.setdefault(record.brand, {})[(record.partition, record.part)] = record

    def _close(self, record: Closed) -> None:
        before = self._closed[record.partition]
        for pane, source in record.alive:
            if pane >= before:
                if pane not in self._signs:
                    self._signs[pane] = set()
                    heapq.heappush(self._queue, pane)
                self._signs[pane].add(source)
        for pane, source in record.marked:
            if pane >= before:
                self._marks.setdefault(pane, set()).add(source)
        for pane, source in record.ended:
            if pane >= before:
                self._ends.setdefault(pane, set()).add(source)
        self._closed[record.partition] = max(before, record.closed)

    def _command(self, command: Command) -> None:
        """What a person says of a warning of a brand, and limits that are moved; other commands are for others."""
        said = feedback_of(command) or _setting(command)
        if said is None:
            return
        if command.brand == EVERYBODY:
            if isinstance(said, Setting):
                self._tune_all(said)
        elif command.brand in self._brands:
            self._brands[command.brand].hear(said)
        else:
            self._early = [*self._early, (command.brand, said)][-MOST_EARLY:]

    def _tune_all(self, said: Setting) -> None:
        last = self._panes.bucket_of(self.upto - 1)
        while self._everybody.due <= last:
            self._everybody.turn()
        self._everybody.hear(said, last)
        for brand in sorted(self._brands):
            self._brands[brand].hear(said)

    def _begin(self, brand: str) -> None:
        made = self._brands[brand] = BrandDetector(
            brand, self._panes, self._settings, self._grader, keep_rows=self._keep_rows, tuned=self._everybody.heir()
        )
        for said in [said for name, said in self._early if name == brand]:
            made.hear(said)
        self._early = [one for one in self._early if one[0] != brand]

    # -- walking -------------------------------------------------------------------------------------------

    def _walk(self, upto: int) -> Iterator[Judged]:
        while True:
            pane = self._next_pane()
            if pane >= upto:
                return
            self._hear(pane)
            held = self._waiting.pop(pane, {})
            for brand in sorted(held):
                if brand not in self._brands:
                    self._begin(brand)
            for brand in sorted(self._brands):
                given = held.get(brand)
                if given is not None or self._dues.get(brand, NEVER) <= pane:
                    yield from self._step(brand, pane, given)

    def _next_pane(self) -> int:
        while self._queue and self._queue[0] not in self._waiting and self._queue[0] not in self._signs:
            heapq.heappop(self._queue)
        soonest = self._queue[0] if self._queue else NEVER
        return min(soonest, min(self._dues.values(), default=NEVER))

    def _hear(self, pane: int) -> None:
        """Signs of life as of ``pane``; a source that has ended is no dead source."""
        for source in sorted(self._signs.pop(pane, ())):
            self._alive[source] = pane
            self._since.setdefault(source, pane)
            self._ended.discard(source)
        self._marking |= self._marks.pop(pane, set())
        self._ended |= self._ends.pop(pane, set())
        for source in self._ended:
            self._alive[source] = pane

    def _step(self, brand: str, pane: int, given: dict[tuple[int, int], PaneCounts] | None) -> Iterator[Judged]:
        parts = [given[key] for key in sorted(given)] if given else []
        detector = self._brands[brand]
        found = detector.step(pane, merged(parts) if parts else None, self._alive, self._since, self._marking)
        due = detector.next_due()
        self._dues[brand] = NEVER if due is None else due
        # Time must not run back: case events happened within the pane, all else is known at its end.
        for event in sorted((case for part in parts for case in part.cases), key=lambda case: (case.ts, case.id)):
            yield event
            yield case_row(event, late=False)
        yield from found.grades
        yield from found.signals
        yield from found.rows
        if found.stale != self._stale.get(brand, ()):
            self._stale[brand] = found.stale
            yield self._mark(brand, pane + 1)

    def _mark(self, brand: str, closed: int) -> Mark:
        return Mark(
            brand=brand,
            at=self._panes.start_of(closed),
            order=(closed - 1, LAST),
            stale=self._stale.get(brand, ()),
        )

    def _late(self, record: Correction) -> Iterator[Judged]:
        bucket = self._panes.bucket_start(self._panes.bucket_of(record.pane))
        for series, counts in sorted(record.rows.items()):
            yield LateRow(
                brand=record.brand,
                series=series,
                bucket=bucket,
                bucket_seconds=self._panes.bucket_seconds,
                position=record.position,
                counts=counts,
                late_seconds=record.late_seconds,
            )
        if record.case is not None:
            yield record.case
            yield case_row(record.case, late=True)


def _setting(command: Command) -> Setting | None:
    """Limits that a command moves; nothing where it cannot be followed, of which the ledger tells."""
    if command.kind is not CommandKind.SETTING:
        return None
    try:
        return setting_of(command, limits())
    except InvalidRecord:
        return None


def merged(parts: Sequence[PaneCounts]) -> PaneInput:
    """What all partitions counted of one brand in one pane, together."""
    rows: dict[str, Counts] = {}
    for part in parts:
        for series, counts in part.rows.items():
            known = rows.get(series)
            rows[series] = counts if known is None else known.plus(counts)
    evidence = sorted((item for part in parts for item in part.evidence), key=lambda item: (item.ts, item.id))
    return PaneInput(rows=dict(sorted(rows.items())), evidence=tuple(evidence))


def case_row(event: CaseEvent, *, late: bool) -> CaseRow:
    """A case event as a row of the series store."""
    return CaseRow(
        brand=event.brand,
        case_id=event.case_id,
        id=event.id,
        ts=event.ts,
        event=event.event,
        channel=event.channel,
        department=event.department,
        rating=event.rating,
        late=late,
    )
