"""Readings of a batch: in order, by the reader of each mention's place, and the same as one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.ports import Reader
from contracts.records import CaseEvent, CaseEventKind, Mention, Reading
from streams.count_state import Candidate
from streams.readings import readings
from streams.text.reader import LexiconReader
from tests.unit.streams.counting import START, TwoWordReader, mention

LEXICON, TWO_WORDS = LexiconReader(), TwoWordReader()
TEXTS = st.sampled_from(
    ["客服态度差，没有问题", "bad", "good crew, THANK you!!", "", "三天没人理 @united http://t.co/x", "1"]
)
PLACES = st.tuples(TEXTS, st.integers(0, 3), st.integers(0, 3), st.booleans(), st.booleans(), st.booleans())


class Places:
    """A reader for each place, or one for all."""

    def __init__(self, plain: Reader | None) -> None:
        self.plain = plain

    def reader(self, offset: int, pane: int) -> Reader:
        return self.plain or (LEXICON if offset > 1 and pane > 0 else TWO_WORDS)


def candidate(text: str, offset: int, pane: int, case: bool, done: bool) -> Candidate:
    record: Mention | CaseEvent = mention("a", 0, text)
    if case:
        shared = {"ts": START, "received_at": START, "source": "crm", "brand": "Delta"}
        record = CaseEvent(id="c", case_id="1", event=CaseEventKind.OPENED, **shared)
    return Candidate(record, offset, (b"a", f"0:{offset}:0", 0), pane, None, done)


@given(st.lists(PLACES, max_size=12), st.sampled_from([None, LEXICON]))
@settings(max_examples=60, deadline=None)
def test_each_mention_that_counts_is_read_by_its_own_reader_and_as_alone(
    rows: list[tuple[str, int, int, bool, bool, bool]], plain: Reader | None
) -> None:
    places = Places(plain)
    candidates = [candidate(text, offset, pane, case, done) for text, offset, pane, case, done, _ in rows]
    counts = [new for *_, new in rows]
    expected: list[Reading] = [
        places.reader(one.offset, one.pane).read(one.record.text, one.record.lang)
        for one, new in zip(candidates, counts, strict=True)
        if new and not one.done and isinstance(one.record, Mention)
    ]
    assert list(readings(candidates, counts, places)) == expected
