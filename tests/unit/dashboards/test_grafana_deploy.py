"""``fenghuo dashboards deploy`` against a stand-in that checks what Grafana checks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from contracts.errors import Invalid, Unavailable
from dashboards.grafana.build import dashboards
from dashboards.grafana.deploy import Action, Source, apply, plan
from dashboards.grafana.say import Language
from fenghuo.adapters.grafana import GrafanaServer
from fenghuo.cli import app
from tests.unit.dashboards.fake_grafana import FakeGrafana, fake_grafana

SOURCE = Source("http://influx:8086", "fenghuo", "reader:secret")
EN: dict[Language, list[dict[str, Any]]] = {"en": dashboards(languages=("en",))}


@pytest.fixture
def grafana() -> Iterator[FakeGrafana]:
    with fake_grafana() as held:
        yield held


def deploy(grafana: FakeGrafana, *more: str, env: dict[str, str] | None = None) -> Result:
    given = ["--url", grafana.url, "--influx", "http://influx:8086", "--influx-token", "reader:secret", *more]
    return CliRunner().invoke(
        app, ["dashboards", "deploy", *given], env={"FENGHUO_GRAFANA_TOKEN": grafana.token, **(env or {})}
    )


def test_everything_is_put_in_place(grafana: FakeGrafana) -> None:
    done = deploy(grafana)
    assert done.exit_code == 0, done.output
    assert {uid: one["title"] for uid, one in grafana.folders.items()} == {
        "fenghuo-zh": "烽火",
        "fenghuo-en": "Fenghuo",
    }
    assert sorted(grafana.dashboards) == sorted(one["uid"] for one in dashboards())
    (source,) = grafana.datasources
    assert (source["type"], source["uid"], source["database"]) == ("influxdb", "fenghuo", "fenghuo")
    assert grafana.secrets[source["id"]] == {"httpHeaderValue1": "Token reader:secret"}
    assert "reader:secret" not in done.output
    assert done.output.splitlines()[-1] == "13 of 13 changed"


def test_a_second_deploy_changes_nothing(grafana: FakeGrafana) -> None:
    deploy(grafana)
    writes = list(grafana.writes)
    again = deploy(grafana)
    assert again.exit_code == 0
    assert again.output.splitlines()[-1] == "0 of 13 changed"
    assert grafana.writes == writes
    assert {one["version"] for one in grafana.dashboards.values()} == {1}


def test_a_dry_run_shows_the_difference_and_changes_nothing(grafana: FakeGrafana) -> None:
    deploy(grafana, "--lang", "en")
    grafana.dashboards["fenghuo-duty-en"]["refresh"] = "5m"
    writes = list(grafana.writes)
    dry = deploy(grafana, "--lang", "en", "--dry-run")
    assert dry.exit_code == 0
    assert "update   dashboard Fenghuo · Duty" in dry.output
    assert '- "refresh": "5m",' in dry.output
    assert '+ "refresh": "30s",' in dry.output
    assert dry.output.splitlines()[-1] == "1 of 7 would change; nothing was changed"
    assert grafana.writes == writes


def test_what_somebody_changed_is_put_right_and_a_title_too(grafana: FakeGrafana) -> None:
    deploy(grafana, "--lang", "en")
    grafana.dashboards["fenghuo-duty-en"].update(title="My duty", version=7)
    grafana.folders["fenghuo-en"].update(title="Mine", version=3)
    grafana.metas["fenghuo-cases-en"]["folderUid"] = "elsewhere"
    done = deploy(grafana, "--lang", "en")
    assert done.output.splitlines()[-1] == "3 of 7 changed"
    assert grafana.dashboards["fenghuo-duty-en"]["title"] == "Fenghuo · Duty"
    assert grafana.dashboards["fenghuo-duty-en"]["version"] == 8
    assert grafana.folders["fenghuo-en"]["title"] == "Fenghuo"
    assert grafana.metas["fenghuo-cases-en"]["folderUid"] == "fenghuo-en"


def test_another_console_and_another_database(grafana: FakeGrafana) -> None:
    deploy(grafana, "--lang", "en")
    done = deploy(grafana, "--lang", "en", "--console", "https://fenghuo.example.org", "--database", "other")
    assert done.output.splitlines()[-1] == "6 of 7 changed"
    assert grafana.datasources[0]["jsonData"]["dbName"] == "other"
    (console,) = [
        one for one in grafana.dashboards["fenghuo-duty-en"]["templating"]["list"] if one["name"] == "console"
    ]
    assert console["current"]["value"] == "https://fenghuo.example.org"


def test_a_secret_is_sent_again_when_it_is_missing_or_asked_for(grafana: FakeGrafana) -> None:
    deploy(grafana, "--lang", "en")
    number = grafana.datasources[0]["id"]
    grafana.secrets[number].clear()
    assert deploy(grafana, "--lang", "en").output.splitlines()[-1] == "1 of 7 changed"
    assert grafana.secrets[number] == {"httpHeaderValue1": "Token reader:secret"}
    given = ("--lang", "en", "--influx-token", "reader:new")
    assert deploy(grafana, *given).output.splitlines()[-1] == "0 of 7 changed"
    assert deploy(grafana, *given, "--replace-secret").output.splitlines()[-1] == "1 of 7 changed"
    assert grafana.secrets[number] == {"httpHeaderValue1": "Token reader:new"}


def test_what_an_administrator_set_beside_ours_stays(grafana: FakeGrafana) -> None:
    deploy(grafana, "--lang", "en")
    grafana.datasources[0]["jsonData"].update(tlsSkipVerify=True, timeInterval="10s")
    deploy(grafana, "--lang", "en")
    assert grafana.datasources[0]["jsonData"]["tlsSkipVerify"] is True
    assert grafana.datasources[0]["jsonData"]["timeInterval"] == "1m"


def test_user_and_password_and_a_path_before_the_api() -> None:
    with fake_grafana("/seen/here") as grafana:
        given = ["--url", grafana.url, "--user", "admin", "--influx-token", "reader:secret", "--lang", "zh"]
        done = CliRunner().invoke(app, ["dashboards", "deploy", *given], env={"FENGHUO_GRAFANA_PASSWORD": "secret"})
        assert done.exit_code == 0, done.output
        assert len(grafana.dashboards) == 5


def test_annotations_come_once(grafana: FakeGrafana, tmp_path: Path) -> None:
    line = {
        "incident": "0123abcd", "seq": 0, "event": "opened", "at": "2026-03-02T00:05:00Z", "tier": "blue",
        "kind": "volume.spike", "scope": {"brand": "达美"}, "reason": "threshold",
    }  # fmt: skip
    file = tmp_path / "incidents.ndjson"
    lines = [line, {**line, "seq": 1, "event": "promoted", "tier": "red", "at": "2026-03-02T00:06:00.5Z"}]
    file.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    assert deploy(grafana, "--lang", "en", "--incidents", str(file)).output.splitlines()[-1] == "9 of 9 changed"
    assert deploy(grafana, "--lang", "en", "--incidents", str(file)).output.splitlines()[-1] == "0 of 9 changed"
    assert [(one["time"], one["tags"]) for one in grafana.annotations] == [
        (1772409900000, ["fenghuo", "blue", "达美", "0123abcd:0"]),
        (1772409960500, ["fenghuo", "red", "达美", "0123abcd:1"]),
    ]


def test_a_file_that_is_no_incidents(grafana: FakeGrafana, tmp_path: Path) -> None:
    for text, said in (("[1]\n", "line 1 is no incident event"), ("{\n", "line 1 is no JSON")):
        (tmp_path / "x").write_text(text, encoding="utf-8")
        done = deploy(grafana, "--incidents", str(tmp_path / "x"))
        assert done.exit_code == 2
        assert said in done.output


@pytest.mark.parametrize(
    ("token", "role", "said"),
    [("wrong", "Admin", "refuses the token"), ("glsa_right", "Editor", "may not do this")],
)
def test_a_wrong_token_and_a_small_role_say_what_to_do(grafana: FakeGrafana, token: str, role: str, said: str) -> None:
    grafana.role = role
    done = deploy(grafana, env={"FENGHUO_GRAFANA_TOKEN": token})
    assert done.exit_code == 2
    assert said in done.output
    assert not grafana.writes


def test_neither_token_nor_user_nor_influx_token() -> None:
    assert "give --token" in CliRunner().invoke(app, ["dashboards", "deploy"]).output
    done = CliRunner().invoke(app, ["dashboards", "deploy", "--token", "x"])
    assert done.exit_code == 2
    assert "needs a token to read InfluxDB" in done.output
    done = CliRunner().invoke(app, ["dashboards", "deploy", "--token", "x", "--url", "grafana", "--influx-token", "a"])
    assert "is no address" in done.output
    assert "none of zh, en, both" in CliRunner().invoke(app, ["dashboards", "deploy", "--lang", "fr"]).output


def test_a_title_that_another_dashboard_has(grafana: FakeGrafana) -> None:
    deploy(grafana, "--lang", "en")
    held = grafana.dashboards.pop("fenghuo-duty-en")
    grafana.dashboards["of-somebody"] = {**held, "uid": "of-somebody"}
    grafana.metas["of-somebody"] = grafana.metas.pop("fenghuo-duty-en")
    done = deploy(grafana, "--lang", "en")
    assert done.exit_code == 2
    assert "another dashboard in the folder has that title" in done.output


def test_somebody_who_saves_in_the_meantime_is_not_overwritten(grafana: FakeGrafana) -> None:
    server = GrafanaServer(grafana.url, grafana.token)
    apply(plan(server, ["en"], EN, SOURCE))
    grafana.dashboards["fenghuo-duty-en"]["refresh"] = "5m"
    steps = plan(server, ["en"], EN, SOURCE)
    grafana.dashboards["fenghuo-duty-en"]["version"] += 1
    with pytest.raises(Invalid, match="saved the dashboard in the meantime"):
        apply(steps)
    assert grafana.dashboards["fenghuo-duty-en"]["refresh"] == "5m"


def test_what_is_provisioned_or_taken_is_left_alone(grafana: FakeGrafana) -> None:
    server = GrafanaServer(grafana.url, grafana.token)
    apply(plan(server, ["en"], EN, SOURCE))
    grafana.metas["fenghuo-duty-en"]["provisioned"] = True
    with pytest.raises(Invalid, match="provisioned from a file"):
        plan(server, ["en"], EN, SOURCE)
    grafana.metas["fenghuo-duty-en"]["provisioned"] = False
    grafana.datasources[0]["readOnly"] = True
    with pytest.raises(Invalid, match="provisioned from a file"):
        plan(server, ["en"], EN, SOURCE)
    grafana.datasources[0].update(readOnly=False, uid="older")
    with pytest.raises(Invalid, match="rename or delete it"):
        plan(server, ["en"], EN, SOURCE)


def test_a_grafana_that_is_away_or_something_else(grafana: FakeGrafana) -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        GrafanaServer("http://127.0.0.1:9", "x").folder("a")
    grafana.fail_next.append((503, "database is locked"))
    with pytest.raises(Unavailable, match="cannot do it now"):
        GrafanaServer(grafana.url, grafana.token).folder("a")


def test_a_deploy_that_broke_off_goes_on(grafana: FakeGrafana) -> None:
    server = GrafanaServer(grafana.url, grafana.token)
    steps = plan(server, ["en"], EN, SOURCE)
    apply(steps[:4])
    rest = plan(server, ["en"], EN, SOURCE)
    assert [step.action for step in rest] == [Action.NOTHING] * 4 + [Action.CREATE] * 3
    assert apply(rest) == 3
