"""The watched folder takes each complete file once and puts it away."""

from __future__ import annotations

import asyncio
from pathlib import Path

from contracts.errors import InvalidFile, Unavailable
from streams.sources.folder import Folder


class Reading:
    """Remembers what it was given; fails as told."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.names: list[str] = []
        self.failure = failure

    async def __call__(self, path: Path) -> None:
        if self.failure is not None:
            raise self.failure
        self.names.append(path.name)


async def look(path: Path, reading: Reading, times: int = 2) -> Folder:
    folder = Folder(path, reading)
    for _ in range(times):
        await folder.look()
    return folder


async def test_a_file_is_taken_once_it_no_longer_grows(tmp_path: Path) -> None:
    reading = Reading()
    (tmp_path / "a.csv").write_text("1")
    folder = await look(tmp_path, reading, times=1)
    (tmp_path / "a.csv").write_text("1, and more")
    await folder.look()
    assert reading.names == []
    await folder.look()
    assert reading.names == ["a.csv"]
    assert (tmp_path / "done" / "a.csv").read_text() == "1, and more"


async def test_hidden_unfinished_and_linked_files_stay(tmp_path: Path) -> None:
    reading = Reading()
    for name in (".a.csv", "b.csv.part", "~$c.xlsx"):
        (tmp_path / name).write_text("x")
    (tmp_path / "d.csv").symlink_to(tmp_path / ".a.csv")
    await look(tmp_path, reading)
    assert reading.names == []


async def test_the_same_content_is_taken_once_also_after_a_restart(tmp_path: Path) -> None:
    reading = Reading()
    (tmp_path / "a.csv").write_text("x")
    await look(tmp_path, reading)
    for name in ("a.csv", "copy.csv"):
        (tmp_path / name).write_text("x")
    await look(tmp_path, reading)
    assert reading.names == ["a.csv"]
    assert sorted(one.name for one in (tmp_path / "done").iterdir()) == ["a-2.csv", "a.csv", "copy.csv"]


async def test_a_file_that_is_no_use_is_put_aside_and_the_next_is_taken(tmp_path: Path) -> None:
    reading = Reading(InvalidFile("a.csv", "is empty"))
    (tmp_path / "a.csv").write_text("x")
    await look(tmp_path, reading)
    assert (tmp_path / "refused" / "a.csv").exists()
    reading.failure = None
    (tmp_path / "a.csv").write_text("x")
    await look(tmp_path, reading)
    assert reading.names == ["a.csv"]


async def test_a_file_waits_while_the_log_is_away(tmp_path: Path) -> None:
    reading = Reading(Unavailable("Kafka does not answer"))
    (tmp_path / "a.csv").write_text("x")
    folder = await look(tmp_path, reading)
    assert (tmp_path / "a.csv").exists()
    reading.failure = None
    await folder.look()
    assert reading.names == ["a.csv"]


async def test_a_damaged_memory_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / ".taken.json").write_text("{broken")
    (tmp_path / "a.csv").write_text("x")
    reading = Reading()
    await look(tmp_path, reading)
    assert reading.names == ["a.csv"]


async def test_it_sees_a_new_file_by_itself(tmp_path: Path) -> None:
    taken = asyncio.Event()

    async def take(path: Path) -> None:
        taken.set()

    running = asyncio.create_task(Folder(tmp_path, take).run(every=0.05))
    (tmp_path / "a.csv").write_text("x")
    await asyncio.wait_for(taken.wait(), 20)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
