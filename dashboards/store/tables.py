"""The tables of the SQLite store, made from :mod:`dashboards.schema`, and the statements that fill them.

Series keys stand in a table of their own and rows carry their number: a third of the size, and twice as fast.
A table of the schema's version is left alone, one of an older version gets the columns that it lacks; a file of a
newer version is refused.
"""

from __future__ import annotations

from dashboards.schema import BUCKETS, CASES, FIELDS, INCIDENTS, LATE, Kind

VERSION = 2

_KEYS: dict[str, dict[str, Kind]] = {
    BUCKETS: {"series": Kind.INT, "time": Kind.INT},
    LATE: {"series": Kind.INT},
    INCIDENTS: {"incident": Kind.TEXT, "brand": Kind.TEXT, "at": Kind.INT},
    CASES: {"brand": Kind.TEXT, "event": Kind.TEXT, "channel": Kind.TEXT, "department": Kind.TEXT},
}
"""What InfluxDB has as tags or time, as columns before the fields; times are microseconds since the epoch."""

_PRIMARY = {BUCKETS: "series, time", LATE: "series, position", INCIDENTS: "incident, seq", CASES: "brand, case_id, id"}

_INDEXES = (
    'CREATE INDEX late_by_bucket ON late (series, "bucket")',
    'CREATE INDEX incidents_by_time ON incidents ("at")',
    'CREATE INDEX cases_by_time ON cases (brand, "at")',
)


def create() -> tuple[str, ...]:
    """The statements that make an empty file a store."""
    series = "CREATE TABLE series (id INTEGER PRIMARY KEY, brand TEXT NOT NULL, name TEXT NOT NULL UNIQUE)"
    tables = (
        f"CREATE TABLE {table} ({_columns(table)}, PRIMARY KEY ({_PRIMARY[table]})) WITHOUT ROWID" for table in FIELDS
    )
    return (series, *tables, *_INDEXES, f"PRAGMA user_version = {VERSION}")


_ADDED = {2: {BUCKETS: ("told", "shadow")}}
"""Columns that a version brought."""


def upgrade(version: int) -> tuple[str, ...]:
    """The statements that bring a file of an older version to this one.

    >>> upgrade(1)[0]
    'ALTER TABLE buckets ADD COLUMN "told" INTEGER'
    """
    added = (
        f'ALTER TABLE {table} ADD COLUMN "{name}" {FIELDS[table][name].value}'
        for one in range(version + 1, VERSION + 1)
        for table, names in _ADDED[one].items()
        for name in names
    )
    return (*added, f"PRAGMA user_version = {VERSION}")


def insert(table: str) -> str:
    """The statement that writes one row of ``table``, in place of an older one with its key."""
    names = (*_KEYS[table], *FIELDS[table])
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    return f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names are the schema's


def _columns(table: str) -> str:
    kinds = {**_KEYS[table], **FIELDS[table]}
    return ", ".join(f'"{name}" {kind.value}' for name, kind in kinds.items())
