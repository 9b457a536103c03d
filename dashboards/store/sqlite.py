"""The series store in one SQLite file: no server, several readers beside one writer.

WAL, so that a reader in another process never waits for the recorder; a write is one transaction and is on the
disk when it returns. Good for one machine; for several machines or years of seconds take InfluxDB.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock

from contracts.codec import decode
from contracts.errors import Invalid
from contracts.panes import from_micros, micros
from contracts.records import BucketRow, CaseRow, Counts, IncidentEvent, LateRow
from contracts.series import series_dims
from dashboards.schema import BUCKETS, CASES, INCIDENTS, LATE
from dashboards.settings import StoreSettings
from dashboards.store import tables
from dashboards.store.refuse import refuse
from dashboards.store.sqlite_errors import translated
from dashboards.store.values import (
    BUCKET_FIELDS,
    bucket_row,
    bucket_values,
    case_values,
    in_order,
    incident_values,
    late_values,
)

_MB = 1024 * 1024
_SUMS = "SUM(n), SUM(negative), SUM(positive), SUM(hot), SUM(reach)"


class SqliteStore:
    """A :class:`~contracts.ports.SeriesStore` in a file; its methods may be called from several threads.

    Raises OutOfSpace for a full disk, Unavailable for a file that stays locked, Invalid for a damaged one.
    A write that raised has written nothing.
    """

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings
        self._path: Path = settings.path
        self._db: sqlite3.Connection | None = None
        self._ids: dict[str, int] = {}
        self._lock = RLock()

    def setup(self) -> None:
        """Open the file, prove that it can be written, make what is missing."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Invalid(f"series store {self._path}: its folder cannot be made ({error.strerror})") from error
        with self._lock, self._writing() as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > tables.VERSION:
                raise Invalid(
                    f"series store {self._path}: written by a newer Fenghuo (schema {version}); update Fenghuo"
                )
            if version < tables.VERSION:
                for statement in tables.upgrade(version) if version else tables.create():
                    db.execute(statement)

    def write(
        self,
        buckets: Sequence[BucketRow] = (),
        late: Sequence[LateRow] = (),
        incidents: Sequence[IncidentEvent] = (),
        cases: Sequence[CaseRow] = (),
    ) -> None:
        """Write all in one transaction, or raise and write nothing."""
        refuse((*buckets, *late, *incidents, *cases))
        with self._lock, self._writing() as db:
            self._number(db, {row.series for row in buckets} | {row.series for row in late})
            ids = self._ids
            db.executemany(
                tables.insert(BUCKETS), [(ids[row.series], micros(row.bucket), *bucket_values(row)) for row in buckets]
            )
            db.executemany(tables.insert(LATE), [(ids[row.series], *late_values(row)) for row in late])
            db.executemany(
                tables.insert(INCIDENTS),
                [(one.incident, one.brand, micros(one.at), *incident_values(one)) for one in incidents],
            )
            db.executemany(
                tables.insert(CASES),
                [(one.brand, one.event.value, one.channel, one.department, *case_values(one)) for one in cases],
            )

    def counts(self, series: str, start: datetime, end: datetime) -> Mapping[datetime, Counts]:
        """Counts by bucket in [start, end), late ones added."""
        query = (
            "SELECT b, SUM(n), SUM(negative), SUM(positive), SUM(hot), SUM(reach) FROM ("
            " SELECT time AS b, n, negative, positive, hot, reach FROM buckets"
            " WHERE series = ?1 AND time >= ?2 AND time < ?3"
            ' UNION ALL SELECT "bucket", n, negative, positive, hot, reach FROM late'
            ' WHERE series = ?1 AND "bucket" >= ?2 AND "bucket" < ?3) GROUP BY b ORDER BY b'
        )
        return self._sums(query, series, start, end)

    def late(self, series: str, start: datetime, end: datetime) -> Mapping[datetime, Counts]:
        """The late part of :meth:`counts` alone."""
        query = (
            f'SELECT "bucket", {_SUMS} FROM late'  # noqa: S608 - names are the schema's
            ' WHERE series = ?1 AND "bucket" >= ?2 AND "bucket" < ?3 GROUP BY "bucket" ORDER BY "bucket"'
        )
        return self._sums(query, series, start, end)

    def buckets(self, series: str, start: datetime, end: datetime) -> list[BucketRow]:
        """Whole rows in [start, end) by time."""
        columns = ", ".join(("time", *BUCKET_FIELDS))
        query = f"SELECT {columns} FROM buckets WHERE series = ?1 AND time >= ?2 AND time < ?3 ORDER BY time"  # noqa: S608
        rows = self._read(query, (self._id(series), micros(start), micros(end)))
        return [bucket_row(series, from_micros(row[0]), dict(zip(BUCKET_FIELDS, row[1:], strict=True))) for row in rows]

    def series(self, brand: str | None = None) -> list[str]:
        """All series keys, sorted; of one brand if given."""
        rows = self._read("SELECT name FROM series WHERE ?1 IS NULL OR brand = ?1", (brand,))
        return sorted(row[0] for row in rows)

    def incidents(self, start: datetime, end: datetime) -> list[IncidentEvent]:
        """Incident events in [start, end), in the order of ``incidents.ndjson``."""
        query = 'SELECT record FROM incidents WHERE "at" >= ?1 AND "at" < ?2'
        rows = self._read(query, (micros(start), micros(end)))
        return in_order([decode(IncidentEvent, row[0].encode()) for row in rows])

    def cases(self, brand: str, start: datetime, end: datetime) -> list[CaseRow]:
        """Case rows of one brand in [start, end), by time, case and id."""
        query = 'SELECT record FROM cases WHERE brand = ?1 AND "at" >= ?2 AND "at" < ?3'
        rows = [decode(CaseRow, row[0].encode()) for row in self._read(query, (brand, micros(start), micros(end)))]
        return sorted(rows, key=lambda row: (row.ts, row.case_id, row.id))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._db is not None:
                with translated(self._path):
                    self._db.close()
                self._db = None

    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = _connect(self._path, self._settings)
        return self._db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with translated(self._path):
            db = self._connection()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                self._ids.clear()
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def _number(self, db: sqlite3.Connection, series: set[str]) -> None:
        for name in sorted(series - self._ids.keys()):
            brand = series_dims(name)["brand"]
            db.execute("INSERT INTO series (brand, name) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", (brand, name))
            self._ids[name] = db.execute("SELECT id FROM series WHERE name = ?", (name,)).fetchone()[0]

    def _id(self, series: str) -> int:
        rows = self._read("SELECT id FROM series WHERE name = ?", (series,))
        return rows[0][0] if rows else -1

    def _sums(self, query: str, series: str, start: datetime, end: datetime) -> dict[datetime, Counts]:
        rows = self._read(query, (self._id(series), micros(start), micros(end)))
        return {from_micros(row[0]): Counts(*row[1:]) for row in rows}

    def _read(self, query: str, values: tuple[object, ...]) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock, translated(self._path):
            return self._connection().execute(query, values).fetchall()


def _connect(path: Path, settings: StoreSettings) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=settings.busy_seconds, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA cache_size = -32000")  # kB: the last pages of 10 000 series
        db.execute("PRAGMA wal_autocheckpoint = 8000")  # pages: a batch touches one for each series
        if settings.size_limit_mb is not None:
            page = db.execute("PRAGMA page_size").fetchone()[0]
            db.execute(f"PRAGMA max_page_count = {settings.size_limit_mb * _MB // page}")
    except BaseException:
        db.close()
        raise
    return db
