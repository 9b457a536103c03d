"""Asks what a panel asks, as Grafana's browser part does: variables filled in, then InfluxQL over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from contracts.panes import micros
from dashboards.grafana.build import panels

_LEFT = re.compile(r"\$\{?\w+")
STEPS = {"1m": (600, "10m"), "5m": (600, "10m"), "10m": (600, "10m")}


def filled_in(query: str, made: dict[str, Any], start: datetime, end: datetime, interval: str) -> str:
    """``query`` with every variable replaced: everything chosen, the given time range."""
    seconds, step = STEPS.get(interval, (_seconds(interval), interval))
    first, last = micros(start) // 1000, micros(end) // 1000
    known = {
        "timeFilter": f"time >= {first}ms and time <= {last}ms",
        "__interval_ms": str(seconds * 1000),
        "__interval": step,
        "__from": str(first),
        "__to": str(last),
    }
    for variable in made["templating"]["list"]:
        chosen = variable.get("allValue") or variable["current"]["value"]
        known[variable["name"]] = chosen if isinstance(chosen, str) else chosen[0]
    for name in sorted(known, key=len, reverse=True):
        query = query.replace(f"${{{name}}}", known[name]).replace(f"${name}", known[name])
    return query


def questions(made: dict[str, Any], start: datetime, end: datetime) -> Iterator[tuple[str, str]]:
    """Every query of a dashboard, ready to be asked, with the name of what asks it."""
    for variable in made["templating"]["list"]:
        if variable["type"] == "query":
            yield f"variable {variable['name']}", variable["query"]
    for mark in made["annotations"]["list"]:
        yield f"marks {mark['name']}", filled_in(mark["query"], made, start, end, "1m")
    for panel in panels(made):
        for target in panel["targets"]:
            name = f"{panel['title']} {target['refId']}"
            yield name, filled_in(target["query"], made, start, end, panel.get("interval", "1m"))


def unfilled(query: str) -> list[str]:
    """Variables that nothing was filled in for; a dollar sign at the end of a regular expression is none.

    >>> unfilled("brand =~ /^.*$/ AND x < $limit")
    ['$limit']
    """
    return _LEFT.findall(query)


def rows_of(answer: dict[str, Any]) -> list[list[Any]]:
    """All rows that hold something beside their time; raises AssertionError with what the server said."""
    rows = []
    for result in answer["results"]:
        assert "error" not in result, result["error"]
        for series in result.get("series", ()):
            rows += [row for row in series["values"] if any(value is not None for value in row[1:])]
    return rows


def _seconds(interval: str) -> int:
    return int(interval[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[interval[-1]]
