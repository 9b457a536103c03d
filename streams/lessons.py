"""Learning in one place: lessons in, versions of models out, each judged before it holds.

In the flow: commands of kind ``teach`` in the topic ``lessons`` → :class:`LearnCore` → a
:class:`~contracts.records.ModelVersion` for every partition of ``mentions``, and for the ledger a command that says
what came of it. The lessons of one message are learned together; a version that reads the fixed sample worse is rolled
back author by author. A pure function of the lessons in their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from pydantic import JsonValue

from contracts.codec import decode_mixed, encode, encode_mixed
from contracts.panes import Panes
from contracts.ports import Out
from contracts.records import Batch, Command, CommandKind, Lesson, ModelVersion, Task, lesson_of
from contracts.records.incident import rfc3339, six_digits
from contracts.topics import Topic
from streams.text.learn import Correction, GuardedLearning, Published, RolledBack

SOURCE = "lessons"
"""Of the batches that carry versions: no source of mentions."""
PLACE = 0
"""The partition in which everything is learned."""
_KNOWN = 10_000
_GUARD = "guard"


@dataclass(slots=True)
class School:
    """One task: its guarded learner, how its models are packed, and what may be taught."""

    learning: GuardedLearning[Any]
    pack: Callable[[Any], str]
    labels: frozenset[str]


class LearnCore:
    """State of the one partition of lessons.

    Parameters
    ----------
    partitions
        Of ``mentions``: each gets every version.
    schools
        By task; lessons of others are passed over.
    basis
        What the schools were made of; where it differs, all lessons are learned again from the log.
    most_by_author
        Lessons of one author for one bucket; more are ignored.
    """

    def __init__(
        self,
        partitions: int,
        panes: Panes,
        schools: Mapping[Task, School],
        basis: str = "",
        most_by_author: int = 50,
    ) -> None:
        self._partitions = partitions
        self._panes = panes
        self._schools = dict(schools)
        self._made_under = (partitions, panes, basis, most_by_author)
        self._most = most_by_author
        self._known: dict[str, None] = {}
        self._bucket = -1
        self._by_author: Counter[str] = Counter()
        self._reached: datetime | None = None
        self.tally: Counter[str] = Counter()
        """learned, ignored, published, rolled_back."""

    def take(self, value: bytes) -> list[Out]:
        """One message of lessons."""
        taught: dict[Task, list[tuple[Command, Lesson]]] = {}
        for record in decode_mixed(value):
            lesson = lesson_of(record) if isinstance(record, Command) else None
            if isinstance(record, Command) and lesson is not None and self._counts(record, lesson):
                taught.setdefault(lesson.task, []).append((record, lesson))
        return [out for task in sorted(taught) for out in self._learn(task, taught[task])]

    def reached(self) -> datetime | None:
        """From when the newest lessons hold."""
        return self._reached

    def adopt(self, fresh: LearnCore) -> bool:
        """Another basis needs a state built from the log."""
        return self._made_under == fresh._made_under

    def model(self, task: Task) -> str | None:
        """The packed model that holds last; none while nothing was learned."""
        school = self._schools.get(task)
        newest = None if school is None else school.learning.newest
        return school.pack(newest.model) if school is not None and newest is not None and newest.version else None

    def _counts(self, command: Command, lesson: Lesson) -> bool:
        """Whether it is new, can be learned, and is within its author's bounds for its bucket."""
        school = self._schools.get(lesson.task)
        if command.id in self._known or school is None:
            return False
        self._known[command.id] = None
        if len(self._known) > _KNOWN:
            del self._known[next(iter(self._known))]
        bucket = self._panes.bucket_of(self._panes.pane_of(lesson.begin))
        if bucket != self._bucket:
            self._bucket, self._by_author = bucket, Counter()
        self._by_author[command.author] += 1
        good = lesson.label in school.labels and self._by_author[command.author] <= self._most
        self.tally["learned" if good else "ignored"] += 1
        return good

    def _learn(self, task: Task, taught: list[tuple[Command, Lesson]]) -> list[Out]:
        school = self._schools[task]
        for command, lesson in taught:
            school.learning.correct(Correction(lesson.text, lesson.label, command.author))
        begin = max(lesson.begin for _, lesson in taught)
        self._reached = begin if self._reached is None else max(begin, self._reached)
        before = self._panes.bucket_of(self._panes.pane_of(self._reached)) - 1
        outcome = school.learning.close(before)
        if outcome is None:
            return []
        self.tally["published" if isinstance(outcome, Published) else "rolled_back"] += 1
        outs = [self._told(task, outcome, taught[-1][0])]
        if isinstance(outcome, Published):
            outs += self._published(task, outcome, school)
        return outs

    def _published(self, task: Task, outcome: Published, school: School) -> list[Out]:
        model = school.learning.at(outcome.holds_from)
        version = ModelVersion(
            task=task,
            number=outcome.version,
            holds=self._panes.bucket_start(outcome.holds_from),
            score=outcome.score,
            before=outcome.before,
            learned=outcome.learned,
            model=model.version,
            payload=school.pack(model),
        )
        payload = encode(Batch(source=SOURCE, lateness=0, version=version))
        return [Out(Topic.MENTIONS, SOURCE, payload, partition) for partition in range(self._partitions)]

    def _told(self, task: Task, outcome: Published | RolledBack, last: Command) -> Out:
        """For the ledger: what came of the lessons."""
        held = isinstance(outcome, Published)
        args: dict[str, JsonValue] = {
            "outcome": "published" if held else "rolled_back",
            "task": task.value,
            "version": outcome.version,
            "score": six_digits(outcome.score),
            "before": six_digits(outcome.before),
            "dropped": outcome.dropped,
            "ignored": outcome.ignored,
        }
        if isinstance(outcome, Published):
            args["learned"] = outcome.learned
            args["from"] = rfc3339(self._panes.bucket_start(outcome.holds_from))
        name = blake2b(f"{task}|{outcome.version}|{last.id}".encode(), digest_size=6).hexdigest()
        command = Command(
            id=name, kind=CommandKind.MODEL, brand="*", author=_GUARD, issued_at=last.issued_at, args=args
        )
        return Out(Topic.DECIDE_IN, "*", encode_mixed([command]), PLACE)
