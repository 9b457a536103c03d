"""The local stack's first admin: made once, with a password that only its owner can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.access import Role
from contracts.errors import Unavailable
from dashboards.console import libraries
from fenghuo.local import admin, children, secrets
from fenghuo.local.stack import Layout, Stack
from fenghuo.people.book import Account
from fenghuo.people.file import PeopleFile


def stack(var: Path) -> Stack:
    return Stack(var, Path("config"), 8710, 2, 1, secrets.keep_all(Layout(var).secrets))


def test_an_empty_stack_gets_an_admin_whose_password_is_kept_for_its_owner(tmp_path: Path) -> None:
    mine = stack(tmp_path)
    password = admin.ensure(mine)
    assert password is not None
    found = PeopleFile(tmp_path / "people.json").check("admin", password)
    assert found is not None
    assert found.role == "admin"
    kept = mine.layout.secrets / "admin"
    assert kept.read_text() == password
    assert kept.stat().st_mode & 0o077 == 0
    assert admin.ensure(mine) is None


def test_people_who_are_there_stay_as_they_are(tmp_path: Path) -> None:
    mine, file = stack(tmp_path), PeopleFile(tmp_path / "people.json")
    file.change(lambda book: book.put(Account(name="lin", role=Role.DUTY)))
    assert admin.ensure(mine) is None
    assert [one.name for one in file.book().people] == ["lin"]


def test_without_what_browsers_need_the_api_runs_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(folder: Path) -> Path:
        raise Unavailable("npm fetched nothing")

    monkeypatch.setattr(libraries, "fetch", away)
    alone = children.console(stack(tmp_path))
    assert alone is not None
    assert alone.argv[-3:] == ("--port", "8711", "--api-only")
    monkeypatch.setattr(libraries, "fetch", lambda folder: folder)
    whole = children.console(stack(tmp_path))
    assert whole is not None
    assert whole.argv[-2:] == ("--port", "8711")
    assert whole.env["FENGHUO_URL"] == "http://127.0.0.1:8711"
    assert not any(secret in " ".join(whole.argv) for secret in stack(tmp_path).secrets.values())
