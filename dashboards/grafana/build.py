"""The dashboards as JSON: what stands in ``deploy/grafana/dashboards`` and what ``dashboards deploy`` puts up."""

from __future__ import annotations

import json
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from dashboards.grafana import cases, detecting, duty, itself, sentiment
from dashboards.grafana.frame import SCHEMA, Board, framed
from dashboards.grafana.say import LANGUAGES, Language

BOARDS: tuple[Board, ...] = (duty.BOARD, sentiment.BOARD, cases.BOARD, detecting.BOARD, itself.BOARD)
CONSOLE = "http://127.0.0.1:8720"
_NOT_OURS = ("id", "auto", "auto_count", "auto_min")
"""What the SDK says of every variable: Grafana 9 takes an id, the same for all, for the variable's name."""


def dashboard(board: Board, language: Language, console: str = CONSOLE) -> dict[str, Any]:
    """One dashboard as Grafana keeps it.

    >>> made = dashboard(BOARDS[0], "en")
    >>> made["uid"], made["title"], made["schemaVersion"]
    ('fenghuo-duty-en', 'Fenghuo · Duty', 37)
    """
    made: dict[str, Any] = json.loads(json.dumps(framed(board, language, console).build(), cls=JSONEncoder))
    made["schemaVersion"] = SCHEMA
    for variable in made["templating"]["list"]:
        for name in _NOT_OURS:
            variable.pop(name, None)
    return made


def dashboards(console: str = CONSOLE, languages: tuple[Language, ...] = LANGUAGES) -> list[dict[str, Any]]:
    """All of them, language by language."""
    return [dashboard(board, language, console) for language in languages for board in BOARDS]


def as_file(made: dict[str, Any]) -> str:
    """The bytes of a dashboard's file."""
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def panels(made: dict[str, Any]) -> list[dict[str, Any]]:
    """The panels of a dashboard that ask for data, those in rows included."""
    found: list[dict[str, Any]] = []
    for panel in made["panels"]:
        found += [panel] if panel["type"] != "row" else panels({"panels": panel.get("panels") or []})
    return found
