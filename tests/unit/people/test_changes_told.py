"""Changes of people come into the ledger: each once, also when none heard at first, and with nothing secret in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from contracts.access import Role
from contracts.clock import ManualClock
from contracts.codec import decode_mixed
from contracts.errors import Unavailable
from contracts.ports import Out
from contracts.records import Command, CommandKind, LedgerEntry
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.cli import app
from fenghuo.commands import outs
from fenghuo.people.book import Account
from fenghuo.people.file import PROGRAM, PeopleFile
from fenghuo.people.telling import tell
from tests.unit.alerts.given import command, mark
from tests.unit.rest.house import House

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LIN = Account(name="lin", role=Role.DUTY)


def file_in(folder: Path) -> PeopleFile:
    return PeopleFile(folder / "people.json", ManualClock(NOW))


def done(file: PeopleFile) -> list[tuple[str, str, str, str]]:
    return [(one.by, one.did, one.person, one.what) for one in file.book().untold]


def test_every_change_is_kept_with_it_and_nothing_secret(tmp_path: Path) -> None:
    file = file_in(tmp_path)
    file.change(lambda book: book.put(LIN), "ada")
    file.change(lambda book: book.put(LIN), "ada")
    file.change(lambda book: book.with_token("lin", "pager", "a-secret-token", NOW), "ada")
    file.change(lambda book: book.with_token("lin", "pager", "another-token", NOW), "ada")
    file.change(lambda book: book.put(LIN.model_copy(update={"role": Role.VIEWER, "password": "$argon2id$x"})), "bob")
    file.change(lambda book: book.put(LIN.model_copy(update={"role": Role.VIEWER})))
    file.change(lambda book: book.without("lin"), "ada")
    assert done(file) == [
        ("ada", "added", "lin", "duty"),
        ("ada", "token", "lin", "pager"),
        ("ada", "token", "lin", "pager"),
        ("bob", "role", "lin", "duty to viewer"),
        ("bob", "password", "lin", "new"),
        ("bob", "token_revoked", "lin", "pager"),
        (PROGRAM, "password", "lin", "none"),
        ("ada", "removed", "lin", "viewer"),
    ]
    assert {one.at for one in file.book().untold} == {NOW}
    kept = file.path.read_text()
    assert "a-secret-token" not in kept and "argon2id" not in kept


async def test_they_are_told_once_in_one_partition_and_then_forgotten(tmp_path: Path) -> None:
    file, log = file_in(tmp_path), MemoryLog()
    file.change(lambda book: book.put(LIN), "ada")
    file.change(lambda book: book.with_token("lin", "pager", "t", NOW), "ada")
    assert await tell(file, log, 4) == 2
    assert await tell(file, log, 4) == 0
    messages = [one.value for number in range(4) for one in log.messages(Topic.DECIDE_IN, number)]
    said = [one for value in messages for one in decode_mixed(value)]
    assert [(one.kind, one.args["did"]) for one in said if isinstance(one, Command)] == [
        (CommandKind.PERSON, "added"),
        (CommandKind.PERSON, "token"),
    ]
    assert file.person("lin") is not None


async def test_what_could_not_be_told_waits_and_is_told_again_under_the_same_id(tmp_path: Path) -> None:
    file = file_in(tmp_path)
    file.change(lambda book: book.put(LIN), "ada")

    class Away(MemoryLog):
        async def send(self, outs: Sequence[Out]) -> None:
            raise Unavailable("Kafka does not answer")

    with pytest.raises(Unavailable):
        await tell(file, Away(), 1)
    (waiting,) = file.book().untold
    again = file_in(tmp_path)
    assert await tell(again, MemoryLog(), 1) == 1
    assert waiting.command().id == waiting.id
    assert again.book().untold == ()


async def test_the_ledger_has_them_with_who_did_what_to_whom(tmp_path: Path) -> None:
    house, file = House(tmp_path), file_in(tmp_path)
    await house.tell(mark(60))
    file.change(lambda book: book.put(LIN), "ada")
    (change,) = file.book().untold
    await tell(file, house.log, 2)
    await house.log.send(outs(change.command(), 2))
    await house.settle()
    (entry,) = house.ledger("command.person")
    assert isinstance(entry, LedgerEntry)
    assert (entry.actor, entry.subject, entry.at) == ("ada", "lin", NOW)
    assert entry.body["args"] == {"did": "added", "person": "lin", "what": "duty"}
    assert "refused" not in entry.body


def test_only_a_person_is_told_in_one_partition() -> None:
    everywhere = command(CommandKind.SWAP, brand="*")
    assert len(outs(everywhere, 4)) == 4
    assert len(outs(command(CommandKind.PERSON, brand="*"), 4)) == 1


def test_the_command_line_says_who_did_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    assert run(app, ["people", "add", "ada", "--role", "admin", "--no-password", "--by", "root"]).exit_code == 0
    assert run(app, ["people", "token", "ada", "--by", "ada"]).exit_code == 0
    assert run(app, ["people", "token", "ada", "--revoke", "--by", "ada"]).exit_code == 0
    assert run(app, ["people", "remove", "ada", "--by", "eve"]).exit_code == 0
    assert done(PeopleFile(tmp_path / "var" / "people.json")) == [
        ("root", "added", "ada", "admin"),
        ("ada", "token", "ada", "api"),
        ("ada", "token_revoked", "ada", "api"),
        ("eve", "removed", "ada", "admin"),
    ]
