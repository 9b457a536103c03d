"""What a case's earlier events say of the next one, over restarts of the recorder too."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from contracts.errors import Unavailable
from contracts.records import CaseEventKind, CaseRow
from dashboards.casebook import Casebook
from dashboards.recorder import Recorder
from dashboards.store.memory import MemoryStore
from tests.unit.dashboards.samples import MINUTE, START, case

OPENED, REPLIED, RESOLVED, REOPENED, RATED = (
    CaseEventKind.OPENED, CaseEventKind.REPLIED, CaseEventKind.RESOLVED, CaseEventKind.REOPENED, CaseEventKind.RATED
)  # fmt: skip
STORY = [
    case("e1", event=OPENED), case("e2", ts=START + MINUTE, event=REPLIED),
    case("e3", ts=START + 2 * MINUTE, event=REPLIED), case("e4", ts=START + 3 * MINUTE, event=RESOLVED),
    case("e5", ts=START + 4 * MINUTE, event=REOPENED), case("e6", ts=START + 5 * MINUTE, event=RESOLVED),
    case("e7", ts=START + 6 * MINUTE, event=RATED),
]  # fmt: skip
TOLD = [(True, 1), (True, 0), (False, 0), (True, -1), (True, 1), (False, -1), (True, 0)]


def told(rows: list[CaseRow]) -> list[tuple[bool, int]]:
    return [(one.first, one.change) for one in rows]


def test_first_of_its_kind_and_what_it_adds_to_the_open_ones() -> None:
    book = Casebook(None)
    rows = [book.told(one) for one in STORY]
    assert told(rows) == TOLD
    assert {one.opened for one in rows} == {START}


def test_a_new_recorder_goes_on_where_the_old_one_ended() -> None:
    for cut in range(len(STORY)):
        store = MemoryStore()
        for part in (STORY[:cut], STORY[max(0, cut - 2) :]):  # two come again after the crash
            recorder = Recorder(store)
            recorder.add(part)
            recorder.flush()
        assert told(store.cases("Delta", START, START + timedelta(days=1))) == TOLD


def test_a_case_whose_opening_was_never_told_counts_as_nothing() -> None:
    book = Casebook(None)
    row = book.told(case(event=RESOLVED))
    assert (row.opened, row.change) == (None, 0)
    assert book.told(case("e2", ts=START + MINUTE, event=RESOLVED)).change == 0


def test_an_event_before_the_opening_has_no_elapsed_time() -> None:
    book = Casebook(None)
    book.told(case("e1", ts=START + MINUTE, event=OPENED))
    assert book.told(case("e2", ts=START, event=REPLIED)).opened is None


def test_the_longest_untouched_is_forgotten() -> None:
    book = Casebook(None, limit=2)
    for number in (1, 2, 3):
        book.told(case(f"e{number}", f"c{number}", event=OPENED))
    assert book.told(case("f1", "c1", START + MINUTE, event=RESOLVED)).opened is None
    assert book.told(case("f3", "c3", START + MINUTE, event=RESOLVED)).opened == START


class _Away(MemoryStore):
    """Answers no question the first time."""

    asked = 0

    def cases(self, brand: str, start: datetime, end: datetime) -> list[CaseRow]:
        self.asked += 1
        if self.asked == 1:
            raise Unavailable("away")
        return super().cases(brand, start, end)


def test_a_store_that_cannot_be_asked_now_holds_the_rows_back() -> None:
    store = _Away()
    recorder = Recorder(store)
    recorder.add(STORY)
    with pytest.raises(Unavailable):
        recorder.flush()
    assert recorder.pending == len(STORY)
    recorder.flush()
    assert told(store.cases("Delta", START, START + timedelta(days=1))) == TOLD
