"""Pid files that cannot lie: a process is ours only if number, start time and command line all agree.

They find what an earlier run left behind when even its leash was killed. Anything that does not agree in all three is
somebody else's and is left alone.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from fenghuo.local.leash import end_groups

START_TOLERANCE = 1.0
"""Seconds by which two readings of a start time may differ (a clock that is set moves them on some systems)."""


@dataclass(frozen=True, slots=True)
class Running:
    """What identifies a process: number, start time (seconds since the epoch), command line."""

    pid: int
    created: float
    command: tuple[str, ...]

    @classmethod
    def of(cls, pid: int) -> Running | None:
        """The process ``pid`` as the system tells of it now; None when it is gone."""
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            return cls(pid, process.create_time(), tuple(process.cmdline()))
        except psutil.Error:
            return None

    def same(self, other: Running | None) -> bool:
        """Whether both are one process."""
        if other is None or (self.pid, self.command) != (other.pid, other.command):
            return False
        return abs(self.created - other.created) <= START_TOLERANCE


def write(folder: Path, name: str, pid: int) -> None:
    """Note that child ``name`` runs as ``pid``."""
    folder.mkdir(parents=True, exist_ok=True)
    running = Running.of(pid)
    if running is None:
        return
    scratch = folder / f"{name}.tmp"
    scratch.write_text(json.dumps(asdict(running)))
    scratch.replace(folder / f"{name}.pid")


def remove(folder: Path, name: str) -> None:
    """Note that child ``name`` has ended."""
    (folder / f"{name}.pid").unlink(missing_ok=True)


def leftovers(folder: Path) -> dict[str, Running]:
    """Children of an earlier run that still stand, by name; files of those that do not are removed."""
    found = {}
    for path in sorted(folder.glob("*.pid")):
        noted = _read(path)
        if noted is not None and noted.same(Running.of(noted.pid)):
            found[path.stem] = noted
        else:
            path.unlink(missing_ok=True)
    return found


def end_leftovers(folder: Path, grace: float = 10.0) -> list[str]:
    """End what an earlier run left behind, politely first; returns the names of those ended."""
    found = leftovers(folder)
    # Only groups that the process itself leads: otherwise the group might hold somebody else.
    groups = {one.pid for one in found.values() if _leads_its_group(one.pid)}
    end_groups(groups, grace)
    for name, one in found.items():
        wait_gone(one.pid, 2.0)
        remove(folder, name)
    return list(found)


def wait_gone(pid: int, seconds: float) -> bool:
    """Whether the process ``pid`` has ended within ``seconds`` (one that only waits to be reaped has)."""
    deadline = time.monotonic() + seconds
    while Running.of(pid) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _leads_its_group(pid: int) -> bool:
    try:
        return os.getpgid(pid) == pid
    except ProcessLookupError:
        return False


def _read(path: Path) -> Running | None:
    try:
        noted = json.loads(path.read_text())
        return Running(int(noted["pid"]), float(noted["created"]), tuple(noted["command"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
