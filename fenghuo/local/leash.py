"""No orphans: a tiny process that ends our children when we die, however we die.

A leash is started beside the children, in a session of its own, holding one end of a pipe. While we live we tell it
which process groups are ours. When the pipe closes (we ended, crashed, or were killed with SIGKILL), it ends the
groups still named: first politely, then not. Works alike on Linux and macOS, and costs one small interpreter.

This file is also the program that the leash runs, so it uses nothing but the standard library.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from typing import IO

GRACE_SECONDS = 8.0


class Leash:
    """Holds process groups; one for each process that starts children (see :func:`shared`)."""

    def __init__(self, grace: float = GRACE_SECONDS) -> None:
        self._lock = threading.Lock()
        self._watcher = subprocess.Popen(  # noqa: S603 - our own file, no shell
            [sys.executable, "-I", "-S", __file__, str(grace)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The watcher's process."""
        return self._watcher.pid

    def alive(self) -> bool:
        """Whether the watcher still watches."""
        return self._watcher.poll() is None

    def hold(self, group: int) -> None:
        """End this process group when we die."""
        self._tell(f"+{group}\n")

    def release(self, group: int) -> None:
        """This process group has ended; its number may soon be somebody else's."""
        self._tell(f"-{group}\n")

    def close(self) -> None:
        """End the watcher, and with it everything it still holds."""
        if self._watcher.stdin is not None and not self._watcher.stdin.closed:
            self._watcher.stdin.close()
        self._watcher.wait()

    def _tell(self, line: str) -> None:
        with self._lock:
            pipe = self._watcher.stdin
            if pipe is None or pipe.closed or not self.alive():
                return
            pipe.write(line.encode())
            pipe.flush()


_shared: Leash | None = None
_shared_owner = 0
_shared_lock = threading.Lock()


def shared() -> Leash:
    """The leash of this process, made at the first use and again if it was lost or inherited by a fork."""
    global _shared, _shared_owner
    with _shared_lock:
        if _shared is None or _shared_owner != os.getpid() or not _shared.alive():
            _shared, _shared_owner = Leash(), os.getpid()
            atexit.register(_close, _shared, _shared_owner)
        return _shared


def _close(leash: Leash, owner: int) -> None:
    if os.getpid() == owner:
        leash.close()


def end_groups(groups: set[int], grace: float) -> None:
    """SIGTERM to every group, and SIGKILL to those that still stand after ``grace`` seconds."""
    left = {group for group in groups if _signal(group, signal.SIGTERM)}
    deadline = time.monotonic() + grace
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = {group for group in left if _signal(group, 0)}
    for group in left:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _watch(pipe: IO[bytes], grace: float) -> None:
    held: set[int] = set()
    for line in pipe:
        group = int(line[1:])
        if line[:1] == b"+":
            held.add(group)
        else:
            held.discard(group)
    end_groups(held, grace)


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    _watch(sys.stdin.buffer, float(sys.argv[1]))
