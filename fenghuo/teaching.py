"""A person's correction of one mention: its text from the log, the command that teaches it, what came of it.

The command stands twice: in ``lessons``, where it is learned, and without its text in ``decide.in`` of its brand, so
that the ledger knows who said it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson

from contracts.codec import decode, decode_mixed, encode_mixed
from contracts.errors import Invalid
from contracts.panes import Panes
from contracts.ports import Out
from contracts.records import Batch, Command, CommandKind, Lesson, Mention, Task, lesson_of
from contracts.records.lesson import MAX_LESSON
from contracts.series import partition_of
from contracts.topics import Topic
from fenghuo.live import ALL, Log
from streams.lessons import PLACE

_AHEAD = 2
"""Buckets until a correction holds: so many records are still on their way."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the log holds of corrections."""

    lessons: tuple[Command, ...]
    outcomes: tuple[Command, ...]


async def find(log: Log, partitions: int, name: str) -> Mention:
    """The mention with the id ``name``; reads its partition of the log from the start. Raises Invalid."""
    wanted = orjson.dumps(name)
    async for message in log.read(Topic.MENTIONS, partition_of(name, partitions), 0, ALL):
        if wanted in message.value:
            for one in decode(Batch, message.value).mentions:
                if one.id == name:
                    return one
    raise Invalid(f"the log holds no mention with the id {name}; replay --readings and the console show ids")


def lesson_for(mention: Mention, task: Task, label: str, now: datetime, panes: Panes) -> Lesson:
    """What is taught, and from when it holds."""
    begin = panes.bucket_start(panes.bucket_of(panes.pane_of(now)) + _AHEAD)
    return Lesson(task=task, mention=mention.id[:200], text=mention.text[:MAX_LESSON], label=label, begin=begin)


def command_for(lesson: Lesson, name: str, brand: str, author: str, now: datetime, comment: str) -> Command:
    """The lesson as a record."""
    args = lesson.model_dump(mode="json", by_alias=True)
    return Command(
        id=name, kind=CommandKind.TEACH, brand=brand, author=author, issued_at=now, reason=comment, args=args
    )


def outs(command: Command, partitions: int) -> list[Out]:
    """Both places of the command, the one that learns first."""
    bare = command.model_copy(update={"args": {key: value for key, value in command.args.items() if key != "text"}})
    place = partition_of(command.brand, partitions)
    return [
        Out(Topic.LESSONS, command.brand, encode_mixed([command]), PLACE),
        Out(Topic.DECIDE_IN, command.brand, encode_mixed([bare]), place),
    ]


async def read_known(log: Log) -> Known:
    """All corrections and outcomes that the log still holds, in their order."""
    lessons: dict[str, Command] = {}
    async for message in log.read(Topic.LESSONS, PLACE, 0, ALL):
        told = (one for one in decode_mixed(message.value) if isinstance(one, Command))
        lessons.update((one.id, one) for one in told if lesson_of(one) is not None)
    outcomes: dict[str, Command] = {}
    async for message in log.read(Topic.DECIDE_IN, PLACE, 0, ALL):
        if b'"kind":"model"' in message.value:
            told = (one for one in decode_mixed(message.value) if isinstance(one, Command))
            outcomes.update((one.id, one) for one in told if one.kind is CommandKind.MODEL)
    return Known(tuple(lessons.values()), tuple(outcomes.values()))
