"""Whatever is done to a ledger with known heads is found, and what was left alone is not accused."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.ledger.verify import Flaw
from contracts.records import LedgerEntry
from tests.unit.alerts.ledger.given import book, flaws, judged

ENTRIES = book(12)
PLACES = st.integers(0, len(ENTRIES) - 1)
FIELDS = st.sampled_from(["actor", "what", "subject", "brand"])


@settings(deadline=None, max_examples=50)
@given(st.sets(PLACES))
def test_removed_entries_are_named_exactly(gone: set[int]) -> None:
    kept = [one for one in ENTRIES if one.seq not in gone]
    named = set()
    for flaw, first, last in flaws(judged(kept, ENTRIES)):
        assert flaw in (Flaw.REMOVED, Flaw.CUT_OFF)
        assert first is not None
        assert last is not None
        named |= set(range(first, last + 1))
    assert named == gone


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(PLACES, st.tuples(FIELDS, st.text(min_size=1, max_size=20))))
def test_changed_entries_are_named_exactly(changes: dict[int, tuple[str, str]]) -> None:
    entries = list(ENTRIES)
    changed = set()
    for place, (field, value) in changes.items():
        if getattr(entries[place], field) != value:
            changed.add(place)
            entries[place] = entries[place].model_copy(update={field: value})
    found = flaws(judged(entries, ENTRIES))
    assert found == [(Flaw.CHANGED, place, place) for place in sorted(changed)]


@settings(deadline=None, max_examples=50)
@given(st.permutations(range(12)))
def test_any_other_order_is_found(order: list[int]) -> None:
    found = flaws(judged([ENTRIES[place] for place in order], ENTRIES))
    assert {flaw for flaw, *_ in found} == ({Flaw.REORDERED} if order != sorted(order) else set())


@settings(deadline=None, max_examples=50)
@given(st.lists(PLACES, max_size=4), st.data())
def test_repeats_are_named_exactly(again: list[int], data: st.DataObject) -> None:
    entries: list[LedgerEntry] = list(ENTRIES)
    for number in again:
        place = data.draw(st.integers(entries.index(ENTRIES[number]) + 1, len(entries)))
        entries.insert(place, ENTRIES[number])
    assert sorted(flaws(judged(entries, ENTRIES))) == sorted((Flaw.REPEATED, one, one) for one in again)
