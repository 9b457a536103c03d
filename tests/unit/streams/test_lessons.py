"""Learning in one place, and reading with what was learned: by the log alone, the same after a kill."""

from __future__ import annotations

import asyncio
import pickle
from datetime import datetime, timedelta

import pytest

from contracts.codec import decode, decode_mixed, encode, encode_mixed
from contracts.errors import InvalidSnapshot, Lost
from contracts.ports import Checkpoint, In, Out
from contracts.records import Batch, Command, CommandKind, ModelVersion, PaneCounts, Task
from contracts.topics import Topic
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.seen_memory import MemorySeenIds
from fenghuo.learning import learn_core, made_of
from streams.count import CountPartition
from streams.count_settings import CountSettings
from streams.lessons import SOURCE, LearnCore
from streams.text.category_guard import shipped_sample
from streams.text.category_model import CategoryLearner
from streams.text.learned_pack import SmallLearner, pack, trimmed, unpack
from streams.text.reader import LexiconReader, thirty_word_reader
from streams.text.taxonomy import Taxonomy
from tests.unit.streams.counting import PANES, START, batch, feed, mention

ODD = "杯垫花纹总是对不上"
NEW = "杯垫花纹又对不上"


def lesson(
    number: int, text: str, label: str, author: str = "lin", after: float = 120, task: Task = Task.CATEGORY
) -> Command:
    begin = START + timedelta(seconds=after)
    args = {"task": task.value, "mention": f"m{number}", "text": text, "label": label, "from": begin.isoformat()}
    return Command(id=f"t{number}", kind=CommandKind.TEACH, brand="Delta", author=author, issued_at=begin, args=args)


def core(partitions: int = 2) -> LearnCore:
    return learn_core(partitions, PANES, Taxonomy(), LexiconReader())


def taught(learn: LearnCore, *lessons: Command) -> list[Out]:
    return learn.take(encode_mixed(lessons))


def versions(outs: list[Out], partition: int = 0) -> list[ModelVersion]:
    mine = (decode(Batch, one.value) for one in outs if one.topic is Topic.MENTIONS and one.partition == partition)
    return [one.version for one in mine if one.version is not None]


def outcomes(outs: list[Out]) -> list[Command]:
    told = (decode_mixed(one.value) for one in outs if one.topic is Topic.DECIDE_IN)
    return [one for records in told for one in records if isinstance(one, Command)]


GOOD = tuple(lesson(number, f"{ODD}{number}", "quality") for number in range(40))


def test_lessons_become_a_version_for_every_partition_and_an_outcome_for_the_ledger() -> None:
    outs = taught(core(partitions=3), *GOOD)
    assert [len(versions(outs, partition)) for partition in range(4)] == [1, 1, 1, 0]
    (version,) = versions(outs)
    assert (version.number, version.learned, version.task) == (1, 40, Task.CATEGORY)
    assert version.holds == START + timedelta(seconds=120)
    (told,) = outcomes(outs)
    assert (told.kind, told.args["outcome"], told.args["version"]) == (CommandKind.MODEL, "published", 1)
    assert len(outs[-1].value) < 900_000
    reader = made_of(LexiconReader(), Taxonomy())({Task.CATEGORY: version.payload})
    assert LexiconReader().read(NEW).category == "other"
    assert reader.read(NEW).category == "quality"


def test_a_burst_of_wrong_lessons_is_rolled_back_and_both_outcomes_are_told() -> None:
    learn = core()
    taught(learn, *GOOD)
    wrong = [lesson(100 + n, text, "price", "troll") for n, (text, _) in enumerate(shipped_sample()[:50])]
    outs = taught(learn, *wrong)
    assert versions(outs) == []
    (told,) = outcomes(outs)
    assert told.args["outcome"] == "rolled_back"
    assert float(str(told.args["score"])) < float(str(told.args["before"]))
    before = learn.model(Task.CATEGORY)
    good = taught(learn, *(lesson(200 + n, f"{ODD}{n}", "quality") for n in range(3)))
    assert [one.number for one in versions(good)] == [2]
    assert before is not None


def test_what_is_unknown_said_twice_or_too_much_is_passed_over() -> None:
    learn = core()
    assert taught(learn, lesson(1, ODD, "no such thing")) == []
    assert taught(learn, GOOD[0]) != [] == taught(learn, GOOD[0])
    taught(learn, *(lesson(10 + n, f"{ODD}{n}", "quality") for n in range(80)))
    assert learn.tally["learned"] == 49  # the unknown one counts against its author, too
    assert learn.tally["ignored"] == 33


def test_equal_lessons_give_equal_bytes_also_after_a_snapshot() -> None:
    one, other = core(), core()
    assert taught(one, *GOOD[:20]) == taught(other, *GOOD[:20])
    other = pickle.loads(pickle.dumps(other))  # noqa: S301
    assert taught(one, *GOOD[20:]) == taught(other, *GOOD[20:])
    assert one.adopt(core()) and not one.adopt(core(partitions=5))


