"""The InfluxQL that the store reads with: text from values, everything quoted; answers as plain rows.

The subset that 1.8, 2.x and 3.x all answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from contracts.panes import micros
from dashboards.schema import BUCKETS, CASES, FIELDS, INCIDENTS, LATE, series_tags, tag_value
from dashboards.store.refuse import clamp

_DAY = timedelta(days=1)


def literal(text: str) -> str:
    r"""A text as a literal.

    >>> print(literal("it's a sign"))
    'it\'s a sign'
    """
    quoted = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{quoted}'"


def buckets_query(series: str, start: datetime, end: datetime) -> str:
    """The rows of one series with their bucket in [start, end).

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> print(buckets_query("brand=A", at, at).split("WHERE ")[1])
    "brand" = 'A' AND "dims" = 'brand' AND time >= 1767225600000000000 AND time < 1767225600000000000
    """
    return f"SELECT {_fields(BUCKETS)} FROM {BUCKETS} WHERE {_is(series)} AND {_between(start, end)}"  # noqa: S608


def late_query(series: str, start: datetime, end: datetime) -> str:
    """Late rows of one series with their bucket in [start, end); they lie up to a bucket's width (a day) later."""
    within = f'"bucket" >= {micros(clamp(start))} AND "bucket" < {micros(clamp(end))}'
    return f"SELECT {_fields(LATE)} FROM {LATE} WHERE {_is(series)} AND {within} AND {_between(start, _later(end))}"  # noqa: S608


def series_query(measurement: str, brand: str | None) -> str:
    """The latest point of every series, of one brand if given, with all tags."""
    where = "" if brand is None else f' WHERE "brand" = {literal(tag_value(brand))}'
    return f'SELECT LAST("n") FROM {measurement}{where} GROUP BY *'  # noqa: S608


def hour_sums_query(measurement: str, fields: Iterable[str], start: datetime, end: datetime) -> str:
    """Sums of each hour and series with their points in [start, end).

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> print(hour_sums_query("late", ["n"], at, at).split(" WHERE ")[0])
    SELECT SUM("n") AS "n" FROM late
    """
    sums = ", ".join(f'SUM("{name}") AS "{name}"' for name in fields)
    return f"SELECT {sums} FROM {measurement} WHERE {_between(start, end)} GROUP BY time(1h), * fill(none)"  # noqa: S608


def edge_query(measurement: str, which: str) -> str:
    """The time of the ``FIRST`` or ``LAST`` point of a measurement."""
    return f'SELECT {which}("n") FROM {measurement}'  # noqa: S608


def delete_query(measurement: str, before: datetime) -> str:
    """Delete all points of a measurement before a time."""
    return f"DELETE FROM {measurement} WHERE time < {micros(clamp(before)) * 1000}"  # noqa: S608


def incidents_query(start: datetime, end: datetime) -> str:
    """Incident events with ``at`` in [start, end)."""
    return f'SELECT "record" FROM {INCIDENTS} WHERE {_between(start, end)}'  # noqa: S608


def cases_query(brand: str, start: datetime, end: datetime) -> str:
    """Case rows of one brand with their instant in [start, end); they lie up to a minute away."""
    within = f'"at" >= {micros(clamp(start))} AND "at" < {micros(clamp(end))}'
    named = f'"brand" = {literal(tag_value(brand))}'
    wide = _between(clamp(start) - timedelta(minutes=1), _later(end))
    return f'SELECT "record" FROM {CASES} WHERE {named} AND {within} AND {wide}'  # noqa: S608


def rows(answer: dict[str, Any]) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """The rows of an answer: the tags of their group, and the values by column."""
    for result in answer["results"]:
        for series in result.get("series", ()):
            tags = series.get("tags", {})
            for values in series.get("values", ()):
                yield tags, dict(zip(series["columns"], values, strict=True))


def error_of(answer: dict[str, Any]) -> str:
    """What an answer says went wrong, or an empty text."""
    said = [answer.get("error", "")] + [result.get("error", "") for result in answer.get("results", ())]
    return "; ".join(one for one in said if one)


def _fields(measurement: str) -> str:
    return ", ".join(f'"{name}"' for name in FIELDS[measurement])


def _is(series: str) -> str:
    return " AND ".join(f'"{name}" = {literal(value)}' for name, value in series_tags(series))


def _between(start: datetime, end: datetime) -> str:
    return f"time >= {micros(clamp(start)) * 1000} AND time < {micros(clamp(end)) * 1000}"


def _later(end: datetime) -> datetime:
    return clamp(clamp(end) + _DAY)
