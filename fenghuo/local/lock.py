"""File locks, which the system lets go when their holder dies: one ``up`` per folder, one fetch at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contracts.errors import Conflict


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold ``folder`` for this process; raises Conflict when another one has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise Conflict(
                f"Another `fenghuo up` (process {holder}) already runs in {folder}. End it, or name another folder"
                " with --var."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Wait until no other process holds ``path``, and hold it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
