"""Commands of people against a log in memory: who looks at the log knows what the workers know."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from alerts.agents import DecideMessages
from contracts.codec import encode_mixed
from contracts.ports import Out
from contracts.records import Command, CommandKind, IncidentEventKind, Mark, Signal
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.snapshots import FileSnapshots
from fenghuo.cli import app, people
from fenghuo.cli.silence import show as show_silences
from fenghuo.cli.why import show as show_why
from fenghuo.live import Deps, Live, command
from fenghuo.settings import load_config
from tests.unit.alerts.given import SHIPPED, at, mark, signal
from tests.unit.alerts.given import command as commanded

KEY = bytes(32)


async def stand(folder: Path, *records: Signal | Mark | Command) -> tuple[Deps, MemoryLog]:
    """A log with these records in partition 1 of two."""
    log = MemoryLog()
    await log.send([Out(Topic.DECIDE_IN, "Delta", encode_mixed([one]), 1) for one in records])
    return Deps(log, FileSnapshots(folder, KEY), {}, load_config(SHIPPED), 2), log


def printed(show: object, *given: object) -> str:
    page = io.StringIO()
    show(*given, Console(file=page, width=300, highlight=False))  # type: ignore[operator]
    return page.getvalue()


async def test_open_incidents_are_found_in_their_partition(tmp_path: Path) -> None:
    deps, _ = await stand(tmp_path, signal(5, 4.0), mark(5))
    live = await Live.look(deps)
    (found,) = live.incidents()
    assert (found.partition, found.incident.scope) == (1, {"brand": "Delta"})
    assert people.meant(live, found.incident.incident[:6]) == found
    assert live.now_of("Delta") == at(5)
    assert live.partition_of("Delta", 0) == 1


async def test_an_unknown_incident_ends_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deps, _ = await stand(tmp_path, signal(5, 4.0))
    with pytest.raises(typer.Exit) as left:
        people.meant(await Live.look(deps), "zzz")
    assert left.value.exit_code == 1
    assert "(Delta)" in capsys.readouterr().err


async def test_why_names_rule_reason_and_who_was_told(tmp_path: Path) -> None:
    deps, _ = await stand(tmp_path, signal(5, 0.5), signal(10, 2.0), signal(15, 2.0))
    live = await Live.look(deps)
    lines = printed(show_why, live.answers("Delta")).splitlines()
    assert "deserves no tier by rule volume-spike; nobody told: below" in lines[0]
    assert "opened; told: threshold" in lines[1]
    assert "nobody told: same_tier" in lines[2]
    assert lines[3].startswith("3 signals, 1 told: ")
    (found,) = live.incidents()
    assert len(live.about(found.incident.incident[:5])) == 2
    assert live.brands() == ["Delta"]


async def test_silences_are_listed_with_those_that_match_nothing(tmp_path: Path) -> None:
    quiet = commanded(CommandKind.SILENCE, "s1", until=at(600).isoformat())
    part = commanded(CommandKind.SILENCE, "s2", until=at(900).isoformat(), where={"category": "refund"})
    deps, _ = await stand(tmp_path, mark(0), quiet, part, signal(5, 4.0))
    page = printed(show_silences, await Live.look(deps))
    assert "s1" in page and "nothing so far" in page
    assert page.splitlines()[-1] == "2 silences in force; 1 kept nothing back so far"


async def test_the_answer_to_a_command_is_read_from_the_log(tmp_path: Path) -> None:
    deps, log = await stand(tmp_path, signal(5, 4.0))
    (found,) = (await Live.look(deps)).incidents()
    sent = commanded(CommandKind.ACK, "a1", incident=found.incident.incident)
    worker = DecideMessages(1, deps.config.policy)

    class Answering(MemoryLog):
        """A log beside which a worker decides at once."""

        async def send(self, outs: object) -> None:
            await log.send(outs)  # type: ignore[arg-type]
            for one in log.messages(Topic.DECIDE_IN, 1):
                await log.send(worker.take(one.value))

    told = await command(
        Answering(), log, sent, 1, lambda event: event.event is IncidentEventKind.ACKNOWLEDGED, seconds=1
    )
    assert told is not None
    assert told.detail.by == "lin"


async def test_no_answer_in_time_is_said(tmp_path: Path) -> None:
    _, log = await stand(tmp_path)
    sent = commanded(CommandKind.ACK, "a1", incident="0" * 16)
    assert await command(log, log, sent, 1, lambda event: True, seconds=0.1) is None
    assert len(log.messages(Topic.DECIDE_IN, 1)) == 1


def test_lengths_of_time_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert people.lasting("90s").total_seconds() == 90
    with pytest.raises(typer.Exit):
        people.lasting("soon")
    assert "30m" in capsys.readouterr().err


async def test_the_answers_of_a_replay_are_kept_beside_its_incidents(tmp_path: Path) -> None:
    core = DecideMessages(0, load_config(SHIPPED).policy).core
    for record in (signal(5, 0.5), signal(10, 4.0), signal(15, 1.0), signal(5, 2.0, brand="United")):
        core.feed(record)
    path = tmp_path / "why.ndjson"
    path.write_bytes(core.why.lines())
    run = CliRunner()
    told = run.invoke(app, ["why", "--scope", "Delta", "--replay", str(tmp_path)])
    assert told.exit_code == 0
    assert "nobody told: below" in told.output and "3 signals, 1 told" in told.output
    (found,) = [one for one in core.open_incidents() if one.scope == {"brand": "Delta"}]
    about = run.invoke(app, ["why", found.incident, "--replay", str(tmp_path)])
    assert "2 signals, 1 told" in about.output
    unknown = run.invoke(app, ["why", "zzz", "--replay", str(tmp_path)])
    assert (unknown.exit_code, "Delta, United" in unknown.output) == (1, True)
    path.write_text("{}\n", encoding="utf-8")
    assert run.invoke(app, ["why", "zzz", "--replay", str(tmp_path)]).exit_code == 2


def test_a_rota_is_written_as_a_calendar(tmp_path: Path) -> None:
    text = "people: [{name: lin, channels: [terminal]}]\nrotas: [{name: duty, order: [lin], begin: 2026-01-05}]\n"
    (tmp_path / "duty.yaml").write_text(text, encoding="utf-8")
    given = ["--config", str(tmp_path), "--out", str(tmp_path / "duty.ics")]
    run = CliRunner()
    assert run.invoke(app, ["page", "calendar", "duty", *given]).exit_code == 0
    assert b"SUMMARY:lin" in (tmp_path / "duty.ics").read_bytes()
    assert run.invoke(app, ["page", "calendar", "night", *given]).exit_code == 2


def test_page_test_proves_a_route_or_fails(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yaml").write_text("rules: []\n", encoding="utf-8")
    receivers = "receivers: [{name: t, type: terminal}]\nroutes: [{to: [t], brands: [Delta]}]\n"
    (tmp_path / "receivers.yaml").write_text(receivers, encoding="utf-8")
    run = CliRunner()
    given = ["page", "test", "--config", str(tmp_path)]
    reached = run.invoke(app, [*given, "--brand", "Delta"])
    assert (reached.exit_code, "测试" in reached.output, "sent" in reached.output) == (0, True, True)
    assert run.invoke(app, [*given, "--brand", "United"]).exit_code == 1
    assert run.invoke(app, [*given, "--brand", "United", "--dry-run"]).exit_code == 1
    assert run.invoke(app, [*given, "--tier", "pink"]).exit_code == 2
    assert run.invoke(app, [*given, "--at", "yesterday"]).exit_code == 2
