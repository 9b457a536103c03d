"""What must be done so that a Grafana shows the dashboards: compared first, then done, and nothing the second time.

Pure but for the :class:`Grafana` that is handed in. Grafana raises a dashboard's version with every save, whether
anything changed or not, so what is there is read and compared before anything is written.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from contracts.errors import Invalid
from dashboards.grafana.frame import TAG
from dashboards.grafana.query import DATASOURCE_UID
from dashboards.grafana.say import Language, Text

FOLDER = Text("烽火", "Fenghuo")
DATASOURCE_NAME = "Fenghuo"
_OWN = ("id", "version", "iteration")
"""What Grafana puts into a dashboard by itself."""

Body = dict[str, Any]


class Grafana(Protocol):
    """The calls that are needed; what is not there is None. All raise Unavailable or Invalid."""

    def folder(self, uid: str) -> Body | None:
        """The folder, with ``title`` and ``version``."""

    def create_folder(self, uid: str, title: str) -> None:
        """Make it; its uid and title must be free."""

    def rename_folder(self, uid: str, title: str, version: int) -> None:
        """Give it another title; ``version`` is the one that was read."""

    def datasource(self, name: str) -> Body | None:
        """The data source of this name, its secrets left out."""

    def create_datasource(self, body: Body) -> None:
        """Make it; its name and uid must be free."""

    def update_datasource(self, number: int, body: Body) -> None:
        """Put ``body`` in its place; secrets that it does not name are kept."""

    def dashboard(self, uid: str) -> Body | None:
        """The dashboard under ``dashboard``, and ``meta`` about it."""

    def save_dashboard(self, body: Body) -> None:
        """Create or update; refused when another has saved since the version in it was read."""

    def annotations(self, tags: Sequence[str], start: int, end: int) -> list[Body]:
        """Annotations with all these tags, from ``start`` to ``end`` in milliseconds."""

    def annotate(self, time: int, text: str, tags: Sequence[str]) -> None:
        """Make one for all dashboards."""


class Action(StrEnum):
    """What a step does."""

    NOTHING = "nothing"
    CREATE = "create"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is as it should be, or is to be made so."""

    what: str
    action: Action
    diff: str = ""
    do: Callable[[], None] = field(default=lambda: None)


@dataclass(frozen=True, slots=True)
class Source:
    """The InfluxDB that Grafana asks; ``token`` is ``user:password`` on 1.8."""

    url: str
    database: str
    token: str
    replace_secret: bool = False
    """Send the token even if Grafana holds one: what it holds cannot be compared."""


def folder_uid(language: Language) -> str:
    """The folder of one language."""
    return f"fenghuo-{language}"


def datasource_body(source: Source) -> Body:
    """The data source: InfluxQL over HTTP with the header that 1.8 and 2.x both take.

    >>> body = datasource_body(Source("http://influx:8086", "fenghuo", "reader:secret"))
    >>> body["secureJsonData"], body["jsonData"]["httpHeaderName1"]
    ({'httpHeaderValue1': 'Token reader:secret'}, 'Authorization')
    """
    return {
        "name": DATASOURCE_NAME,
        "uid": DATASOURCE_UID,
        "type": "influxdb",
        "access": "proxy",
        "url": source.url,
        "database": source.database,
        "isDefault": False,
        "basicAuth": False,
        "jsonData": {
            "dbName": source.database,
            "httpHeaderName1": "Authorization",
            "httpMode": "GET",
            "timeInterval": "1m",
        },
        "secureJsonData": {"httpHeaderValue1": f"Token {source.token}"},
    }


def plan(
    grafana: Grafana, languages: Sequence[Language], made: Mapping[Language, Sequence[Body]], source: Source
) -> list[Step]:
    """Every step in the order in which it must be done; those that change nothing are in it."""
    steps = [_datasource(grafana, source)]
    for language in languages:
        steps.append(_folder(grafana, folder_uid(language), FOLDER.at(language)))
        steps += [_dashboard(grafana, one, folder_uid(language)) for one in made[language]]
    return steps


def marks(grafana: Grafana, lines: Sequence[Body]) -> list[Step]:
    """An annotation for each line of ``incidents.ndjson`` that has none yet, for dashboards beside these.

    The dashboards themselves draw incident changes from InfluxDB and need none of this.
    """
    times = [_millis(str(line["at"])) for line in lines]
    if not times:
        return []
    known = {tag for one in grafana.annotations([TAG], min(times), max(times) + 1) for tag in one.get("tags", ())}
    steps = []
    for line, time in zip(lines, times, strict=True):
        name = f"{line['incident']}:{line['seq']}"
        tags = [TAG, str(line["tier"]), str(line["scope"]["brand"]), name]
        text = f"{line['event']} {line['tier']}: {line['kind']} ({line['reason']})"
        there = name in known
        do = _annotating(grafana, time, text, tags)
        steps.append(Step(f"annotation {name}", Action.NOTHING if there else Action.CREATE, "" if there else text, do))
    return steps


