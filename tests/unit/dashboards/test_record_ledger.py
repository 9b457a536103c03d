"""The recording stage keeps the ledger's entries before it commits what brought them."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.codec import encode_mixed
from contracts.errors import Unavailable
from contracts.ports import Checkpoint, In
from contracts.records import LedgerEntry
from dashboards.agents import RecordPartition
from dashboards.store.memory import MemoryStore
from tests.unit.dashboards.samples import START

ZEROS = "0" * 64
ENTRY = LedgerEntry(
    book="decide-0", seq=0, at=START, brand="Delta", actor="lin", what="command.ack", prev=ZEROS, key="k", mac=ZEROS
)


class Book:
    """A ledger that can be away."""

    def __init__(self) -> None:
        self.entries: list[LedgerEntry] = []
        self.away = False

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        if self.away:
            raise Unavailable("the ledger is away", retry_after=0.01)
        self.entries.extend(entries)


async def test_entries_of_the_ledger_are_kept_before_their_offset_is_committed() -> None:
    ledger, store = Book(), MemoryStore()
    partition = RecordPartition(0, store, 0, ledger)
    await partition.handle([In(0, encode_mixed([ENTRY]))])
    ledger.away = True
    assert await partition.checkpoint(0.0) is None
    ledger.away = False
    assert await partition.checkpoint(10.0) == Checkpoint(1)
    assert ledger.entries == [ENTRY]


async def test_without_a_ledger_its_entries_are_passed_over() -> None:
    partition = RecordPartition(0, MemoryStore(), 0)
    await partition.handle([In(0, encode_mixed([ENTRY]))])
    assert await partition.checkpoint(0.0) == Checkpoint(1)
