"""Records travel in arrays that Kafka takes, repeats beside one another, marks everywhere."""

from __future__ import annotations

from contracts.codec import decode, encode
from contracts.records import Batch, Mention
from contracts.series import partition_of
from streams.batch import MAX_BYTES, end, gather, heartbeat, outs, progress
from tests.unit.streams.intake_help import NOON, intake, raw, source


def mentions(count: int, text: str = "Delta") -> list[Mention]:
    door = intake()
    return [door.take(raw(id=f"m{number}", text=text), "item", NOON)[0] for number in range(count)]


def test_a_mention_goes_to_the_partition_of_its_id_and_order_is_kept() -> None:
    given = mentions(50)
    placed = gather(source(), given, 6)
    assert sorted(one.id for _, batch in placed for one in batch.mentions) == sorted(one.id for one in given)
    for partition, batch in placed:
        assert {partition_of(one.id, 6) for one in batch.mentions} == {partition}
        numbers = [int(one.id[1:]) for one in batch.mentions]
        assert numbers == sorted(numbers)


def test_no_batch_is_longer_than_500_or_larger_than_kafka_takes() -> None:
    assert [len(batch.mentions) for _, batch in gather(source(), mentions(1_001), 1)] == [500, 500, 1]
    nasty = gather(source(), mentions(60, 'Delta "\x01\\' * 2_000), 1)
    assert sum(len(batch.mentions) for _, batch in nasty) == 60
    assert max(len(encode(batch)) for _, batch in nasty) <= MAX_BYTES
    assert len(nasty) > 1


def test_marks_reach_every_partition_and_carry_the_lateness_of_their_source() -> None:
    late = source(kind="polled")
    assert [partition for partition, _ in progress(late, NOON, 6)] == list(range(6))
    assert all(batch.progress == NOON and batch.lateness == 600 for _, batch in progress(late, NOON, 6))
    assert all(batch.end and batch.progress == NOON for _, batch in end(late, NOON, 6))
    assert {batch.source for _, batch in heartbeat(NOON, 15.0, 6)} == {"fenghuo"}


def test_what_is_sent_can_be_read_again() -> None:
    placed = gather(source(), mentions(3), 2)
    sent = outs(placed)
    assert [(one.partition, decode(Batch, one.value)) for one in sent] == placed
