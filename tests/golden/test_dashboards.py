"""The dashboards in ``deploy/grafana`` are those of the code, and keep to what a plain Grafana 9.4 can show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.records import Emotion
from dashboards.grafana.build import as_file, dashboards, panels
from dashboards.grafana.deploy import Source, datasource_body, folder_uid
from dashboards.grafana.query import DATASOURCE_UID
from dashboards.grafana.say import LANGUAGES, Text

DEPLOY = Path(__file__).resolve().parents[2] / "deploy" / "grafana"
PLAIN = {"row", "stat", "gauge", "bargauge", "timeseries", "table", "state-timeline"}
TRANSFORMATIONS = {"groupBy", "organize"}
HAN = re.compile(r"[\u4e00-\u9fff]")
MADE = {one["uid"]: one for one in dashboards()}


def file_of(uid: str) -> Path:
    name, language = uid.removeprefix("fenghuo-").rsplit("-", 1)
    return DEPLOY / "dashboards" / language / f"{name}.json"


def queries(made: dict[str, Any]) -> Iterator[str]:
    for panel in panels(made):
        yield from (target["query"] for target in panel["targets"])


@pytest.mark.parametrize("uid", MADE)
def test_the_files_are_those_of_the_code(uid: str) -> None:
    kept = file_of(uid).read_text(encoding="utf-8")
    assert kept == as_file(MADE[uid]), "run: fenghuo dashboards write deploy/grafana/dashboards"


def test_no_file_is_left_over() -> None:
    assert set((DEPLOY / "dashboards").rglob("*.json")) == {file_of(uid) for uid in MADE}


@pytest.mark.parametrize("uid", [uid for uid in MADE if "sentiment" in uid])
def test_every_emotion_has_a_name_of_its_own(uid: str) -> None:
    (panel,) = [one for one in panels(MADE[uid]) if "brand+emotion" in one["targets"][0]["query"]]
    named = [one["matcher"]["options"] for one in panel["fieldConfig"]["overrides"]]
    assert named == [one.value for one in Emotion if one is not Emotion.NONE]


@pytest.mark.parametrize("uid", MADE)
def test_only_what_grafana_9_4_has(uid: str) -> None:
    made = MADE[uid]
    assert made["schemaVersion"] <= 37
    assert {panel["type"] for panel in made["panels"]} <= PLAIN
    numbers = [panel["id"] for panel in made["panels"]]
    assert len(set(numbers)) == len(numbers)
    for panel in panels(made):
        assert {one["id"] for one in panel["transformations"]} <= TRANSFORMATIONS
        assert panel["datasource"]["uid"] == DATASOURCE_UID
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
        assert panel["targets"]
        assert panel["description"]
    assert not any("id" in variable for variable in made["templating"]["list"])


@pytest.mark.parametrize("uid", MADE)
def test_panels_do_not_lie_on_one_another(uid: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in MADE[uid]["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells


@pytest.mark.parametrize("uid", MADE)
def test_every_variable_that_a_query_names_is_there(uid: str) -> None:
    made = MADE[uid]
    known = {one["name"] for one in made["templating"]["list"]}
    known |= {"timeFilter", "__interval", "__interval_ms", "__to", "__from"}
    for query in queries(made):
        assert set(re.findall(r"\$\{?([a-z_]\w*)", query, re.IGNORECASE)) <= known
    names = {"brand", "console"}
    if "sentiment" in uid:
        names |= {"channel", "category", "region"}
    assert names <= known


def test_incidents_link_to_the_console() -> None:
    made = MADE["fenghuo-duty-en"]
    assert '"url": "${console}/incidents/${__value.raw}"' in json.dumps(made)
    for one in MADE.values():
        assert "${console}" in [link["url"] for link in one["links"]]
        (mark,) = one["annotations"]["list"]
        assert mark["enable"]
        assert 'FROM "incidents"' in mark["query"]
        assert mark["target"]["query"] == mark["query"]


def test_both_languages_ask_the_same_and_say_it_in_their_own() -> None:
    for uid, chinese in MADE.items():
        if not uid.endswith("-zh"):
            continue
        english = MADE[uid.removesuffix("zh") + "en"]
        assert list(queries(chinese)) == list(queries(english))
        for panel in chinese["panels"]:
            assert HAN.search(panel["title"])
        assert not HAN.search(as_file(english))


def test_the_provisioned_data_source_is_the_deployed_one() -> None:
    text = (DEPLOY / "provisioning" / "datasources" / "fenghuo.yaml").read_text(encoding="utf-8")
    for name, value in (("URL", "http://influx:8086"), ("DATABASE", "fenghuo"), ("TOKEN", "reader:secret")):
        text = text.replace(f"$FENGHUO_INFLUX_{name}", value)
    (source,) = yaml.safe_load(text)["datasources"]
    assert source == datasource_body(Source("http://influx:8086", "fenghuo", "reader:secret"))


def test_the_provisioned_folders_are_the_deployed_ones() -> None:
    text = (DEPLOY / "provisioning" / "dashboards" / "fenghuo.yaml").read_text(encoding="utf-8")
    providers = yaml.safe_load(text)["providers"]
    assert [one["folderUid"] for one in providers] == [folder_uid(language) for language in LANGUAGES]
    assert [Path(one["options"]["path"]).name for one in providers] == list(LANGUAGES)
    assert [one["folder"] for one in providers] == [Text("烽火", "Fenghuo").at(language) for language in LANGUAGES]
