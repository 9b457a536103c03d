"""One child process: how it is started, looked at and ended. Used by the servers and by the supervisor.

Each child leads a session of its own, so that a Ctrl-C in the terminal reaches only us and we end the rest in order,
and each hangs on the :mod:`leash <fenghuo.local.leash>`, so that nothing outlives us.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fenghuo.local import leash

GRACE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: a name for people, the command, what to add to the environment, and the log file."""

    name: str
    argv: tuple[str, ...]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None


class Process:
    """A started :class:`Program`. Its output is appended to its log file."""

    def __init__(self, program: Program) -> None:
        self.program = program
        program.log.parent.mkdir(parents=True, exist_ok=True)
        with program.log.open("ab") as log:
            self._popen = subprocess.Popen(  # noqa: S603 - commands are ours, no shell
                program.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **program.env},
                cwd=program.cwd,
                start_new_session=True,
            )
        leash.shared().hold(self.pid)

    @property
    def pid(self) -> int:
        """Process id, and id of its process group."""
        return self._popen.pid

    def returncode(self) -> int | None:
        """How it ended (negative: by that signal), or None while it runs."""
        code = self._popen.poll()
        if code is not None:
            leash.shared().release(self.pid)
        return code

    def alive(self) -> bool:
        """Whether it runs."""
        return self.returncode() is None

    def kill(self) -> None:
        """SIGKILL to it and all it forked, and wait."""
        self._signal(signal.SIGKILL)
        self._popen.wait()
        leash.shared().release(self.pid)

    def stop(self, grace: float = GRACE_SECONDS) -> int:
        """SIGTERM, then SIGKILL after ``grace`` seconds to whatever of its group is left; returns how it ended."""
        self._signal(signal.SIGTERM)
        try:
            self._popen.wait(grace)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
        code = self._popen.wait()
        self._signal(signal.SIGKILL)
        leash.shared().release(self.pid)
        return code

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            return


def tail(path: Path, lines: int = 3, width: int = 300) -> str:
    """The last lines of a log, for an error message.

    >>> tail(Path("no such file"))
    ''
    """
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 8192))
            text = log.read().decode(errors="replace")
    except OSError:
        return ""
    kept = [line.strip()[:width] for line in text.splitlines() if line.strip()]
    return " | ".join(kept[-lines:])