def apply(steps: Sequence[Step], told: Callable[[Step], None] = lambda step: None) -> int:
    """Do what is to be done; gives back how much that was. Raises what Grafana raises, at the step that failed."""
    done = 0
    for step in steps:
        if step.action is not Action.NOTHING:
            step.do()
            done += 1
        told(step)
    return done


def _datasource(grafana: Grafana, source: Source) -> Step:
    wanted = datasource_body(source)
    there = grafana.datasource(DATASOURCE_NAME)
    what = f"data source {DATASOURCE_NAME}"
    if there is None:
        return Step(what, Action.CREATE, _diff({}, _open(wanted)), lambda: grafana.create_datasource(wanted))
    if there.get("readOnly"):
        raise Invalid(
            f"Grafana's {what} is provisioned from a file there; change the file, or remove it and deploy again"
        )
    if there.get("uid") != DATASOURCE_UID:
        raise Invalid(
            f"Grafana has a {what} with the uid {there.get('uid')}, not {DATASOURCE_UID}; rename or delete it"
        )
    kept = {name: there.get(name) for name in _open(wanted)}
    kept["jsonData"] = {name: (there.get("jsonData") or {}).get(name) for name in wanted["jsonData"]}
    secret = bool((there.get("secureJsonFields") or {}).get("httpHeaderValue1"))
    if kept == _open(wanted) and secret and not source.replace_secret:
        return Step(what, Action.NOTHING)
    body = {**wanted, "jsonData": {**(there.get("jsonData") or {}), **wanted["jsonData"]}}
    diff = _diff(kept, _open(wanted)) or "the token is sent again\n"
    return Step(what, Action.UPDATE, diff, lambda: grafana.update_datasource(int(there["id"]), body))


def _folder(grafana: Grafana, uid: str, title: str) -> Step:
    there = grafana.folder(uid)
    what = f"folder {title}"
    if there is None:
        return Step(what, Action.CREATE, f"+{title}\n", lambda: grafana.create_folder(uid, title))
    if there["title"] == title:
        return Step(what, Action.NOTHING)
    version = int(there.get("version", 1))
    diff = f"-{there['title']}\n+{title}\n"
    return Step(what, Action.UPDATE, diff, lambda: grafana.rename_folder(uid, title, version))


def _dashboard(grafana: Grafana, wanted: Body, folder: str) -> Step:
    there = grafana.dashboard(wanted["uid"])
    what = f"dashboard {wanted['title']}"
    if there is None:
        body = {"dashboard": {**wanted, "id": None}, "folderUid": folder, "overwrite": False, "message": "fenghuo"}
        return Step(what, Action.CREATE, _diff({}, wanted), lambda: grafana.save_dashboard(body))
    held, meta = there["dashboard"], there.get("meta", {})
    if meta.get("provisioned"):
        raise Invalid(f"Grafana's {what} is provisioned from a file there; it is changed with the file, not by deploy")
    known = {name: value for name, value in held.items() if name not in _OWN}
    if known == wanted and meta.get("folderUid") == folder:
        return Step(what, Action.NOTHING)
    body = {
        "dashboard": {**wanted, "id": held["id"], "version": held["version"]},
        "folderUid": folder,
        "overwrite": False,
        "message": "fenghuo",
    }
    diff = _diff(known, wanted) or f"moved to folder {folder}\n"
    return Step(what, Action.UPDATE, diff, lambda: grafana.save_dashboard(body))


def _annotating(grafana: Grafana, time: int, text: str, tags: Sequence[str]) -> Callable[[], None]:
    return lambda: grafana.annotate(time, text, tags)


def _open(body: Body) -> Body:
    """What Grafana shows of a data source again: everything but secrets."""
    return {name: value for name, value in body.items() if name != "secureJsonData"}


def _diff(old: Body, new: Body) -> str:
    """Lines that go and come, with a little around them.

    >>> print(_diff({"a": 1, "b": 2}, {"a": 1, "b": 3}), end="")
     {
      "a": 1,
    - "b": 2
    + "b": 3
     }
    """
    before = json.dumps(old, ensure_ascii=False, indent=1, sort_keys=True).splitlines() if old else []
    after = json.dumps(new, ensure_ascii=False, indent=1, sort_keys=True).splitlines()
    lines = list(difflib.unified_diff(before, after, lineterm="", n=2))[2:]
    return "".join(f"{line}\n" for line in lines if not line.startswith("@@"))


def _millis(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp() * 1000)
