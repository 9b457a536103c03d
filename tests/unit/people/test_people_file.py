"""The file of people and its commands: nothing plain in it, a change holds at once, no way to lock everybody out."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from typer.testing import CliRunner

from contracts.desk import People
from contracts.errors import Invalid, InvalidFile, InvalidSettings
from fenghuo.cli import app
from fenghuo.people import password
from fenghuo.people.book import MOST_TOKENS, Account, PeopleBook
from fenghuo.people.file import PeopleFile

NOW = datetime(2026, 3, 2, tzinfo=UTC)
WORDS = "eleven blue umbrellas"


def with_lin(folder: Path, role: str = "duty") -> PeopleFile:
    file = PeopleFile(folder / "people.json")
    account = Account.model_validate({"name": "lin", "role": role, "password": password.hashed(WORDS)})
    file.change(lambda book: book.put(account))
    return file


def test_a_password_fits_and_only_it(tmp_path: Path) -> None:
    file: People = with_lin(tmp_path)
    known = file.check("lin", WORDS)
    assert known is not None
    assert (known.name, known.role) == ("lin", "duty")
    assert [file.check(name, words) for name, words in (("lin", "x"), ("lin", ""), ("wang", WORDS))] == [None] * 3
    assert file.check("lin", WORDS + "x" * 300) is None


def test_nothing_plain_is_kept_and_others_cannot_read_it(tmp_path: Path) -> None:
    file = with_lin(tmp_path)
    file.change(lambda book: book.with_token("lin", "pager", "a-token-of-32-bytes", NOW))
    text = file.path.read_text()
    assert WORDS not in text
    assert "a-token-of-32-bytes" not in text
    assert "$argon2id$" in text
    assert file.path.stat().st_mode & 0o077 == 0
    file.path.chmod(0o644)
    with pytest.raises(InvalidSettings, match="chmod 600"):
        file.book()


def test_who_does_not_exist_costs_as_much_to_refuse() -> None:
    kept = password.hashed(WORDS)
    there, nobody = extract_parameters(kept), extract_parameters(password._NOBODY)
    assert there == nobody
    assert nobody.type is Type.ID


def test_a_token_is_known_until_it_is_taken_back(tmp_path: Path) -> None:
    file = with_lin(tmp_path)
    file.change(lambda book: book.with_token("lin", "pager", "first", NOW))
    file.change(lambda book: book.with_token("lin", "pager", "second", NOW))
    assert [file.holder(one) is not None for one in ("first", "second", "", "third")] == [False, True, False, False]
    file.change(lambda book: book.without_token("lin", "pager"))
    assert file.holder("second") is None
    with pytest.raises(Invalid, match="no token called pager"):
        file.change(lambda book: book.without_token("lin", "pager"))


def test_tokens_are_bounded_and_belong_to_somebody() -> None:
    book = PeopleBook().put(Account.model_validate({"name": "lin", "role": "duty"}))
    for number in range(MOST_TOKENS):
        book = book.with_token("lin", f"t{number}", f"secret{number}", NOW)
    with pytest.raises(Invalid, match="take one back"):
        book.with_token("lin", "more", "secret", NOW)
    assert book.with_token("lin", "t0", "new", NOW).holder("secret0") is None
    with pytest.raises(Invalid, match="nobody is called wang"):
        book.with_token("wang", "t", "secret", NOW)
    with pytest.raises(Invalid, match="is no label"):
        book.with_token("lin", "a\nb", "secret", NOW)


def test_a_change_of_another_process_holds_with_the_next_request(tmp_path: Path) -> None:
    file, other = with_lin(tmp_path), PeopleFile(tmp_path / "people.json")
    assert other.person("lin") is not None
    file.change(lambda book: book.put(Account.model_validate({"name": "lin", "role": "viewer"})))
    seen = other.person("lin")
    assert seen is not None
    assert seen.role == "viewer"
    assert other.colleagues() == []
    file.path.unlink()
    assert other.person("lin") is None


def test_the_last_admin_stays() -> None:
    book = PeopleBook().put(Account.model_validate({"name": "ada", "role": "admin"}))
    both = book.put(Account.model_validate({"name": "lin", "role": "duty"}))
    with pytest.raises(Invalid, match="last admin"):
        both.without("ada")
    assert both.without("lin").without("ada") == PeopleBook()
    with pytest.raises(Invalid, match="nobody is called wang"):
        both.without("wang")


@pytest.mark.parametrize("words", ["", "short", "x" * 201])
def test_a_password_that_keeps_nobody_out_is_refused(words: str) -> None:
    with pytest.raises(Invalid, match="10 to 200"):
        password.hashed(words)


def test_a_broken_file_says_so(tmp_path: Path) -> None:
    file = with_lin(tmp_path)
    file.path.write_text('{"people": [{"name": "lin", "role": "king"}]}')
    with pytest.raises(InvalidFile, match="people.0.role"):
        file.book()


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [one for one in os.environ if one.startswith("FENGHUO_")]:
        monkeypatch.delenv(name)
    run = CliRunner().invoke
    file = PeopleFile(tmp_path / "var" / "people.json")
    made = run(app, ["people", "add", "林珊", "--role", "admin"])
    assert made.exit_code == 0
    shown = made.stdout.rsplit(" ", 1)[1].strip()
    assert file.check("林珊", shown) is not None
    assert run(app, ["people", "add", "lin", "--role", "duty", "--ask"], input=f"{WORDS}\n").exit_code == 0
    assert file.check("lin", WORDS) is not None
    token = run(app, ["people", "token", "lin", "--label", "pager"]).stdout.splitlines()[0]
    assert file.holder(token) == file.person("lin")
    again = run(app, ["people", "add", "lin", "--role", "viewer", "--no-password"])
    assert "now viewer" in again.stdout
    assert "password" not in again.stdout
    assert file.check("lin", WORDS) is None
    kept = file.holder(token)
    assert kept is not None
    assert kept.role == "viewer"
    listed = run(app, ["people", "list"]).stdout
    assert "pager" in listed
    assert token not in listed
    assert run(app, ["people", "token", "lin", "--label", "pager", "--revoke"]).exit_code == 0
    assert file.holder(token) is None
    assert run(app, ["people", "remove", "lin"]).exit_code == 0
    for wrong in (["add", "a/b", "--role", "duty"], ["add", "b", "--role", "king"], ["remove", "nobody"]):
        assert run(app, ["people", *wrong]).exit_code == 2
