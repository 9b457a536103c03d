"""InfluxQL for panels, written from the schema's names, and how Grafana carries it.

A misspelt measurement or column is an error when the dashboard is built, not an empty panel on a wall.
"""

from __future__ import annotations

import re

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.dashboard import DataSourceRef

from dashboards.schema import HOURS, columns

DATASOURCE_UID = "fenghuo"
DATASOURCE = DataSourceRef(type_val="influxdb", uid=DATASOURCE_UID)

BRAND = '"brand" =~ /^$brand$/'
WITHIN = "$timeFilter"
UNTIL = "time <= ${__to}ms"
STEP = "time($__interval)"
_NAMED = re.compile(r'"([^"]+)"')
_AS = re.compile(r'AS "([^"]+)"')


def dims(*names: str) -> str:
    """The condition that keeps the series of these dimensions beside the brand.

    >>> dims(), dims("channel")
    ('"dims" = \\'brand\\'', '"dims" = \\'brand+channel\\'')
    """
    joined = "+".join(sorted(("brand", *names)))
    return f"\"dims\" = '{joined}'"


def chosen(name: str) -> str:
    """The condition that a tag is among those chosen in its variable.

    >>> chosen("channel")
    '"channel" =~ /^$channel$/'
    """
    return f'"{name}" =~ /^${name}$/'


def ask(select: str, measurement: str, *where: str, by: str = "", fill: str = "") -> str:
    """One SELECT on a measurement; raises ValueError for a column that it has not.

    >>> ask('SUM("n") AS "n"', "buckets", WITHIN, dims(), by='"brand"')
    'SELECT SUM("n") AS "n" FROM "buckets" WHERE $timeFilter AND "dims" = \\'brand\\' GROUP BY "brand"'
    >>> ask('SUM("m")', "buckets", WITHIN)
    Traceback (most recent call last):
    ...
    ValueError: buckets has no column 'm'
    """
    known = columns(measurement)
    for text in (_AS.sub("", select), *where, by):
        for name in _NAMED.findall(text):
            if name not in known:
                raise ValueError(f"{measurement} has no column {name!r}")
    text = f'SELECT {select} FROM "{measurement}" WHERE {" AND ".join(where)}'  # noqa: S608 - names are the schema's
    return text + (f" GROUP BY {by}" if by else "") + (f" fill({fill})" if fill else "")


def over(select: str, inner: str, *, where: str = "", by: str = "", fill: str = "") -> str:
    """A SELECT over the answer of another.

    >>> over('SUM("n")', 'SELECT LAST("n") AS "n" FROM "buckets"')
    'SELECT SUM("n") FROM (SELECT LAST("n") AS "n" FROM "buckets")'
    """
    text = f"SELECT {select} FROM ({inner})" + (f" WHERE {where}" if where else "")  # noqa: S608
    return text + (f" GROUP BY {by}" if by else "") + (f" fill({fill})" if fill else "")


def hourly(select: str, fields: str, *where: str, fill: str = "0") -> str:
    """``select`` over the ``fields`` of all hours in the chosen time, an hour a step.

    >>> hourly('SUM("n") AS "n"', '"n"', dims())[:50]
    'SELECT SUM("n") AS "n" FROM (SELECT "n" FROM "hour'
    """
    return over(select, ask(fields, HOURS, WITHIN, *where), where=WITHIN, by="time(1h)", fill=fill)


def share(part: str, measurement: str, *where: str, by: str, counted: bool = True) -> str:
    """A share with its Wilson interval at 95 %: columns ``share``, ``low``, ``high``, and ``n`` if ``counted``.

    Wilson's interval stays within 0 and 1 and is right for few voices too (Wilson 1927). Where there is nothing to
    divide by, there is no row.
    """
    sums = ask(f'SUM("{part}") AS "x", SUM("n") AS "n"', measurement, *where, by=by, fill="none")
    p = '"x" / "n"'
    root = f'SQRT(({p} * (1 - {p}) + 0.9604 / "n") / "n")'
    low = f'({p} + 1.9208 / "n" - 1.96 * {root}) / (1 + 3.8416 / "n")'
    high = f'({p} + 1.9208 / "n" + 1.96 * {root}) / (1 + 3.8416 / "n")'
    tags = ", ".join(one for one in by.split(", ") if not one.startswith("time("))
    select = f'{p} AS "share", {low} AS "low", {high} AS "high"' + (', "n"' if counted else "")
    return over(select, sums, where='"n" > 0', by=tags)


def or_zero(field: str, wanted: str, any_row: str) -> str:
    """The sum of ``field`` over the rows of ``wanted``, and 0 where there are none but rows of ``any_row``.

    InfluxQL answers nothing, and not zero, for a sum over nothing: so every row is added too, times zero.

    >>> or_zero("open", 'SELECT "open" FROM "a" WHERE x', 'SELECT "open" FROM "a"')
    'SELECT SUM("open") AS "sum" FROM (SELECT "open" FROM "a" WHERE x), (SELECT "open" * 0 AS "open" FROM "a")'
    """
    nothing = any_row.replace(f'SELECT "{field}"', f'SELECT "{field}" * 0 AS "{field}"', 1)
    return f'SELECT SUM("{field}") AS "sum" FROM ({wanted}), ({nothing})'  # noqa: S608 - names are the schema's


class InfluxTarget(Dataquery):
    """A query of a panel, in the form of Grafana's InfluxDB data source."""

    def __init__(self, ref_id: str, query: str, alias: str, *, table: bool) -> None:
        self._body: dict[str, object] = {
            "refId": ref_id,
            "datasource": DATASOURCE,
            "query": query,
            "rawQuery": True,
            "resultFormat": "table" if table else "time_series",
            "alias": alias,
        }

    def to_json(self) -> dict[str, object]:
        """As Grafana keeps it."""
        return dict(self._body)


class Query(Builder[Dataquery]):
    """Builder of an :class:`InfluxTarget`."""

    def __init__(self, query: str, alias: str = "", *, ref: str = "A", table: bool = False) -> None:
        self._made = InfluxTarget(ref, query, alias, table=table)

    def build(self) -> Dataquery:
        """The query."""
        return self._made