def test_a_model_is_trimmed_and_packed_without_loss() -> None:
    learner = SmallLearner(CategoryLearner())
    for number in range(60):
        learner.learn_one(f"{ODD}{number}", "quality")
        learner.learn_one(f"骑手迟到第{number}次", "logistics")
    model = trimmed(learner.freeze(), 20)
    assert len(model.places) == 20
    again = unpack(pack(model))
    assert again.scores(NEW) == model.scores(NEW)
    assert (again.version, again.trust, again.labels) == (model.version, model.trust, model.labels)
    with pytest.raises(InvalidSnapshot):
        unpack("nothing of the kind")


def counting(log: MemoryLog, seen: MemorySeenIds, committed: Checkpoint | None = None) -> CountPartition:
    reader = LexiconReader()
    part = CountPartition(0, 1, PANES, CountSettings(), reader, seen, log, committed, None, made_of(reader, Taxonomy()))
    asyncio.run(part.recall())
    return part


def categories(outs: list[Out]) -> dict[str, str]:
    """By id of the mention, as evidence says; a pane published again replaces."""
    records = (one for out in outs if out.topic is Topic.COUNTS for one in decode_mixed(out.value))
    return {one.id: one.category for record in records if isinstance(record, PaneCounts) for one in record.evidence}


def stream() -> list[In]:
    """Mentions before the version, in its first bucket, and after it."""
    (version,) = versions(taught(core(), *GOOD))
    published = encode(Batch(source=SOURCE, lateness=0, version=version))
    values = [
        batch(mention("a", 1, NEW)),
        batch(mention("b", 130, NEW)),
        published,
        batch(mention("c", 118, NEW), mention("d", 131, NEW)),
        published,
        batch(mention("e", 200, NEW)),
        batch(progress=400, end=True),
    ]
    return [In(offset, value) for offset, value in enumerate(values)]


WANTED = {"a": "other", "b": "other", "c": "other", "d": "quality", "e": "quality"}


def test_category_and_sentiment_are_learned_apart_and_read_together() -> None:
    learn, reader = core(), LexiconReader()
    praise = [lesson(300 + n, f"{ODD}{n}", "positive", task=Task.SENTIMENT) for n in range(8)]
    outs = taught(learn, *GOOD, *praise)
    published = versions(outs)
    assert {one.task: (one.number, one.learned) for one in published} == {
        Task.CATEGORY: (1, 40),
        Task.SENTIMENT: (1, 8),
    }
    assert {told.args["task"] for told in outcomes(outs)} == {"category", "sentiment"}
    read = made_of(reader, Taxonomy())({one.task: one.payload for one in published}).read(NEW)
    assert (reader.read(NEW).sentiment.value, read.sentiment.value) == ("negative", "positive")
    assert read.category == "quality"
    assert read.model == f"{reader.version}+{'+'.join(one.model for one in published[::-1])}"
    assert learn_core(2, PANES, Taxonomy(), thirty_word_reader()).model(Task.SENTIMENT) is None


async def filled(messages: list[In]) -> MemoryLog:
    log = MemoryLog()
    await log.send([Out(Topic.MENTIONS, "k", one.value, 0) for one in messages])
    return log


def test_a_version_holds_from_its_place_and_its_bucket() -> None:
    messages = stream()
    part = counting(asyncio.run(filled(messages)), MemorySeenIds(7200))
    assert categories(feed(part, messages)) == WANTED


@pytest.mark.parametrize("kill", range(1, 7))
def test_a_killed_worker_reads_again_as_it_read_before(kill: int) -> None:
    messages = stream()
    log, seen = asyncio.run(filled(messages)), MemorySeenIds(7200)
    part = counting(log, seen)
    outs = feed(part, messages[:kill])
    committed = asyncio.run(part.checkpoint(0.0))
    again = counting(log, seen, committed)
    outs += feed(again, messages[committed.offset if committed else 0 :])
    assert categories(outs) == WANTED


def test_a_version_that_the_log_lost_is_a_loss() -> None:
    messages = stream()
    part = counting(asyncio.run(filled(messages)), MemorySeenIds(7200))
    feed(part, messages[:4])
    committed = asyncio.run(part.checkpoint(0.0))
    with pytest.raises(Lost, match="no longer holds the models"):
        counting(MemoryLog(), MemorySeenIds(7200), committed)


def test_a_batch_with_a_version_is_no_source() -> None:
    messages = stream()
    part = counting(asyncio.run(filled(messages)), MemorySeenIds(7200))
    feed(part, messages[2:3])
    assert part.watermark < datetime(1980, 1, 1, tzinfo=START.tzinfo)
    assert SOURCE not in str(asyncio.run(part.checkpoint(0.0)))
