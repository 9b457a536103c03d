"""What is done to a ledger behind its writer's back is found and named."""

from __future__ import annotations

import json
import pickle
from datetime import timedelta, timezone

import pytest

from alerts.ledger.chain import Book, content, mac_of
from alerts.ledger.heads import head_of, newest
from alerts.ledger.verify import Flaw, Found, verify
from contracts.codec import decode, encode
from contracts.records import LedgerEntry
from tests.unit.alerts.ledger.given import KEY, NOON, OTHER, book, flaws, judged, note


def test_an_untouched_ledger_is_good() -> None:
    entries = book(5) + book(3, "decide-1")
    verdict = judged(entries, entries)
    assert verdict.good
    assert verdict.books == {"decide-0": 5, "decide-1": 3}
    assert verdict.entries == 8


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "wang"},
        {"what": "command.silence"},
        {"subject": "incident-9"},
        {"brand": "United"},
        {"at": NOON},
        {"body": {"reason": "看到 2"}},
        {"body": {}},
        {"prev": "0" * 64},
        {"mac": "f" * 64},
    ],
    ids=str,
)
def test_a_changed_entry_is_named(change: dict[str, object]) -> None:
    entries = book(5)
    entries[2] = entries[2].model_copy(update=change)
    assert flaws(judged(entries, book(5))) == [(Flaw.CHANGED, 2, 2)]


def test_a_change_with_all_plain_hashes_computed_anew_is_found_from_there_on() -> None:
    """Who lacks the key can link a new history, but not sign it."""
    entries = book(2)
    for number in range(2, 5):
        forged = note(number, "command.silence")
        entry = LedgerEntry(
            book="decide-0",
            seq=number,
            at=forged.at,
            brand=forged.brand,
            actor=forged.actor,
            what=forged.what,
            prev=entries[-1].mac,
            key=KEY.name,
            mac="0" * 64,
        )
        entries.append(entry.model_copy(update={"mac": mac_of(entry, OTHER)}))
    assert flaws(judged(entries, book(5))) == [(Flaw.CHANGED, number, number) for number in range(2, 5)]


def test_removed_entries_are_named_as_one_stretch() -> None:
    entries = book(8)
    assert flaws(judged(entries[:2] + entries[5:], entries)) == [(Flaw.REMOVED, 2, 4)]
    assert flaws(judged(entries[3:], entries)) == [(Flaw.REMOVED, 0, 2)]


def test_a_repeated_entry_is_named_with_its_place() -> None:
    entries = book(4)
    verdict = judged([*entries[:3], entries[1], entries[3]], entries)
    assert flaws(verdict) == [(Flaw.REPEATED, 1, 1)]
    assert verdict.findings[0].sentence == "repeated: decide-0 entry 1: stands again at row 4"


def test_reordered_entries_are_named_and_no_others() -> None:
    entries = book(6)
    assert flaws(judged([*entries[:2], *entries[3:], entries[2]], entries)) == [(Flaw.REORDERED, 2, 2)]
    assert flaws(judged([entries[4], *entries[:4], entries[5]], entries)) == [(Flaw.REORDERED, 4, 4)]


def test_exchanged_numbers_are_named_by_the_numbers_they_had() -> None:
    entries = book(6)
    entries[2], entries[3] = (
        entries[3].model_copy(update={"seq": 2}),
        entries[2].model_copy(update={"seq": 3}),
    )
    found = flaws(judged(entries, book(6)))
    assert (Flaw.REORDERED, 2, 2) in found
    assert {first for _, first, _ in found} <= {2, 3}


def moved(entries: list[LedgerEntry], by: int) -> list[LedgerEntry]:
    return [one.model_copy(update={"seq": one.seq + by}) for one in entries]


def test_of_a_removed_entry_whose_followers_were_numbered_anew_the_removed_one_is_named() -> None:
    entries = book(20)
    verdict = judged([*entries[:8], *moved(entries[9:], -1)], entries)
    assert flaws(verdict) == [(Flaw.REORDERED, 9, 19), (Flaw.REMOVED, 8, 8)]
    assert verdict.findings[0].text == "bear the numbers 8 to 18, from row 9 on"
    assert flaws(judged([*entries[:2], *moved(entries[5:], -3)])) == [(Flaw.REORDERED, 5, 19), (Flaw.REMOVED, 2, 4)]


