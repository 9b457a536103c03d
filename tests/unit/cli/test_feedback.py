"""``fenghuo feedback`` against a log in memory, and ``fenghuo replay --as-now`` on files."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import orjson
import pytest
import typer
from pydantic import JsonValue
from rich.console import Console
from typer.testing import CliRunner

from alerts.agents import DecideMessages
from contracts.clock import SystemClock
from contracts.codec import decode_mixed, encode, encode_mixed
from contracts.ports import Out
from contracts.records import Command, CommandKind, Feedback, Mark, Part, Signal, SignalKind, Verdict, feedback_of
from contracts.records.incident import rfc3339
from contracts.series import partition_of
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.snapshots import FileSnapshots
from fenghuo.cli import app
from fenghuo.cli.feedback import say, show, take_back
from fenghuo.cli.filework import load_files, options_from
from fenghuo.live import Deps
from fenghuo.readers import make_reader
from fenghuo.replay import Pipeline
from fenghuo.settings import Runtime, load_config
from fenghuo.verdicts import (
    Story,
    as_now,
    command_of,
    in_force,
    meant,
    next_bucket,
    read_file,
    read_words,
    said_of,
    story_of,
    write_words,
)
from streams.sources.arrange import play
from tests.unit.alerts.given import NOON, SHIPPED, at, mark, signal

PLACE = partition_of("Delta", 2)
START = datetime(2026, 3, 2, tzinfo=UTC)


async def stand(folder: Path, *records: Signal | Mark) -> tuple[Deps, MemoryLog]:
    """A log with these records, decided by a worker."""
    log = MemoryLog()
    config = load_config(SHIPPED)
    worker = DecideMessages(PLACE, config.policy)
    for one in records:
        payload = encode_mixed([one])
        await log.send([Out(Topic.DECIDE_IN, "Delta", payload, PLACE), *worker.take(payload)])
    return Deps(log, FileSnapshots(folder, bytes(32)), {}, config, 2), log


BURST = (signal(5, 4.0), signal(70, 4.0, series="brand=Delta,channel=web", observed=300.0), mark(130))


async def test_a_verdict_stands_in_both_topics_with_all_that_is_needed(tmp_path: Path) -> None:
    deps, log = await stand(tmp_path, *BURST)
    sent = await say(deps, log, "Delta", Verdict.NOISE, "1d", "bots", "lin", NOON)
    (counted,) = log.messages(Topic.COUNTS, PLACE)
    assert decode_mixed(counted.value) == [sent]
    assert decode_mixed(log.messages(Topic.DECIDE_IN, PLACE)[-1].value) == [sent]
    said = feedback_of(sent)
    assert said is not None
    assert (said.begin, said.since, said.until) == (at(180), at(0), None)
    assert {(one.series, one.kind, one.size) for one in said.parts} == {
        ("brand=Delta", SignalKind.VOLUME_SPIKE, 70.0),
        ("brand=Delta,channel=web", SignalKind.VOLUME_SPIKE, 290.0),
    }
    assert (sent.author, sent.reason, sent.brand) == ("lin", "bots", "Delta")


async def test_an_incident_that_is_over_can_be_judged_too(tmp_path: Path) -> None:
    deps, log = await stand(tmp_path, signal(5, 4.0), mark(20_000))
    known = (await say(deps, log, "Delta", Verdict.TRUE, "1d", "", "lin", NOON)).args["incident"]
    again = await say(deps, log, str(known)[:6], Verdict.EXPECTED, "2h", "", "lin", NOON)
    said = feedback_of(again)
    assert said is not None
    assert said.until == at(20_000 + 7_200)


@pytest.mark.parametrize(
    ("what", "verdict", "sentence"),
    [
        ("zzz", Verdict.TRUE, "no incident has an id that begins with zzz"),
        ("United", Verdict.TRUE, "(Delta)"),
        ("Delta", Verdict.NEW_NORMAL, "is about repeat, which has no level"),
    ],
)
async def test_what_cannot_be_said_ends_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str, verdict: Verdict, sentence: str
) -> None:
    deps, log = await stand(tmp_path, signal(5, 4.0, kind=SignalKind.REPEAT, labels={"who": "x"}))
    with pytest.raises(typer.Exit) as left:
        await say(deps, log, what, verdict, "1d", "", "lin", NOON)
    error = capsys.readouterr().err
    assert left.value.exit_code == 2
    assert sentence in error and error.count("\n") == 1
    assert log.messages(Topic.COUNTS, PLACE) == []


@pytest.mark.parametrize("args", [["Delta", "perhaps"], ["Delta"], []])
def test_an_unknown_verdict_ends_with_one_sentence(args: list[str]) -> None:
    done = CliRunner().invoke(app, ["feedback", *args])
    assert done.exit_code == 2
    assert done.output.count("\n") == 1


async def test_taking_back_names_the_command_and_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deps, log = await stand(tmp_path, *BURST)
    sent = await say(deps, log, "Delta", Verdict.NOISE, "1d", "bots", "lin", NOON)
    assert [one.id for one in in_force(await read_words(log, 2))] == [sent.id]
    back = await take_back(deps, log, sent.id[:5], "", "lin", NOON + timedelta(minutes=1))
    assert back.args["undo"] == sent.id
    words = await read_words(log, 2)
    assert in_force(words) == []
    page = io.StringIO()
    show(words, Console(file=page, width=200))
    assert "no longer" in page.getvalue() and "2 feedbacks, 0 hold" in page.getvalue()
    with pytest.raises(typer.Exit) as left:
        await take_back(deps, log, sent.id, "", "lin", NOON)
    assert left.value.exit_code == 2
    assert "0 in force" in capsys.readouterr().err


def word(verdict: Verdict, name: str = "c1", incident: str = "0" * 16, brand: str = "Delta") -> Command:
    """A word on a burst at one in the morning of the third day of :func:`mentions`."""
    since = START + timedelta(days=2, hours=1)
    kinds = (SignalKind.VOLUME_SPIKE, SignalKind.TOPIC_EMERGING, SignalKind.SENTIMENT_SHIFT, SignalKind.EMOTION_RED)
    places = ("", ",channel=web", ",category=flight", ",category=other")
    parts = tuple(Part(series=f"brand={brand}{place}", kind=kind, size=80) for place in places for kind in kinds)
    story = Story(incident, brand, since, parts)
    said = said_of(story, verdict, since + timedelta(days=1), since + timedelta(days=1))
    return command_of(said, name, brand, "lin", since + timedelta(days=1), "")


def test_what_holds_now_is_put_on_the_past() -> None:
    words = [word(verdict, f"c{n}", f"{n:016x}") for n, verdict in enumerate(Verdict)]
    undo = word(Verdict.TRUE, "u").model_copy(update={"args": {"undo": "c0", "from": "2026-03-04T00:00:00Z"}})
    made = as_now([*words, undo])
    since = "2026-03-04T01:00:00Z"
    begins = {"expected": since, "noise": "1970-01-01T00:00:00Z", "new-normal": since}
    assert {one.args["verdict"]: one.args["from"] for one in made} == begins


def test_words_go_through_a_file(tmp_path: Path) -> None:
    words = [word(verdict, verdict.value) for verdict in Verdict]
    assert write_words(tmp_path / "w.ndjson", words) == 4
    assert read_file(tmp_path / "w.ndjson") == words


def mentions(path: Path, *, lasting: bool = False) -> None:
    """A mention every ten minutes for a week, and eighty in twenty minutes on the third day and the seventh; or from
    the third on one every minute."""
    times = [START + timedelta(minutes=10 * n) for n in range(7 * 144)]
    for day in (2, 6):
        times += [START + timedelta(days=day, hours=1, seconds=15 * n) for n in range(80) if not lasting]
    times += [START + timedelta(days=2, hours=1, minutes=n) for n in range(4320) if lasting]
    times.append(START + timedelta(days=7, hours=1))
    random = Random(4)
    lines = [
        {"id": f"m{n}", "ts": when.isoformat(), "brand": "Delta", "channel": "web", "text": text(random)}
        for n, when in enumerate(sorted(times))
    ]
    path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in lines))


def text(random: Random) -> str:
    """Words that no other text shares in this order: copies are no voices."""
    return " ".join("".join(random.choices("abdegiklmnoprstu", k=6)) for _ in range(8))


def replayed(folder: Path, *words: Command, lasting: bool = False) -> list[tuple[str, str]]:
    """Day and kind of the incidents of volume that open in a replay."""
    mentions(folder / "m.ndjson", lasting=lasting)
    write_words(folder / "w.ndjson", words)
    options = ["--out", str(folder / "out"), "--as-now", str(folder / "w.ndjson")]
    done = CliRunner().invoke(app, ["replay", str(folder / "m.ndjson"), *options])
    assert done.exit_code == 0, done.output
    lines = (folder / "out" / "incidents.ndjson").read_bytes().splitlines()
    events = [orjson.loads(line) for line in lines]
    opened = [(one["at"][:10], one["kind"]) for one in events if one["event"] in ("opened", "reopened")]
    return [one for one in opened if one[1].startswith("volume")]


def test_replay_as_now_applies_each_word_to_the_past(tmp_path: Path) -> None:
    plain = replayed(tmp_path)
    assert plain == [("2026-03-04", "volume.spike"), ("2026-03-08", "volume.spike")]
    assert replayed(tmp_path, word(Verdict.NOISE)) == []
    assert replayed(tmp_path, word(Verdict.EXPECTED)) == plain[1:]
    assert replayed(tmp_path, word(Verdict.TRUE)) == plain
    undo = command_of(
        feedback_of(word(Verdict.NOISE)).model_copy(update={"undo": "c1", "verdict": None}),  # type: ignore[union-attr]
        "u", "Delta", "lin", START + timedelta(days=5), "",
    )  # fmt: skip
    assert replayed(tmp_path, word(Verdict.NOISE), undo) == plain


async def answered(folder: Path, verdict: Verdict | None, *, undone: bool = False) -> list[str]:
    """Days on which incidents open in a replay in which a person answers the first warning three hours later."""
    mentions(folder / "m.ndjson")
    config, runtime = load_config(SHIPPED), Runtime()
    options = options_from(None, None, "auto", None, None)
    loaded = load_files([folder / "m.ndjson"], options, config, runtime, SystemClock())
    pipeline = Pipeline(config, make_reader(runtime.reader, config.taxonomy))
    given = verdict is None
    for placed in play(loaded.rows, loaded.source, partitions=1):
        await pipeline.feed(encode(batch) for _, batch in placed)
        events = pipeline.found.events
        now = placed[-1][1].mentions[-1].ts if placed and placed[-1][1].mentions else START
        if not given and verdict is not None and events and now > events[0].at + timedelta(hours=3):
            given = True
            story = story_of(meant(events, "Delta"), pipeline.finish().why.about(events[0].incident), config.panes)
            said = said_of(story, verdict, next_bucket(now, config.panes), now + timedelta(days=4))
            back = Feedback(id="x", begin=said.begin, undo="c1")
            words = [command_of(one, f"c{n}", "Delta", "lin", now, "") for n, one in enumerate((said, back), 1)]
            pipeline.hear(words if undone else words[:1])
    assert given
    opened = [one for one in pipeline.finish().events if one.event.value in ("opened", "reopened")]
    return [f"{one.at:%m-%d}" for one in opened if one.kind.value.startswith("volume")]


@pytest.mark.parametrize(
    ("verdict", "undone", "days"),
    [
        (Verdict.TRUE, False, ["03-04", "03-08"]),
        (Verdict.NOISE, False, ["03-04"]),
        (Verdict.NOISE, True, ["03-04", "03-08"]),
        (Verdict.EXPECTED, False, ["03-04"]),
    ],
)
async def test_what_a_person_says_while_it_runs_holds_for_what_comes(
    tmp_path: Path, verdict: Verdict, undone: bool, days: list[str]
) -> None:
    assert await answered(tmp_path, verdict, undone=undone) == days


def test_a_level_that_a_person_calls_usual_is_usual_from_its_first_bucket_on(tmp_path: Path) -> None:
    assert ("2026-03-04", "volume.spike") in replayed(tmp_path, lasting=True)
    assert replayed(tmp_path, word(Verdict.NEW_NORMAL), lasting=True) == []


@pytest.mark.parametrize("line", [b"no json", b'{"id": "x"}', b"{}"])
def test_a_file_that_holds_no_feedback_is_refused(tmp_path: Path, line: bytes) -> None:
    mentions(tmp_path / "m.ndjson")
    (tmp_path / "w.ndjson").write_bytes(line + b"\n")
    done = CliRunner().invoke(app, ["replay", str(tmp_path / "m.ndjson"), "--as-now", str(tmp_path / "w.ndjson")])
    assert done.exit_code == 2
    assert "row 1" in done.output


def moved(name: str, **args: JsonValue) -> Command:
    """A command that moves limits of the detectors, given on the fifth day."""
    now = START + timedelta(days=5)
    return Command(
        id=name, kind=CommandKind.SETTING, brand="*", author="lin", issued_at=now, args={**args, "from": rfc3339(now)}
    )


def test_a_replay_hears_moved_limits_and_what_takes_them_back(tmp_path: Path) -> None:
    plain = replayed(tmp_path)
    strict = moved("c1", values={"volume.least_voices": 1000.0})
    assert replayed(tmp_path, strict) == []
    assert replayed(tmp_path, strict, moved("c2", undo="c1")) == plain
    assert replayed(tmp_path, moved("c1", values={"budget.start": 9.0})) == plain


async def with_limits(folder: Path, *commands: Command) -> list[str]:
    """Days on which incidents open in a replay that hears commands where they stand in the log."""
    mentions(folder / "m.ndjson")
    config, runtime = load_config(SHIPPED), Runtime()
    loaded = load_files(
        [folder / "m.ndjson"], options_from(None, None, "auto", None, None), config, runtime, SystemClock()
    )
    pipeline = Pipeline(config, make_reader(runtime.reader, config.taxonomy))
    waiting = list(commands)
    for placed in play(loaded.rows, loaded.source, partitions=1):
        await pipeline.feed(encode(batch) for _, batch in placed)
        now = placed[-1][1].mentions[-1].ts if placed and placed[-1][1].mentions else START
        while waiting and waiting[0].issued_at <= now:
            pipeline.hear([waiting.pop(0)])
    assert not waiting
    opened = [one for one in pipeline.finish().events if one.event.value in ("opened", "reopened")]
    return [f"{one.at:%m-%d}" for one in opened if one.kind.value.startswith("volume")]


async def test_limits_moved_while_it_runs_hold_for_what_comes(tmp_path: Path) -> None:
    strict = moved("c1", values={"volume.least_voices": 1000.0})
    back = moved("c2", undo="c1").model_copy(update={"issued_at": START + timedelta(days=5, hours=1)})
    assert await with_limits(tmp_path, strict) == ["03-04"]
    assert await with_limits(tmp_path, strict, back) == ["03-04", "03-08"]
