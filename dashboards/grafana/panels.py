"""The few kinds of panels that all dashboards are made of: only types that a plain Grafana 9.4 has.

A :class:`Panel` says what is shown; :func:`drawn` makes the SDK's builder of it in one language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from grafana_foundation_sdk.builders import bargauge, common, gauge, stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import common as looks
from grafana_foundation_sdk.models.dashboard import (
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColorModeId,
    Threshold,
    ThresholdsMode,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

from dashboards.grafana.query import DATASOURCE, Query
from dashboards.grafana.say import Language, Text

TIER_COLOURS = {"blue": "#3274D9", "yellow": "#E0B400", "orange": "#FF780A", "red": "#E02F44"}
INCIDENT_LINK = "${console}/incidents/${__value.raw}"
"""The console's page of an incident, from the cell that holds its name."""

NO_TIME: tuple[str, dict[str, Any]] = ("organize", {"excludeByName": {"Time": True}})
"""A sum over the chosen time has no time of its own: Grafana would show where that begins."""


def grouped(*by: str, **operations: str) -> tuple[str, dict[str, Any]]:
    """Rows of a table with the same values of ``by`` as one, what else is shown of them made by an operation each."""
    kept = {name: {"operation": "groupby", "aggregations": []} for name in by}
    made = {name: {"operation": "aggregate", "aggregations": [one]} for name, one in operations.items()}
    return "groupBy", {"fields": kept | made}


Kind = Literal["stat", "gauge", "series", "bars", "table", "states"]


@dataclass(frozen=True, slots=True)
class Column:
    """How one column or curve is named and shown; ``name`` is what the query calls it."""

    name: str
    text: Text
    unit: str = ""
    colour: str = ""
    dashed: bool = False
    link: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """What one panel shows.

    Parameters
    ----------
    queries
        InfluxQL, one a letter from A.
    alias
        Name of the curves; ``$col`` is the column, ``$tag_brand`` a tag.
    steps
        Limits with their colours, the lowest first.
    """

    kind: Kind
    title: Text
    about: Text
    queries: Sequence[str]
    width: int = 12
    height: int = 8
    alias: str = "$col"
    unit: str = "short"
    columns: Sequence[Column] = ()
    steps: Sequence[tuple[float | None, str]] = ()
    least: float | None = None
    most: float | None = None
    interval: str = "1m"
    stacked: bool = False
    drawn_as: Literal["line", "bars"] = "line"
    transformations: Sequence[tuple[str, dict[str, Any]]] = ()
    mappings: dict[str, tuple[Text, str]] = field(default_factory=dict)
    sort: Text | None = None
    """The column by which a table is sorted, largest first, as it is shown."""


def drawn(panel: Panel, language: Language, number: int) -> Any:
    """The SDK's builder of ``panel``, numbered ``number``."""
    made = _BUILDERS[panel.kind](panel)
    made.id(number).title(panel.title.at(language)).description(panel.about.at(language))
    made.datasource(DATASOURCE).span(panel.width).height(panel.height).unit(panel.unit).interval(panel.interval)
    for place, query in enumerate(panel.queries):
        made.with_target(Query(query, panel.alias, ref=chr(ord("A") + place), table=panel.kind == "table"))
    if panel.least is not None:
        made.min(panel.least)
    if panel.most is not None:
        made.max(panel.most)
    if panel.steps:
        made.thresholds(_thresholds(panel.steps))
    if panel.mappings:
        made.mappings([_mapping(panel.mappings, language)])
    if panel.sort is not None:
        made.sort_by([common.TableSortByFieldState().display_name(panel.sort.at(language)).desc(True)])
    for name, options in panel.transformations:
        made.with_transformation(DataTransformerConfig(id_val=name, options=options))
    for column in panel.columns:
        made.override_by_name(column.name, _properties(column, panel, language))
    return made


def _stat(panel: Panel) -> Any:
    made = stat.Panel().reduce_options(_last()).graph_mode(looks.BigValueGraphMode.NONE)
    return made.color_mode(looks.BigValueColorMode.BACKGROUND if panel.steps else looks.BigValueColorMode.VALUE)


def _gauge(panel: Panel) -> Any:
    return gauge.Panel().reduce_options(_last()).show_threshold_markers(True)


def _bars(panel: Panel) -> Any:
    made = bargauge.Panel().reduce_options(_last()).display_mode(looks.BarGaugeDisplayMode.GRADIENT)
    return made.orientation(looks.VizOrientation.HORIZONTAL)


def _series(panel: Panel) -> Any:
    made = timeseries.Panel().show_points(looks.VisibilityMode.AUTO).line_width(1).span_nulls(True)
    legend = common.VizLegendOptions().display_mode(looks.LegendDisplayMode.LIST)
    made.legend(legend.placement(looks.LegendPlacement.BOTTOM).show_legend(True).calcs([]))
    made.tooltip(common.VizTooltipOptions().mode(looks.TooltipDisplayMode.MULTI).sort(looks.SortOrder.DESCENDING))
    made.color_scheme(build.FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC))
    bars = panel.drawn_as == "bars"
    made.draw_style(looks.GraphDrawStyle.BARS if bars else looks.GraphDrawStyle.LINE)
    made.fill_opacity(60 if bars or panel.stacked else 8)
    if panel.stacked:
        made.stacking(common.StackingConfig().mode(looks.StackingMode.NORMAL).group("A"))
    if panel.steps:
        made.thresholds_style(common.GraphThresholdsStyleConfig().mode(looks.GraphTresholdsStyleMode.DASHED))
    return made


def _table(panel: Panel) -> Any:
    return table.Panel().show_header(True)


def _states(panel: Panel) -> Any:
    return statetimeline.Panel().show_value(looks.VisibilityMode.NEVER).merge_values(True).row_height(0.8)


_BUILDERS = {"stat": _stat, "gauge": _gauge, "bars": _bars, "series": _series, "table": _table, "states": _states}


def _last() -> Any:
    return common.ReduceDataOptions().values(False).calcs(["lastNotNull"]).fields("")


def _thresholds(steps: Sequence[tuple[float | None, str]]) -> Any:
    found = [Threshold(value=value, color=colour) for value, colour in steps]
    return build.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(found)


def _mapping(mappings: dict[str, tuple[Text, str]], language: Language) -> ValueMapping:
    options = {
        value: ValueMappingResult(text=text.at(language), color=colour or None, index=place)
        for place, (value, (text, colour)) in enumerate(mappings.items())
    }
    return ValueMap(options=options)


def _properties(column: Column, panel: Panel, language: Language) -> list[DynamicConfigValue]:
    found: list[tuple[str, object]] = [("displayName", column.text.at(language))]
    if column.unit:
        found.append(("unit", column.unit))
    if column.colour:
        found.append(("color", {"mode": "fixed", "fixedColor": column.colour}))
    if column.dashed:
        found.append(("custom.lineStyle", {"fill": "dash", "dash": [6, 6]}))
        found.append(("custom.fillOpacity", 0))
    if column.width:
        found.append(("custom.width", column.width))
    if column.link:
        found.append(("links", [{"title": column.text.at(language), "url": column.link, "targetBlank": True}]))
    return [DynamicConfigValue(id_val=name, value=value) for name, value in found]