def test_numbered_anew_at_two_places_and_changed_in_between() -> None:
    entries = book(20)
    rest = [*entries[:3], *moved(entries[4:10], -1), *moved(entries[12:], -3)]
    rest[6] = rest[6].model_copy(update={"actor": "wang"})
    assert flaws(judged(rest, entries)) == [
        (Flaw.REORDERED, 4, 6),
        (Flaw.REORDERED, 8, 9),
        (Flaw.REORDERED, 12, 19),
        (Flaw.CHANGED, 6, 6),
        (Flaw.REMOVED, 3, 3),
        (Flaw.REMOVED, 7, 7),
        (Flaw.REMOVED, 10, 11),
    ]


def test_a_book_without_a_head_or_with_an_old_one_is_said_to_be_open_at_its_end() -> None:
    entries = book(4)
    assert judged(entries, entries).unanchored == []
    assert judged(entries).unanchored == ["decide-0: no head of it is known"]
    assert judged(entries, entries[:2]).unanchored == ["decide-0: the newest head is of entry 1, the newest entry is 3"]


def test_a_cut_off_end_is_named_by_a_head_from_outside() -> None:
    entries = book(6)
    assert flaws(judged(entries[:4], entries)) == [(Flaw.CUT_OFF, 4, 5)]
    assert flaws(judged([], entries)) == [(Flaw.CUT_OFF, 0, 5)]
    assert judged(entries[:4]).good, "without a head from outside a cut cannot be seen"


def test_another_history_under_the_same_key_is_told_from_the_anchored_one() -> None:
    """The one who holds the key rewrites the past; the head outside remembers."""
    writer = Book("decide-0", KEY)
    rewritten = [writer.write(note(number, "command.silence")) for number in range(5)]
    assert flaws(judged(rewritten, book(3))) == [(Flaw.FORKED, 2, 2)]
    spliced = [*book(3), *rewritten[3:]]
    assert flaws(judged(spliced)) == [(Flaw.FORKED, 3, 3)]


def test_a_changed_head_and_a_wrong_key_are_told_apart() -> None:
    entries = book(3)
    head = head_of(entries[2], KEY).model_copy(update={"seq": 1})
    assert flaws(verify([Found("row", one) for one in entries], [head], KEY)) == [(Flaw.CHANGED, 1, 1)]
    assert {one.flaw for one in judged(entries, key=OTHER).findings} == {Flaw.OTHER_KEY}


def test_a_number_far_ahead_costs_nothing_and_is_named() -> None:
    entries = book(3)
    entries[2] = entries[2].model_copy(update={"seq": 10**15})
    assert [flaw for flaw, *_ in flaws(judged(entries, book(3)))] == [Flaw.REORDERED]


def test_what_is_no_entry_is_named_by_its_place() -> None:
    verdict = verify([Found("ledger row 3", None, "is no entry")], [], KEY)
    assert [one.sentence for one in verdict.findings] == ["unreadable: ledger row 3: is no entry"]


def test_equal_notes_give_equal_bytes_also_after_a_restart() -> None:
    writer = Book("decide-0", KEY)
    first = [writer.write(note(0)), writer.write(note(1))]
    restored: Book = pickle.loads(pickle.dumps(writer))  # noqa: S301
    assert KEY.secret not in pickle.dumps(writer)
    with pytest.raises(RuntimeError, match="adopt"):
        restored.write(note(2))
    assert not restored.adopt(Book("decide-1", KEY))
    assert restored.adopt(Book("decide-0", KEY))
    assert [*first, restored.write(note(2))] == book(3)


def test_an_entry_survives_the_wire_and_another_zone() -> None:
    entry = book(1)[0]
    again = decode(LedgerEntry, encode(entry))
    assert again == entry
    moved = entry.model_copy(update={"at": entry.at.astimezone(timezone(timedelta(hours=8)))})
    assert content(moved) == content(entry)
    assert json.loads(content(entry))["body"] == entry.body


def test_the_newest_entry_of_each_book_makes_its_head() -> None:
    heads = newest([*book(3), *book(2, "decide-1")], KEY)
    assert [(head.book, head.seq) for head in heads] == [("decide-0", 2), ("decide-1", 1)]
