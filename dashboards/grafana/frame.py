"""What all dashboards share: variables, links, marks of incidents, time range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models.dashboard import (
    AnnotationQuery,
    DashboardCursorSync,
    DashboardLinkType,
    VariableHide,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from dashboards.grafana.panels import Panel, drawn
from dashboards.grafana.query import BRAND, DATASOURCE, WITHIN, ask
from dashboards.grafana.say import Language, Text
from dashboards.schema import BUCKETS, CASES, INCIDENTS

TAG = "fenghuo"
SCHEMA = 37
"""Grafana 9.4 knows dashboards up to this version of their schema; newer ones migrate it."""

ALL = ".*"


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under one heading."""

    title: Text
    panels: Sequence[Panel]


@dataclass(frozen=True, slots=True)
class Textbox:
    """A number that the reader may change."""

    name: str
    text: Text
    value: str


@dataclass(frozen=True, slots=True)
class Board:
    """One dashboard, before it is in a language."""

    name: str
    title: Text
    about: Text
    rows: Sequence[Row]
    tags: Sequence[str] = ()
    """Variables beside the brand."""
    textboxes: Sequence[Textbox] = ()
    since: str = "now-24h"
    refresh: str = "30s"

    def uid(self, language: Language) -> str:
        """Its name in Grafana, the same in every installation."""
        return f"fenghuo-{self.name}-{language}"


_TAGS = {
    "channel": Text("渠道", "Channel"),
    "category": Text("类别", "Category"),
    "region": Text("地区", "Region"),
    "department": Text("部门", "Department"),
}


def framed(board: Board, language: Language, console: str) -> Any:
    """The SDK's builder of a whole dashboard."""
    made = build.Dashboard(board.title.at(language)).uid(board.uid(language)).tags([TAG, language])
    made.description(board.about.at(language)).readonly().timezone("browser").tooltip(DashboardCursorSync.CROSSHAIR)
    made.time(board.since, "now").refresh(board.refresh)
    for variable in _variables(board, language, console):
        made.with_variable(variable)
    made.annotation(Marks(language))
    made.link(_siblings(language)).link(_console(language))
    number = 1
    for row in board.rows:
        made.with_row(build.Row(row.title.at(language)).id(number))
        number += 1
        for panel in row.panels:
            made.with_panel(drawn(panel, language, number))
            number += 1
    return made


class IncidentMarks(AnnotationQuery):
    """One mark on every curve for each change of an incident, in the form of the InfluxDB data source.

    Grafana up to 8 reads what it asks from the annotation itself, later ones from its ``target``.
    """

    def __init__(self, language: Language) -> None:
        name = Text("事件变化", "Incident changes").at(language)
        super().__init__(name=name, datasource=DATASOURCE, icon_color="#E02F44")
        self._query = ask('"event", "tier", "kind", "reason", "scope"', INCIDENTS, WITHIN, BRAND)

    def to_json(self) -> dict[str, object]:
        """As Grafana keeps it."""
        columns = {"titleColumn": "event", "tagsColumn": "tier,kind", "textColumn": "scope"}
        asked = {"query": self._query, "rawQuery": True, "fromAnnotations": True, **columns}
        target = {"refId": "Anno", "datasource": DATASOURCE, "resultFormat": "time_series", **asked}
        return {**super().to_json(), **asked, "target": target}


class Marks(build.AnnotationQuery):
    """Builder of :class:`IncidentMarks`."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._internal = IncidentMarks(language)


def _variables(board: Board, language: Language, console: str) -> list[Any]:
    found = [_values("brand", Text("品牌", "Brand"), language)]
    found += [_values(tag, _TAGS[tag], language) for tag in board.tags]
    for box in board.textboxes:
        option = VariableOption(selected=True, text=box.value, value=box.value)
        made = build.TextBoxVariable(box.name).label(box.text.at(language)).default_value(box.value)
        found.append(made.current(option).options([option]))
    option = VariableOption(selected=True, text=console, value=console)
    address = build.TextBoxVariable("console").label(Text("控制台地址", "Console").at(language)).default_value(console)
    found.append(address.current(option).options([option]).hide(VariableHide.HIDE_VARIABLE))
    return found


def _values(tag: str, text: Text, language: Language) -> Any:
    measurement = CASES if tag == "department" else BUCKETS
    made = build.QueryVariable(tag).label(text.at(language)).datasource(DATASOURCE)
    made.query(f'SHOW TAG VALUES FROM "{measurement}" WITH KEY = "{tag}"')
    made.multi(True).include_all(True).all_value(ALL).refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
    made.sort(VariableSort.ALPHABETICAL_ASC)
    return made.current(VariableOption(selected=True, text=["All"], value=["$__all"]))


def _siblings(language: Language) -> Any:
    title = Text("烽火看板", "Fenghuo dashboards").at(language)
    link = build.DashboardLink(title).type(DashboardLinkType.DASHBOARDS).tags([TAG, language])
    return link.as_dropdown(True).include_vars(True).keep_time(True)


def _console(language: Language) -> Any:
    title = Text("控制台", "Console").at(language)
    return build.DashboardLink(title).type(DashboardLinkType.LINK).url("${console}").target_blank(True)
