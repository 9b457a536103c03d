"""Charts as plain data: what ECharts draws stands as JSON in an attribute, so that no page carries a script.

Colours that begin with ``--`` are names of the stylesheet's variables; our script puts their values in, light or dark.
Labels are written here, in the site's time, so that a chart says the same in every browser and as a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.console.figures import Point

Chart = dict[str, Any]


def volume(points: Sequence[Point], zone: ZoneInfo, say: Mapping[str, str]) -> Chart:
    """A curve of mentions over its expected band, negative ones below it, late ones marked."""
    many = bool(points) and (points[-1].start - points[0].start).days >= 1
    form = "%m-%d %H:%M" if many else "%H:%M"
    band = any(one.lower is not None and one.upper is not None for one in points)
    floor = [None if one.lower is None else round(one.lower, 2) for one in points]
    height = [None if one.lower is None or one.upper is None else round(one.upper - one.lower, 2) for one in points]
    series = [
        _line(say["negative"], [one.counts.negative for one in points], "--negative", area=True),
        _line(say["mentions"], [one.counts.n for one in points], "--accent", width=2),
    ]
    if band:
        series = [
            _band("low", floor, hidden=True),
            _band(say["band"], height, hidden=False),
            _line(say["expected"], [_round(one.expected) for one in points], "--muted", dashed=True),
            *series,
        ]
    return {
        "grid": {"left": 44, "right": 12, "top": 34, "bottom": 26},
        "legend": {"data": [one["name"] for one in series if one["name"] != "low"], "top": 0, "icon": "roundRect"},
        "tooltip": {"trigger": "axis", "renderMode": "richText", "confine": True},
        "xAxis": {"type": "category", "data": [one.start.astimezone(zone).strftime(form) for one in points]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": series,
        "starts": [one.start.isoformat() for one in points],
        "seconds": points[0].seconds if points else 60,
    }


def gauge(value: float | None, title: str, red: float = 0.3) -> Chart:
    """A thermometer: the share of hot negative voices, red from ``red`` on."""
    most = 2 * red
    steps = [[0.25, "--good"], [1 / 3, "--yellow"], [0.5, "--orange"], [1, "--red"]]
    return {
        "series": [
            {
                "type": "gauge",
                "min": 0,
                "max": round(most * 100),
                "splitNumber": 4,
                "radius": "88%",
                "center": ["50%", "52%"],
                "axisLine": {"lineStyle": {"width": 14, "color": steps}},
                "axisTick": {"show": False},
                "splitLine": {"length": 14, "lineStyle": {"color": "--paper", "width": 2}},
                "axisLabel": {"distance": 18, "color": "--muted", "fontSize": 11},
                "pointer": {"width": 5, "itemStyle": {"color": "--ink"}},
                "title": {"offsetCenter": [0, "82%"], "color": "--muted", "fontSize": 12},
                "detail": {"formatter": "{value} %", "fontSize": 22, "color": "--ink", "offsetCenter": [0, "58%"]},
                "data": [{"value": 0 if value is None else round(min(value, most) * 100, 1), "name": title}],
            }
        ]
    }


def radar(values: Sequence[tuple[str, float]], title: str) -> Chart:
    """Shares of several emotions."""
    most = max((value for _, value in values), default=0) or 1
    return {
        "radar": {
            "indicator": [{"name": name, "max": round(most * 1.1, 4)} for name, _ in values],
            "radius": "66%",
            "splitArea": {"show": False},
            "axisName": {"color": "--ink"},
            "splitLine": {"lineStyle": {"color": "--line"}},
            "axisLine": {"lineStyle": {"color": "--line"}},
        },
        "series": [
            {
                "type": "radar",
                "data": [{"name": title, "value": [round(value, 4) for _, value in values]}],
                "areaStyle": {"opacity": 0.25},
                "itemStyle": {"color": "--negative"},
                "lineStyle": {"color": "--negative"},
            }
        ],
        "tooltip": {"renderMode": "richText", "confine": True},
    }


def lines(named: Mapping[str, Sequence[float | None]], labels: Sequence[str], *, top: float | None = None) -> Chart:
    """Several curves over the same labels, for instance of brands that are compared."""
    colours = ("--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7", "--c8")
    return {
        "grid": {"left": 44, "right": 12, "top": 34, "bottom": 26},
        "legend": {"data": list(named), "top": 0, "type": "scroll", "icon": "roundRect"},
        "tooltip": {"trigger": "axis", "renderMode": "richText", "confine": True},
        "xAxis": {"type": "category", "data": list(labels)},
        "yAxis": {"type": "value", **({} if top is None else {"max": top})},
        "series": [
            _line(name, [_round(one, 4) for one in values], colours[index % len(colours)], width=2)
            for index, (name, values) in enumerate(named.items())
        ],
    }


def _line(
    name: str, data: Sequence[float | None], colour: str, *, width: float = 1.2, dashed: bool = False,
    area: bool = False,
) -> Chart:  # fmt: skip
    made: Chart = {
        "name": name,
        "type": "line",
        "data": list(data),
        "symbol": "none",
        "sampling": "max",
        "connectNulls": dashed,
        "lineStyle": {"width": width, "color": colour, "type": "dashed" if dashed else "solid"},
        "itemStyle": {"color": colour},
    }
    if area:
        made["areaStyle"] = {"opacity": 0.18, "color": colour}
    return made


def _band(name: str, data: Sequence[float | None], *, hidden: bool) -> Chart:
    return {
        "name": name,
        "type": "line",
        "stack": "band",
        "data": list(data),
        "symbol": "none",
        "silent": True,
        "connectNulls": True,
        "lineStyle": {"opacity": 0},
        "itemStyle": {"color": "--band", "opacity": 0 if hidden else 1},
        "areaStyle": {"opacity": 0} if hidden else {"color": "--band", "opacity": 1},
        "tooltip": {"show": False},
    }


def _round(value: float | None, digits: int = 2) -> float | None:
    return None if value is None else round(value, digits)
