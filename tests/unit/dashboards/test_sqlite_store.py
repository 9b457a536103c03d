"""The store in SQLite passes the suite of all stores, and says what is wrong with its file."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.errors import Invalid, InvalidRecord, OutOfSpace, Unavailable
from dashboards.settings import StoreSettings
from dashboards.store.sqlite import SqliteStore
from tests.unit.dashboards.samples import HOUR, START, bucket, late
from tests.unit.dashboards.store_suite import Store, StoreSuite


def settings(path: Path, **more: object) -> StoreSettings:
    return StoreSettings.model_validate({"path": path / "sub" / "series.sqlite", **more})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(settings(tmp_path))
    store.setup()
    yield store
    store.close()


class TestSqliteStore(StoreSuite):
    """The suite, on a file."""

    @pytest.fixture
    def store(self, store: SqliteStore) -> Store:
        return store


def test_a_file_is_read_again_after_a_restart(tmp_path: Path, store: SqliteStore) -> None:
    store.write([bucket(n=3)])
    store.close()
    again = SqliteStore(settings(tmp_path))
    again.setup()
    again.write([bucket(minute=1, n=4)])
    assert [row.counts.n for row in again.buckets("brand=Delta", START, START + HOUR)] == [3, 4]
    again.close()


def test_a_reader_in_another_process_sees_what_is_written_and_holds_up_nobody(
    tmp_path: Path, store: SqliteStore
) -> None:
    store.write([bucket(n=3)])
    script = (
        "import sqlite3, sys\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('BEGIN')\n"
        "print(db.execute('SELECT SUM(n) FROM buckets').fetchone()[0], flush=True)\n"
        "sys.stdin.readline()\n"
        "print(db.execute('SELECT SUM(n) FROM buckets').fetchone()[0], flush=True)\n"
        "db.execute('COMMIT')\n"
        "print(db.execute('SELECT SUM(n) FROM buckets').fetchone()[0], flush=True)\n"
        "db.close()\n"
    )
    path = str(settings(tmp_path).path)
    command = [sys.executable, "-c", script, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "3\n"
        store.write([bucket(minute=1, n=4)])  # while the reader stands in its transaction
        assert reader.communicate("go on\n", timeout=20)[0] == "3\n7\n"


def test_a_failed_write_writes_nothing(store: SqliteStore) -> None:
    with pytest.raises(InvalidRecord):
        store.write([bucket(), bucket("brand=New", brand="Old")])
    assert store.series() == []


def test_a_full_disk_says_so_and_loses_nothing(tmp_path: Path) -> None:
    rows = [bucket(f"brand=Delta,product={n:04}", minute, brand="Delta") for n in range(200) for minute in range(150)]
    store = SqliteStore(settings(tmp_path, size_limit_mb=1))
    store.setup()
    store.write(rows[:50])
    with pytest.raises(OutOfSpace, match="make room"):
        store.write(rows)
    assert len(store.series()) == 1, "a write that failed leaves no trace"
    store.write(rows[:60], [late()])
    store.close()
    roomy = SqliteStore(settings(tmp_path))
    roomy.setup()
    roomy.write(rows)
    assert len(roomy.series()) == 201
    assert len(roomy.buckets("brand=Delta,product=0199", START, START + 3 * HOUR)) == 150
    roomy.close()


def test_a_file_that_stays_locked_is_unavailable(tmp_path: Path, store: SqliteStore) -> None:
    hasty = SqliteStore(settings(tmp_path, busy_seconds=0.01))
    other = sqlite3.connect(settings(tmp_path).path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Unavailable, match="holds it locked"):
        hasty.write([bucket()])
    other.execute("ROLLBACK")
    other.close()
    hasty.write([bucket()])
    assert hasty.series() == ["brand=Delta"]
    hasty.close()


@pytest.mark.parametrize("content", [b"this is a text and not a database" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = settings(tmp_path).path
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(Invalid, match="move it away"):
        SqliteStore(settings(tmp_path)).setup()
    assert path.read_bytes() == content


def test_damage_in_the_middle_is_found_when_it_is_read(tmp_path: Path, store: SqliteStore) -> None:
    store.write([bucket(minute=minute) for minute in range(5000)])
    store.close()
    path = settings(tmp_path).path
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096 * 8)
        file.write(b"\xff" * (size - 4096 * 8))
    damaged = SqliteStore(settings(tmp_path))
    with pytest.raises(Invalid, match="damaged"):
        damaged.buckets("brand=Delta", START, START + 100 * HOUR)
    damaged.close()


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path, store: SqliteStore) -> None:
    store.close()
    other = sqlite3.connect(settings(tmp_path).path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    newer = SqliteStore(settings(tmp_path))
    with pytest.raises(Invalid, match="newer Fenghuo"):
        newer.setup()
    newer.close()


def test_a_file_of_the_first_version_gets_the_columns_that_it_lacks(tmp_path: Path, store: SqliteStore) -> None:
    store.write([bucket(n=3)])
    store.close()
    other = sqlite3.connect(settings(tmp_path).path)
    for column in ("told", "shadow"):
        other.execute(f"ALTER TABLE buckets DROP COLUMN {column}")
    other.execute("PRAGMA user_version = 1")
    other.close()
    newer = SqliteStore(settings(tmp_path))
    newer.setup()
    newer.write([bucket(minute=1, told="new", shadow="held")])
    found = newer.buckets("brand=Delta", START, START + HOUR)
    assert found == [bucket(n=3), bucket(minute=1, told="new", shadow="held")]
    newer.close()


def test_another_program_s_database_is_refused(tmp_path: Path) -> None:
    path = settings(tmp_path).path
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE series (something)")
    other.close()
    store = SqliteStore(settings(tmp_path))
    with pytest.raises(Invalid, match="not the tables"):
        store.setup()
    store.close()


def test_a_place_that_cannot_be_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Invalid, match="folder cannot be made"):
        SqliteStore(StoreSettings(path=tmp_path / "file" / "series.sqlite")).setup()
    with pytest.raises(Invalid, match="cannot be opened"):
        SqliteStore(StoreSettings(path=tmp_path)).setup()
