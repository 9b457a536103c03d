"""``fenghuo similar``: the past texts most like one text or case, masked, and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from contracts.clock import SystemClock
from contracts.records import IncidentEvent
from contracts.records.incident import Detail
from contracts.records.signal import Voice
from dashboards.settings import StoreSettings
from dashboards.store.opened import open_store
from detectors.similar import UNEQUAL, Past, most_similar
from fenghuo.cli import app
from tests.unit.dashboards.samples import incident

START = datetime(2026, 3, 2, tzinfo=UTC)
TEXTS = (
    "青园小区三栋楼下饭店把烟道装在消防通道里，油烟呛人，电话13812345678",
    "青园小区三栋楼下饭店把烟道装在消防通道里！油烟呛人😡，电话 13912345678",
    "滨江花园楼下的烧烤店油烟扰民，烟道直对卧室",
    "快递三天没动静，客服也联系不上",
    "The battery of my tablet exploded overnight",
    "Tablet battery exploded while charging, desk burned",
)
ASKED = "我们小区楼下饭店油烟扰民，烟道装到消防通道里去了"


@pytest.fixture
def past(tmp_path: Path) -> Path:
    """A file of mentions; the third belongs to a case."""
    rows = [
        {
            "id": f"m{number}", "ts": (START + timedelta(hours=number)).isoformat(), "channel": "web", "brand": "青园",
            "text": text, **({"case_id": "C-7"} if number == 2 else {}),
        }
        for number, text in enumerate(TEXTS)
    ]  # fmt: skip
    file = tmp_path / "past.ndjson"
    file.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return file


def run(*words: str, **env: str) -> Result:
    return CliRunner().invoke(app, ["similar", *words], env={"FENGHUO_KEY": "", **env})


def test_the_most_alike_comes_first_with_what_both_say_and_copies_once(past: Path) -> None:
    result = run(str(past), "--text", ASKED, "--json")
    assert result.exit_code == 0, result.output
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["id"] for one in found] == ["m1", "m2"]
    assert found[0]["copies"] == 1
    assert any("消防通道" in phrase for phrase in found[0]["phrases"])
    assert found[0]["similarity"] > found[1]["similarity"] > 0


def test_no_private_value_is_shown(past: Path) -> None:
    for words in (("--json",), ()):
        result = run(str(past), "--text", ASKED, *words)
        assert "1381234" not in result.output and "1391234" not in result.output
        assert "烟道" in result.output


def test_a_light_edit_is_called_one(past: Path) -> None:
    result = run(str(past), "--text", "The batery of my tablet exploded over night!!")
    assert result.exit_code == 0, result.output
    assert "a light edit of it" in result.stdout.splitlines()[1]
    assert "m4" in result.stdout.splitlines()[0]


def test_a_case_finds_others_than_itself(past: Path) -> None:
    result = run(str(past), "--case", "C-7", "--json")
    assert result.exit_code == 0, result.output
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert found[0]["id"] == "m0"
    assert "m2" not in {one["id"] for one in found}


def test_texts_shown_with_incidents_are_found_in_the_store(tmp_path: Path) -> None:
    path = tmp_path / "series.db"
    clock = SystemClock()
    store = open_store(StoreSettings(kind="sqlite", path=path), clock)
    at = clock.now() - timedelta(days=3)
    voice = Voice(id="v1", ts=at, channel="weibo", text=TEXTS[0].replace("13812345678", "[电话#1]"))
    told: IncidentEvent = incident(at=at).model_copy(update={"detail": Detail(voices=(voice,))})
    store.setup()
    store.write((), incidents=[told])
    store.close()
    env = json.dumps({"kind": "sqlite", "path": str(path)})
    result = run("--stored", "--text", ASKED, FENGHUO_STORE=env)
    assert result.exit_code == 0, result.output
    assert f"incident {told.incident} weibo  v1" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give a text"),
        (("--text", "x", "--case", "y"), "give a text"),
        (("--text", "x"), "name files"),
    ],
)
def test_bad_usage_is_one_sentence(words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.output


def test_an_unknown_case_and_a_text_like_nothing_are_told(past: Path) -> None:
    assert run(str(past), "--case", "C-8").exit_code == 2
    result = run(str(past), "--text", "lorem ipsum dolor")
    assert result.exit_code == 1
    assert "nothing alike among 6 texts" in result.output


def alike(asked: str, *others: str) -> list[tuple[str, float]]:
    past = [Past(str(number), START, "web", text) for number, text in enumerate(others)]
    return [(one.past.text, round(one.similarity, 2)) for one in most_similar(asked, past, 5)]


def test_only_an_equal_text_is_wholly_alike() -> None:
    asked = "快递五天没到，客服不理"
    ((first, most), (second, less)) = alike(asked, "快递四天还没到，客服也不理我", asked)
    assert (first, most) == (asked, 1.0)
    assert second != asked and less < 0.9


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("parcel 3 days late, courier never called", "parcel 5 days late, courier never called!!"),
        ("充电宝三天就鼓包了，申请退货被拒绝", "充电宝三天就鼓包了，申请退货被拒绝😡 @小鹿"),
        ("充电宝鼓包", "充电宝鼓包！"),
    ],
)
def test_marks_and_numbers_leave_a_copy_below_equal(asked: str, other: str) -> None:
    assert alike(asked, other, "lovely weather") == [(other, UNEQUAL)]


def test_what_says_more_of_the_same_comes_before_what_shares_the_terms_alone() -> None:
    asked = "快递五天没到，客服不理"
    found = alike(asked, "客服说快递在路上，谢谢你们每一个人的帮助", "快递四天还没到，客服也不理我", "味道不错")
    assert [text[:4] for text, _ in found] == ["快递四天", "客服说快"]
    assert found[0][1] > found[1][1] > 0


def test_an_empty_past_and_an_empty_text_are_like_nothing() -> None:
    assert most_similar("anything", [], 5) == []
    assert most_similar("", [Past("a", START, "web", "something else")], 5) == []
