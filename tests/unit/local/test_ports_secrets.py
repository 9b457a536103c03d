"""Ports, secrets and space say in words what is wrong."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from contracts.errors import Conflict, InvalidSettings, OutOfSpace
from fenghuo.local import ports, secrets, space
from fenghuo.local.lock import hold


def test_a_taken_port_is_named_with_who_has_it_and_for_whom() -> None:
    with socket.socket() as one:
        one.bind((ports.HOST, 0))
        one.listen()
        port = one.getsockname()[1]
        with pytest.raises(Conflict, match=rf"Port {port} is needed for Kafka, but .*{os.getpid()}.* listens there"):
            ports.claim(port, "Kafka")
    ports.claim(port, "Kafka")


def test_a_secret_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    first = secrets.keep_all(folder)
    assert secrets.keep_all(folder) == first
    assert len(set(first.values())) == len(secrets.NAMES)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())


def test_a_secret_that_others_can_read_or_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    secrets.keep(tmp_path, "key")
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(InvalidSettings, match="others can read"):
        secrets.keep(tmp_path, "key")
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "key").write_text("short")
    with pytest.raises(InvalidSettings, match="cut off"):
        secrets.keep(tmp_path, "key")


def test_too_little_space_is_one_sentence_with_the_figures(tmp_path: Path) -> None:
    space.check(tmp_path / "not yet made", 1)
    with pytest.raises(OutOfSpace, match=r"The disk of .* has [\d.]+ GB free, but .* 10000000.0 GB"):
        space.check(tmp_path, 10**16)


def test_the_second_of_two_starts_in_one_folder_is_refused(tmp_path: Path) -> None:
    with hold(tmp_path):
        with pytest.raises(Conflict, match=rf"process {os.getpid()}"), hold(tmp_path):
            pass
    with hold(tmp_path):
        pass
