"""The recorder writes everything once, keeps what the store cannot take now, and sets aside what it never will."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from contracts.errors import FenghuoError, Invalid, OutOfSpace, Unavailable
from contracts.records import BucketRow, CaseRow, IncidentEvent, LateRow, Mark
from dashboards.recorder import Recorder
from dashboards.store.memory import MemoryStore
from dashboards.store.refuse import EARLIEST, LATEST, RefusedRows
from tests.unit.dashboards.samples import HOUR, START, bucket, case, incident, late


class Troubled(MemoryStore):
    """A store that raises what ``trouble`` makes of a batch."""

    def __init__(self) -> None:
        super().__init__()
        self.trouble: Callable[[Sequence[BucketRow]], FenghuoError | None] = lambda rows: None
        self.writes = 0

    def write(
        self,
        buckets: Sequence[BucketRow] = (),
        late: Sequence[LateRow] = (),
        incidents: Sequence[IncidentEvent] = (),
        cases: Sequence[CaseRow] = (),
    ) -> None:
        self.writes += 1
        error = self.trouble(buckets)
        if error is not None:
            raise error
        super().write(buckets, late, incidents, cases)


@pytest.fixture
def store() -> Troubled:
    return Troubled()


def rows(count: int, first: int = 0) -> list[BucketRow]:
    return [bucket(minute=minute, n=minute + 1) for minute in range(first, first + count)]


def minutes(store: MemoryStore) -> int:
    return len(store.buckets("brand=Delta", START, START + 1000 * HOUR))


def test_all_kinds_reach_the_store(store: Troubled) -> None:
    recorder = Recorder(store)
    recorder.add([bucket(), late(), incident(), case()])
    recorder.flush()
    assert store.counts("brand=Delta", START, START + HOUR)[START].n == 2
    assert (len(store.incidents(EARLIEST, LATEST)), len(store.cases("Delta", EARLIEST, LATEST))) == (1, 1)
    assert (recorder.written, recorder.pending, recorder.refused) == (4, 0, 0)


def test_nothing_is_written_before_the_flush_and_an_empty_flush_writes_nothing(store: Troubled) -> None:
    recorder = Recorder(store)
    recorder.flush()
    recorder.add(rows(3))
    assert (store.writes, recorder.pending) == (0, 3)


def test_of_two_rows_with_one_key_the_later_counts(store: Troubled) -> None:
    recorder = Recorder(store)
    recorder.add([bucket(n=1), bucket(n=5)])
    recorder.flush()
    assert store.counts("brand=Delta", START, START + HOUR)[START].n == 5
    assert recorder.written == 1


def test_a_flush_goes_in_batches(store: Troubled) -> None:
    recorder = Recorder(store, batch=10)
    recorder.add(rows(35))
    recorder.flush()
    assert (store.writes, minutes(store)) == (4, 35)


@pytest.mark.parametrize(
    "error", [Unavailable("gone"), OutOfSpace("full"), Invalid("wrong token")], ids=lambda error: type(error).__name__
)
def test_what_the_store_cannot_take_now_stays(store: Troubled, error: FenghuoError) -> None:
    recorder = Recorder(store, batch=10)
    recorder.add(rows(35))
    store.trouble = lambda batch: error if store.writes > 2 else None
    with pytest.raises(type(error)):
        recorder.flush()
    assert (minutes(store), recorder.pending, recorder.written, recorder.refused) == (20, 15, 20, 0)
    recorder.add(rows(5, first=35))
    store.trouble = lambda batch: None
    recorder.flush()
    assert (minutes(store), recorder.pending, recorder.written) == (40, 0, 40)


def test_it_says_when_it_is_full_and_refuses_nothing(store: Troubled) -> None:
    recorder = Recorder(store, limit=10)
    recorder.add(rows(9))
    assert not recorder.full
    recorder.add(rows(5, first=9))
    assert (recorder.full, recorder.pending) == (True, 14)
    recorder.flush()
    assert not recorder.full


def test_a_poison_row_is_set_aside_by_name_and_the_rest_is_written(store: Troubled) -> None:
    recorder = Recorder(store)
    poison = bucket("brand=Delta,channel=web", minute=50, score=float("nan"))
    recorder.add([*rows(50), poison, late("no position"), *rows(49, first=51)])
    recorder.flush()
    assert (minutes(store), recorder.written, recorder.refused, recorder.pending) == (99, 99, 2, 0)
    assert sorted(one.row for one in recorder.refusals) == [
        "buckets brand=Delta,channel=web 1767603000000000",
        "late brand=Delta no position",
    ]
    assert all("finite" in one.reason or "position" in one.reason for one in recorder.refusals)


def test_a_server_s_refusal_finds_the_row_in_a_few_writes(store: Troubled) -> None:
    recorder = Recorder(store)
    recorder.add(rows(1024))
    store.trouble = lambda batch: (
        RefusedRows("server", "too old", all=len(batch) == 1) if any(row.counts.n == 700 for row in batch) else None
    )
    recorder.flush()
    assert (recorder.written, recorder.refused) == (1023, 1)
    assert store.writes <= 21
    assert recorder.refusals[0].reason == "too old"


def test_a_batch_refused_whole_is_not_tried_row_by_row(store: Troubled) -> None:
    recorder = Recorder(store)
    recorder.add(rows(1000))
    store.trouble = lambda batch: RefusedRows("server", "beyond retention", all=True)
    recorder.flush()
    assert (store.writes, recorder.refused, recorder.pending) == (1, 1000, 0)
    assert len(recorder.refusals) == 100, "the memory of refusals is bounded"


def test_a_failure_while_looking_for_poison_counts_nothing_twice(store: Troubled) -> None:
    recorder = Recorder(store)
    recorder.add([bucket(score=float("inf")), *rows(63, first=1)])
    store.trouble = lambda batch: Unavailable("gone") if store.writes == 9 else None
    with pytest.raises(Unavailable):
        recorder.flush()
    recorder.flush()
    assert (recorder.written, recorder.refused, minutes(store)) == (63, 1, 63)


def test_other_records_are_counted_and_passed_over(store: Troubled) -> None:
    recorder = Recorder(store)
    recorder.add([Mark(brand="Delta", at=START, order=(1, 0)), bucket()])
    recorder.flush()
    assert (recorder.ignored, recorder.written) == (1, 1)
