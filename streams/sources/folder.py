"""A watched folder: files dropped into it are taken once, then moved to ``done/`` or ``refused/``.

The deciding part is pure: which files are complete, which were taken before. The shell looks, hands a path to
whoever reads it, and moves it. A file counts as complete when two looks find it unchanged.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import stat
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from watchfiles import awatch

from contracts.errors import InvalidFile, Recoverable
from streams.sources.mapping import shown_name

_LOG = logging.getLogger("fenghuo.folder")
logging.getLogger("watchfiles").setLevel(logging.WARNING)  # below that it writes the names of all files
_TEMPORARY = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".swp", "~")
_STATE = ".taken.json"
_REMEMBERED = 10_000
_CHUNK = 1 << 20
DONE = "done"
REFUSED = "refused"

Take = Callable[[Path], Awaitable[None]]
"""Reads one file into the log. InvalidFile refuses it; Recoverable leaves it for the next look."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look shows of one file."""

    size: int
    mtime_ns: int


def complete(before: Mapping[str, Seen], now: Mapping[str, Seen]) -> tuple[str, ...]:
    """Names of the files that have not changed since the look before, hidden and temporary ones left out.

    >>> first = {"a.csv": Seen(10, 1), "b.csv": Seen(10, 1), ".c.csv": Seen(5, 1)}
    >>> complete(first, {**first, "b.csv": Seen(20, 2), "d.csv": Seen(1, 1)})
    ('a.csv',)
    """
    return tuple(name for name in sorted(now) if is_meant(name) and before.get(name) == now[name])


def is_meant(name: str) -> bool:
    """Whether a file of this name is to be taken: neither hidden nor somebody's unfinished copy."""
    return not name.startswith((".", "~$")) and not name.lower().endswith(_TEMPORARY)


class Taken:
    """Content hashes of the files taken so far, in a small file; the oldest are forgotten beyond 10 000."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names: dict[str, str] = _load(path)

    def __contains__(self, digest: str) -> bool:
        return digest in self._names

    def add(self, digest: str, name: str) -> None:
        """``name`` with this content was taken; durable when it returns."""
        self._names[digest] = name
        for oldest in list(self._names)[:-_REMEMBERED]:
            del self._names[oldest]
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as stream:
            json.dump(self._names, stream, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(self._path)


class Folder:
    """Watches one folder.

    Parameters
    ----------
    path
        The folder; it is made if it is missing.
    take
        Reads one file into the log.
    """

    def __init__(self, path: Path, take: Take) -> None:
        self._path = path
        self._take = take
        for folder in (path, path / DONE, path / REFUSED):
            folder.mkdir(parents=True, exist_ok=True)
        self._taken = Taken(path / _STATE)
        self._before: dict[str, Seen] = {}

    async def run(self, every: float = 2.0) -> None:
        """Look again and again: when the system tells of a change, and every so many seconds."""
        await self.look()
        async with aclosing(ticks(self._path, every)) as looks:
            async for _ in looks:
                await self.look()

    async def look(self) -> None:
        """One look: take what is complete."""
        now = await asyncio.to_thread(_listed, self._path)
        ready = complete(self._before, now)
        self._before = now
        for name in ready:
            try:
                await self._take_one(self._path / name)
            except Recoverable as error:
                _LOG.warning("%s waits: %s", shown_name(name), error)
                return
            except OSError as error:
                _LOG.warning("%s cannot be taken: %s", shown_name(name), error.strerror)

    async def _take_one(self, path: Path) -> None:
        digest = await asyncio.to_thread(_digest, path)
        if digest in self._taken:
            _LOG.info("%s was taken before and changes nothing", shown_name(path.name))
        else:
            try:
                await self._take(path)
            except InvalidFile as error:
                _LOG.warning("%s", shown_name(str(error)))
                _move(path, self._path / REFUSED)
                return
            await asyncio.to_thread(self._taken.add, digest, path.name)
        _move(path, self._path / DONE)


async def ticks(path: Path, every: float) -> AsyncGenerator[None]:
    """When to look: at each change the system tells of, and at least every so many seconds."""
    try:
        watching = awatch(path, rust_timeout=int(every * 1000), yield_on_timeout=True, recursive=False)
        async for _ in watching:
            yield
            await asyncio.sleep(min(every, 0.2))
    except (OSError, RuntimeError) as error:
        _LOG.info("the system tells of no changes (%s); looking every %g s", type(error).__name__, every)
    while True:
        await asyncio.sleep(every)
        yield


def _listed(path: Path) -> dict[str, Seen]:
    """Ordinary files only: links could lead anywhere."""
    found = {}
    with os.scandir(path) as entries:
        for entry in entries:
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISREG(status.st_mode):
                found[entry.name] = Seen(status.st_size, status.st_mtime_ns)
    return found


def _digest(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=32)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _move(path: Path, folder: Path) -> None:
    target, number = folder / path.name, 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    path.replace(target)


def _load(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        _LOG.warning("%s is damaged and begun anew; a file that is dropped again is taken again", path.name)
        return {}
    return {str(key): str(value) for key, value in content.items()} if isinstance(content, dict) else {}
