"""Where entries and heads are kept: a file, its twin in memory, an export."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from alerts.ledger.anchor import AnchoredLedger, HeadFile, told
from alerts.ledger.export import lines, read_export, unsealed
from alerts.ledger.heads import newest
from alerts.ledger.store import MemoryLedger, SqliteLedger
from alerts.ledger.verify import Flaw, Found, verify
from contracts.errors import Invalid, InvalidFile, Unavailable
from contracts.records import LedgerEntry
from tests.unit.alerts.ledger.given import KEY, book, flaws

Store = MemoryLedger | SqliteLedger


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryLedger() if request.param == "memory" else SqliteLedger(tmp_path / "deep" / "ledger.sqlite")


def test_what_is_written_is_read_in_order_and_writing_again_changes_nothing(store: Store) -> None:
    entries = book(3) + book(2, "decide-1")
    assert list(store.read()) == []
    store.write(entries[1:])
    store.write(entries[:2])
    assert [one.entry for one in store.read()] == entries


def test_another_connection_sees_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    writer = SqliteLedger(path)
    writer.write(book(2))
    assert [one.entry for one in SqliteLedger(path).read()] == book(2)
    writer.close()
    assert [one.entry for one in SqliteLedger(path).read()] == book(2)


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("UPDATE ledger SET record = replace(record, 'lin', 'wang') WHERE seq = 2", (Flaw.CHANGED, 2, 2)),
        ("DELETE FROM ledger WHERE seq = 2", (Flaw.REMOVED, 2, 2)),
        ("DELETE FROM ledger WHERE seq >= 3", (Flaw.CUT_OFF, 3, 4)),
        ("DELETE FROM ledger", (Flaw.CUT_OFF, 0, 4)),
        ("INSERT INTO ledger SELECT book, 9, record FROM ledger WHERE seq = 2", (Flaw.REPEATED, 2, 2)),
        ("UPDATE ledger SET seq = 3.5 WHERE seq = 1", (Flaw.REORDERED, 1, 1)),
        ("UPDATE ledger SET record = 'nothing' WHERE seq = 4", (Flaw.UNREADABLE, None, None)),
    ],
)
def test_what_is_done_to_the_file_by_hand_is_named(
    tmp_path: Path, statement: str, wanted: tuple[Flaw, int | None, int | None]
) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = SqliteLedger(path)
    ledger.write(book(5))
    ledger.close()
    with sqlite3.connect(path) as db:
        db.execute(statement)
    db.close()
    assert wanted in flaws(verify(SqliteLedger(path).read(), newest(book(5), KEY), KEY))


def test_a_file_that_is_no_ledger_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(Invalid, match="ledger.sqlite"):
        list(SqliteLedger(path).read())
    with pytest.raises(Invalid, match="ledger.sqlite"):
        SqliteLedger(path).write(book(1))


def test_heads_follow_the_entries_into_a_file_that_only_grows(tmp_path: Path) -> None:
    heads = HeadFile(tmp_path / "away" / "heads.ndjson")
    ledger = AnchoredLedger(MemoryLedger(), heads, KEY)
    entries = book(4)
    ledger.write(entries[:2])
    ledger.write([])
    ledger.write(entries[2:] + book(1, "decide-1"))
    assert [(head.book, head.seq) for head in heads.read()[0]] == [("decide-0", 1), ("decide-0", 3), ("decide-1", 0)]


def test_a_store_that_is_away_leaves_no_head_behind(tmp_path: Path) -> None:
    class Away:
        def write(self, entries: Sequence[LedgerEntry]) -> None:
            raise Unavailable("away")

    heads = HeadFile(tmp_path / "heads.ndjson")
    with pytest.raises(Unavailable):
        AnchoredLedger(Away(), heads, KEY).write(book(1))
    assert heads.read() == ([], [])


def test_heads_are_sent_away_now_and_then_and_again_if_that_failed(tmp_path: Path) -> None:
    now, answers, sent = [0.0], [False, True, True], []

    def tell(text: str) -> bool:
        sent.append(text)
        return answers[len(sent) - 1]

    file = HeadFile(tmp_path / "heads.ndjson")
    ledger = AnchoredLedger(MemoryLedger(), file, KEY, tell=tell, every=60.0, monotonic=lambda: now[0])
    entries = book(4)
    for seconds, entry in zip((0.0, 10.0, 60.0, 120.0), entries, strict=True):
        now[0] = seconds
        ledger.write([entry])
    assert len(sent) == 3
    assert sent[1] == told(newest([entries[2]], KEY))
    (tmp_path / "pasted").write_text("\n".join(line for line in sent[2].splitlines() if line.startswith("{")))
    assert HeadFile(tmp_path / "pasted").read() == (newest([entries[3]], KEY), [])


def test_a_torn_line_among_the_heads_is_named_with_its_row_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "heads.ndjson"
    heads = newest(book(1), KEY)
    HeadFile(path).put(heads)
    with path.open("a") as file:
        file.write('{"head": 1}\n')
    HeadFile(path).put(heads)
    assert HeadFile(path).read() == (heads * 2, [Found("heads.ndjson row 2", None, "is no head of a ledger")])


def test_a_file_of_heads_that_cannot_be_read_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="cannot be read"):
        HeadFile(tmp_path).read()


def test_an_export_can_be_verified_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.ndjson"
    path.write_bytes(b"".join(lines(book(5), KEY)))
    entries, heads = read_export(path)
    assert verify(entries, heads, KEY).good
    assert unsealed(entries, heads) == []


@pytest.mark.parametrize("kept", range(1, 6))
def test_an_export_that_was_cut_off_is_found_out(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "ledger.ndjson"
    path.write_bytes(b"".join(list(lines(book(5), KEY))[:kept]))
    entries, heads = read_export(path)
    assert [(one.flaw, one.first) for one in unsealed(entries, heads)] == [(Flaw.CUT_OFF, kept)]


def test_an_export_cut_in_the_middle_of_a_line_names_the_row(tmp_path: Path) -> None:
    path = tmp_path / "ledger.ndjson"
    whole = b"".join(lines(book(2), KEY))
    path.write_bytes(whole[:-40])
    entries, heads = read_export(path)
    assert entries[-1].place == "ledger.ndjson row 3"
    assert entries[-1].entry is None
    assert heads == []


def test_an_empty_or_missing_export_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"\n")
    for name in ("empty", "missing"):
        with pytest.raises(InvalidFile, match=name):
            read_export(tmp_path / name)
