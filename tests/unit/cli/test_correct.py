"""``fenghuo correct`` against a log in memory, and its file put on the past by ``fenghuo replay --as-now``."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from contracts.codec import decode_mixed, encode
from contracts.ports import Out
from contracts.records import Batch, Command, CommandKind, Mention, Task, lesson_of
from contracts.series import partition_of
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.snapshots import FileSnapshots
from fenghuo.cli import app
from fenghuo.cli.correct import show, teach
from fenghuo.learning import learn_core
from fenghuo.live import Deps
from fenghuo.settings import load_config
from fenghuo.teaching import command_for, lesson_for, read_known
from fenghuo.verdicts import write_words
from streams.text.reader import LexiconReader
from tests.unit.alerts.given import SHIPPED

NOW = datetime(2026, 3, 2, 12, 0, 10, tzinfo=UTC)
TEXT = "杯垫花纹总是对不上"
CONFIG = load_config(SHIPPED)


def mention(name: str, text: str = TEXT) -> Mention:
    given = {"id": name, "ts": NOW, "received_at": NOW, "source": "shop", "channel": "web", "brand": "Delta"}
    return Mention.model_validate({**given, "text": text})


async def stand(folder: Path, *names: str) -> tuple[Deps, MemoryLog]:
    """A log with these mentions."""
    log = MemoryLog()
    for name in names:
        payload = encode(Batch(source="shop", lateness=0, mentions=(mention(name),)))
        await log.send([Out(Topic.MENTIONS, "shop", payload, partition_of(name, 2))])
    return Deps(log, FileSnapshots(folder, bytes(32)), {}, CONFIG, 2), log


async def test_a_correction_finds_its_text_and_stands_in_both_topics_without_it_in_the_ledgers(tmp_path: Path) -> None:
    deps, log = await stand(tmp_path, "m1", "m2")
    (sent,) = await teach(deps, log, "m2", {Task.CATEGORY: "quality"}, "a pattern", "lin", NOW)
    (told,) = log.messages(Topic.LESSONS, 0)
    assert decode_mixed(told.value) == [sent]
    lesson = lesson_of(sent)
    assert lesson is not None
    assert (lesson.text, lesson.label, lesson.mention) == (TEXT, "quality", "m2")
    assert lesson.begin == datetime(2026, 3, 2, 12, 2, tzinfo=UTC)
    (kept,) = log.messages(Topic.DECIDE_IN, partition_of("Delta", 2))
    assert TEXT.encode() not in kept.value
    (known,) = decode_mixed(kept.value)
    assert isinstance(known, Command)
    assert (known.id, known.author, known.reason) == (sent.id, "lin", "a pattern")


def test_outside_the_project_it_is_kafka_that_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FENGHUO_CONFIG", raising=False)
    env = {"FENGHUO_KEY": "k" * 32, "FENGHUO_KAFKA": "127.0.0.1:1"}
    result = CliRunner().invoke(app, ["correct", "m1", "--category", "quality"], env=env)
    assert result.exit_code == 1
    assert "Kafka at 127.0.0.1:1 does not answer" in result.stderr


def test_a_folder_of_settings_that_is_none_is_told_with_what_names_it(tmp_path: Path) -> None:
    env = {"FENGHUO_KEY": "k" * 32, "FENGHUO_KAFKA": "127.0.0.1:1", "FENGHUO_CONFIG": str(tmp_path / "none")}
    result = CliRunner().invoke(app, ["correct", "m1", "--category", "quality"], env=env)
    assert result.exit_code == 2
    assert "no such folder" in result.stderr and "FENGHUO_CONFIG" in result.stderr


@pytest.mark.parametrize(
    ("name", "labels", "sentence"),
    [
        ("nobody", {Task.CATEGORY: "quality"}, "holds no mention with the id nobody"),
        ("m1", {Task.CATEGORY: "qualty"}, "choose after-sale, attitude"),
        ("m1", {Task.CATEGORY: "quality", Task.SENTIMENT: "bad"}, "choose negative, neutral, positive"),
    ],
)
async def test_what_cannot_be_taught_ends_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, labels: dict[Task, str], sentence: str
) -> None:
    deps, log = await stand(tmp_path, "m1")
    with pytest.raises(typer.Exit) as left:
        await teach(deps, log, name, labels, "", "lin", NOW)
    assert left.value.exit_code == 2
    assert sentence in capsys.readouterr().err
    assert log.messages(Topic.LESSONS, 0) == []


async def test_corrections_and_outcomes_are_listed(tmp_path: Path) -> None:
    deps, log = await stand(tmp_path, "m1")
    await teach(deps, log, "m1", {Task.CATEGORY: "quality", Task.SENTIMENT: "negative"}, "", "lin", NOW)
    learn = learn_core(2, CONFIG.panes, CONFIG.taxonomy, LexiconReader())
    for message in log.messages(Topic.LESSONS, 0):
        await log.send(learn.take(message.value))
    known = await read_known(log)
    assert [len(known.lessons), len(known.outcomes)] == [2, 2]
    assert {(one.kind, one.args["task"]) for one in known.outcomes} == {
        (CommandKind.MODEL, "category"),
        (CommandKind.MODEL, "sentiment"),
    }
    page = io.StringIO()
    show(known, Console(file=page, width=200))
    assert "m1" in page.getvalue() and "published" in page.getvalue()
    assert page.getvalue().endswith("2 corrections, 2 outcomes\n")


def lessons(count: int, task: Task = Task.CATEGORY, label: str = "quality") -> list[Command]:
    made = []
    for number in range(count):
        lesson = lesson_for(mention(f"t{number}", f"{TEXT}{number}"), task, label, NOW, CONFIG.panes)
        made.append(command_for(lesson, f"{task}{number}", "Delta", "lin", NOW, ""))
    return made


def read(folder: Path, *options: str) -> list[tuple[str, str]]:
    done = CliRunner().invoke(
        app, ["replay", str(folder / "m.ndjson"), "--out", str(folder / "out"), "--readings", *options]
    )
    assert done.exit_code == 0, done.output
    lines = (folder / "out" / "readings.ndjson").read_bytes().splitlines()
    return [(one["category"], one["sentiment"]) for one in map(orjson.loads, lines)]


def test_replay_as_now_reads_the_past_with_what_was_learned(tmp_path: Path) -> None:
    lines = [
        {
            "id": f"m{n}",
            "ts": (NOW + timedelta(minutes=n)).isoformat(),
            "brand": "Delta",
            "channel": "web",
            "text": text,
        }
        for n, text in enumerate(("杯垫花纹又对不上", "快递三天没到"))
    ]
    (tmp_path / "m.ndjson").write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in lines))
    taught = lessons(40) + lessons(3, Task.SENTIMENT, "positive")
    assert write_words(tmp_path / "c.ndjson", taught) == 43
    assert read(tmp_path) == [("other", "negative"), ("logistics", "negative")]
    told = ["--as-now", str(tmp_path / "c.ndjson")]
    assert read(tmp_path, *told) == [("quality", "positive"), ("logistics", "negative")]
