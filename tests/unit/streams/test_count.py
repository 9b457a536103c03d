"""Counting one partition: panes close on watermarks, repeats are dropped, late ones become corrections."""

from __future__ import annotations

import asyncio

from contracts.ports import In, Out
from contracts.records import Counts
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.seen_memory import MemorySeenIds
from tests.unit.streams.counting import (
    PANES,
    START,
    batch,
    closings,
    commit,
    core,
    corrections,
    counted,
    feed,
    mention,
)

FIRST = PANES.pane_of(START)


def fresh() -> tuple[MemoryLog, MemorySeenIds]:
    return MemoryLog(), MemorySeenIds(7200)


def messages(*values: bytes, start: int = 0) -> list[In]:
    return [In(start + index, value) for index, value in enumerate(values)]


def test_a_pane_closes_when_the_watermark_has_passed_it() -> None:
    part = core(*fresh())
    outs = feed(part, messages(batch(mention("a", 1), mention("b", 2, "good")), batch(mention("c", 19.9))))
    assert counted(outs) == {}
    outs = feed(part, messages(batch(progress=20), start=2))
    cells = counted(outs)
    assert cells[(FIRST, "brand=Delta")] == Counts(2, 1, 1, 1, 6)
    assert cells[(FIRST, "brand=Delta,channel=web")] == Counts(2, 1, 1, 1, 6)
    assert {one.closed for one in closings(outs)} == {FIRST + 1}


def test_every_partition_of_counts_hears_of_each_closing() -> None:
    part = core(*fresh())
    outs = feed(part, messages(batch(mention("a", 1), progress=60)))
    assert {out.partition for out in outs if out.topic is Topic.COUNTS} == {0, 1}
    assert [one.alive for one in closings(outs)] == [((FIRST, "shop"),)] * 2


def test_a_repeat_counts_once_also_within_one_message() -> None:
    part = core(*fresh())
    same = mention("a", 1)
    outs = feed(part, messages(batch(same, same), batch(same), batch(progress=30)))
    assert counted(outs)[(FIRST, "brand=Delta")].n == 1
    assert part.tally["repeats"] == 2


def test_the_same_text_under_another_brand_is_no_repeat() -> None:
    part = core(*fresh())
    outs = feed(part, messages(batch(mention("a", 1), mention("a", 1, brand="United"), progress=30)))
    cells = counted(outs)
    assert cells[(FIRST, "brand=Delta")].n == cells[(FIRST, "brand=United")].n == 1


def test_what_comes_late_changes_no_pane_and_goes_out_as_a_correction() -> None:
    part = core(*fresh())
    outs = feed(part, messages(batch(mention("a", 1)), batch(progress=60), batch(mention("b", 2)), batch(progress=61)))
    assert counted(outs)[(FIRST, "brand=Delta")].n == 1
    (late,) = corrections(outs).values()
    assert late.rows["brand=Delta"] == Counts(1, 1, 0, 1, 3)
    assert late.late_seconds == 43.0


def test_a_late_repeat_is_a_repeat_and_no_correction() -> None:
    part = core(*fresh())
    same = mention("a", 1)
    outs = feed(part, messages(batch(same), batch(progress=60), batch(same), batch(progress=61)))
    assert corrections(outs) == {}


def test_lateness_is_decided_in_reading_order_whatever_the_batch_borders() -> None:
    wire = [batch(mention("a", 1), mention("b", 40), mention("c", 2)), batch(progress=90)]
    together = feed(core(*fresh()), messages(*wire))
    part = core(*fresh())
    apart = [*feed(part, messages(wire[0])), *feed(part, messages(wire[1], start=1))]
    assert counted(together) == counted(apart)
    assert corrections(together).keys() == corrections(apart).keys() == {"0:0:2"}


def test_the_slowest_source_holds_the_watermark_until_it_ends() -> None:
    part = core(*fresh())
    slow = mention("s", 1, source="slow")
    outs = feed(part, messages(batch(slow, source="slow"), batch(mention("a", 2), progress=100)))
    assert counted(outs) == {}
    outs = feed(part, messages(batch(progress=3, end=True, source="slow"), start=2))
    assert counted(outs)[(FIRST, "brand=Delta")].n == 2


def test_a_dead_source_is_waited_for_no_more() -> None:
    part = core(*fresh())
    feed(part, messages(batch(mention("s", 1, source="slow"), source="slow"), batch(progress=2)))
    steps = [batch(progress=second) for second in (30, 60, 90, 120, 151)]
    outs = feed(part, messages(*steps, start=2))
    assert counted(outs) == {}, "patience is 120 s and twice the lateness"
    outs = feed(part, messages(batch(progress=153), start=7))
    assert counted(outs)[(FIRST, "brand=Delta")].n == 1


def test_the_end_mark_closes_the_last_pane() -> None:
    part = core(*fresh())
    outs = feed(part, messages(batch(mention("a", 1), progress=1, end=True)))
    assert counted(outs)[(FIRST, "brand=Delta")].n == 1


def test_an_end_mark_without_a_time_closes_what_its_source_has_shown() -> None:
    part = core(*fresh())
    outs = feed(part, messages(batch(mention("a", 1)), batch(end=True)))
    assert counted(outs)[(FIRST, "brand=Delta")].n == 1


def test_a_message_that_is_no_batch_is_a_dead_letter_and_costs_nothing_beside_itself() -> None:
    part = core(*fresh())
    outs = feed(part, messages(b'{"nonsense": 13800138000', batch(mention("a", 1), progress=60)))
    (letter,) = [out for out in outs if out.topic is Topic.DEAD]
    assert b"offset 0" in letter.value
    assert b"13800138000" not in letter.value
    assert counted(outs)[(FIRST, "brand=Delta")].n == 1


def test_ids_lost_by_the_store_are_read_from_the_log_again() -> None:
    log, seen = fresh()
    first, second = batch(mention("a", 1)), batch(mention("a", 1), progress=60)

    asyncio.run(log.send([Out(Topic.MENTIONS, "", first, 0), Out(Topic.MENTIONS, "", second, 0)]))
    part = core(log, seen)
    outs = feed(part, log.messages(Topic.MENTIONS, 0)[:1])
    seen.forget()
    outs += feed(part, log.messages(Topic.MENTIONS, 0)[1:])
    assert part.tally["horizon_read_again"] == 1
    assert counted(outs)[(FIRST, "brand=Delta")].n == 1


def test_marks_alone_do_not_look_like_a_loss_of_ids() -> None:
    part = core(*fresh())
    for message in messages(batch(mention("a", 1)), batch(progress=2), batch(progress=3), batch(mention("b", 4))):
        feed(part, [message])
    assert part.tally["mentions"] == 2
    assert part.tally["horizon_read_again"] == 0


def test_a_commit_says_where_the_oldest_open_pane_begins() -> None:
    part = core(*fresh())
    feed(part, messages(batch(mention("a", 1)), batch(mention("b", 30)), batch(mention("c", 31))))
    made = commit(part)
    assert made is not None
    assert made.offset == 1
    assert f'"closed":{FIRST + 3}' in made.metadata
    assert commit(part) is None, "nothing new is worth a commit"


def test_metadata_of_a_hundred_sources_fits_kafka() -> None:
    part = core(*fresh())
    for number in range(150):
        feed(part, messages(batch(progress=number, source=f"source {number}"), start=number))
    made = commit(part)
    assert made is not None
    assert len(made.metadata) < 4096
