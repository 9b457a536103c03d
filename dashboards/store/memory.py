"""The series store in memory: the twin of the others, for tests and for a replay that nobody looks at.

Keeps everything and forgets it at the end; not for a stream without end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from contracts.records import BucketRow, CaseRow, Counts, IncidentEvent, LateRow
from contracts.series import series_dims
from dashboards.store.refuse import refuse
from dashboards.store.values import added, in_order


class MemoryStore:
    """A :class:`~contracts.ports.SeriesStore` of dictionaries.

    >>> from datetime import UTC, timedelta
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> store = MemoryStore()
    >>> store.write([BucketRow(brand="A", series="brand=A", bucket=at, bucket_seconds=60, counts=Counts(3))])
    >>> store.counts("brand=A", at, at + timedelta(minutes=1))[at].n
    3
    """

    def __init__(self) -> None:
        self._buckets: dict[str, dict[datetime, BucketRow]] = {}
        self._late: dict[str, dict[str, LateRow]] = {}
        self._incidents: dict[tuple[str, int], IncidentEvent] = {}
        self._cases: dict[tuple[str, str, str], CaseRow] = {}

    def setup(self) -> None:
        """Nothing to make."""

    def write(
        self,
        buckets: Sequence[BucketRow] = (),
        late: Sequence[LateRow] = (),
        incidents: Sequence[IncidentEvent] = (),
        cases: Sequence[CaseRow] = (),
    ) -> None:
        """Keep all, or raise InvalidRecord and keep none."""
        refuse((*buckets, *late, *incidents, *cases))
        for bucket in buckets:
            self._buckets.setdefault(bucket.series, {})[bucket.bucket] = bucket
        for row in late:
            self._late.setdefault(row.series, {})[row.position] = row
        self._incidents.update({(event.incident, event.seq): event for event in incidents})
        self._cases.update({(case.brand, case.case_id, case.id): case for case in cases})

    def counts(self, series: str, start: datetime, end: datetime) -> Mapping[datetime, Counts]:
        """Counts by bucket in [start, end), late ones added."""
        rows = ((row.bucket, row.counts) for row in self.buckets(series, start, end))
        return added((*rows, *self.late(series, start, end).items()))

    def late(self, series: str, start: datetime, end: datetime) -> Mapping[datetime, Counts]:
        """The late part of :meth:`counts` alone."""
        rows = self._late.get(series, {}).values()
        return added((row.bucket, row.counts) for row in rows if start <= row.bucket < end)

    def buckets(self, series: str, start: datetime, end: datetime) -> list[BucketRow]:
        """Whole rows in [start, end) by time."""
        rows = self._buckets.get(series, {})
        return [rows[bucket] for bucket in sorted(rows) if start <= bucket < end]

    def series(self, brand: str | None = None) -> list[str]:
        """All series keys, sorted; of one brand if given."""
        found = self._buckets.keys() | self._late.keys()
        return sorted(one for one in found if brand is None or series_dims(one)["brand"] == brand)

    def incidents(self, start: datetime, end: datetime) -> list[IncidentEvent]:
        """Incident events in [start, end), in the order of ``incidents.ndjson``."""
        return in_order([event for event in self._incidents.values() if start <= event.at < end])

    def cases(self, brand: str, start: datetime, end: datetime) -> list[CaseRow]:
        """Case rows of one brand in [start, end), by time, case and id."""
        found = (row for row in self._cases.values() if row.brand == brand and start <= row.ts < end)
        return sorted(found, key=lambda row: (row.ts, row.case_id, row.id))

    def close(self) -> None:
        """Nothing to let go."""
