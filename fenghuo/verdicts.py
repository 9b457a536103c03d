"""A person's word on an incident: what it is about, as a command for the log; read back, listed, and put on the past.

The command stands in the log twice: in ``counts``, where the detectors of its brand act on it, and in ``decide.in``,
so that the ledger and everything behind deciding know of it. Pure but for reading the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from alerts.why import Answer
from contracts.codec import decode, decode_mixed, encode
from contracts.errors import Invalid, InvalidFile, InvalidRecord
from contracts.panes import EPOCH, Panes
from contracts.records import (
    Command,
    CommandKind,
    Feedback,
    IncidentEvent,
    IncidentEventKind,
    Part,
    SignalKind,
    Verdict,
    feedback_of,
    lesson_of,
    subject_of,
)
from contracts.records.feedback import MOST_PARTS
from contracts.records.incident import rfc3339
from contracts.topics import Topic
from fenghuo.live import ALL, Log

LEVELS = frozenset(
    {
        SignalKind.VOLUME_SPIKE,
        SignalKind.VOLUME_RAMP,
        SignalKind.VOLUME_SILENCE,
        SignalKind.SENTIMENT_SHIFT,
        SignalKind.EMOTION_RED,
    }
)
"""Kinds that stand on a level, which can be a new normal."""
_WARNINGS = (IncidentEventKind.OPENED, IncidentEventKind.PROMOTED, IncidentEventKind.REOPENED)


@dataclass(frozen=True, slots=True)
class Story:
    """One incident, as far as the log tells of it."""

    incident: str
    brand: str
    since: datetime
    """Start of its first bucket."""
    parts: tuple[Part, ...]
    """What stood out, the furthest first."""


def meant(events: Sequence[IncidentEvent], what: str) -> list[IncidentEvent]:
    """The events of the incident whose id begins with ``what``, or of the last warning of the brand ``what``.

    Raises Invalid when there is none, or more than one."""
    brand = what.removeprefix("brand=")
    warned = [one for one in events if one.brand == brand and one.notify and one.event in _WARNINGS]
    if warned:
        name = max(warned, key=lambda one: (one.at, one.incident, one.seq)).incident
        return [one for one in events if one.incident == name]
    fitting = sorted({one.incident for one in events if one.incident.startswith(what)})
    if len(fitting) == 1:
        return [one for one in events if one.incident == fitting[0]]
    if fitting:
        raise Invalid(f"{len(fitting)} incidents have an id that begins with {what}: {', '.join(fitting[:5])}")
    latest = sorted({one.incident: one for one in events}.values(), key=lambda one: one.at)[-5:]
    known = ", ".join(f"{one.incident} ({one.brand})" for one in latest)
    raise Invalid(f"no incident has an id that begins with {what}, and no brand of that name was warned of; last: "
                  f"{known or 'none'}")  # fmt: skip


def story_of(events: Sequence[IncidentEvent], answers: Sequence[Answer], panes: Panes) -> Story:
    """What the events of one incident, and the answers to its signals, say of it."""
    first = min(events, key=lambda one: one.seq)
    furthest: dict[tuple[str, SignalKind, str], float] = {}
    told = [(one.detail.series, one.kind, subject_of(one.detail.labels), one.observed - one.expected) for one in events]
    told += [(one.series, one.kind, one.subject, one.observed - one.expected) for one in answers]
    for series, kind, subject, size in told:
        if series:
            key = (series, kind, subject)
            furthest[key] = max(furthest.get(key, 0.0), abs(size))
    order = sorted(furthest, key=lambda key: (-furthest[key], key))[:MOST_PARTS]
    parts = (Part(series=key[0], kind=key[1], size=furthest[key], subject=key[2]) for key in order)
    pane = panes.pane_of(first.at - timedelta(microseconds=1))
    return Story(first.incident, first.brand, panes.bucket_start(panes.bucket_of(pane)), tuple(parts))


def said_of(story: Story, verdict: Verdict, begin: datetime, until: datetime | None) -> Feedback:
    """The word itself; raises Invalid where it means nothing."""
    if verdict is Verdict.NEW_NORMAL and not any(one.kind in LEVELS for one in story.parts):
        kinds = ", ".join(sorted({one.kind.value for one in story.parts}))
        raise Invalid(f"incident {story.incident} is about {kinds}, which has no level; say expected or noise")
    return Feedback(
        id="new",
        begin=begin,
        verdict=verdict,
        incident=story.incident,
        since=story.since,
        until=until if verdict is Verdict.EXPECTED else None,
        parts=story.parts,
    )


def command_of(said: Feedback, name: str, brand: str, author: str, now: datetime, comment: str) -> Command:
    """The word as a record."""
    args = said.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"id"})
    return Command(
        id=name, kind=CommandKind.FEEDBACK, brand=brand, author=author, issued_at=now, reason=comment, args=args
    )


def next_bucket(now: datetime, panes: Panes) -> datetime:
    """Start of the bucket after the one that holds ``now``."""
    return panes.bucket_start(panes.bucket_of(panes.pane_of(now)) + 1)


async def read_events(log: Log, partitions: int) -> list[IncidentEvent]:
    """All incident events that the log still holds."""
    found: list[IncidentEvent] = []
    for partition in range(partitions):
        async for message in log.read(Topic.INCIDENTS, partition, 0, ALL):
            found += [one for one in decode_mixed(message.value) if isinstance(one, IncidentEvent)]
    return found


async def read_words(log: Log, partitions: int) -> list[Command]:
    """All feedback that the log still holds, by the time it was given."""
    found: dict[str, Command] = {}
    for partition in range(partitions):
        async for message in log.read(Topic.DECIDE_IN, partition, 0, ALL):
            if b'"feedback"' in message.value:
                words = (one for one in decode_mixed(message.value) if isinstance(one, Command))
                found.update((one.id, one) for one in words if feedback_of(one) is not None)
    return sorted(found.values(), key=lambda one: (one.issued_at, one.id))


def in_force(words: Iterable[Command]) -> list[Command]:
    """Those that were not taken back, and of several on one incident the last."""
    kept: dict[str, Command] = {}
    for one in words:
        said = feedback_of(one)
        if said is None:
            continue
        if said.undo:
            kept = {incident: word for incident, word in kept.items() if word.id != said.undo}
        else:
            kept.pop(said.incident, None)
            kept[said.incident] = one
    return list(kept.values())


def as_now(words: Iterable[Command]) -> list[Command]:
    """What holds now, put on all of the past: moved limits, ``true`` and ``noise`` from the beginning, the others since
    their incident's first bucket."""
    words = list(words)
    made = [
        one.model_copy(update={"args": {**one.args, "from": rfc3339(EPOCH)}})
        for one in words
        if one.kind is CommandKind.SETTING
    ]
    for one in in_force(words):
        said = feedback_of(one)
        if said is not None and said.since is not None:
            early = said.verdict in (Verdict.TRUE, Verdict.NOISE)
            begin = rfc3339(EPOCH if early else said.since)
            made.append(one.model_copy(update={"args": {**one.args, "from": begin}}))
    return made


def write_words(path: Path, words: Iterable[Command]) -> int:
    """One command a line; how many; raises InvalidFile."""
    lines = [encode(one) for one in words]
    try:
        path.write_bytes(b"".join(line + b"\n" for line in lines))
    except OSError as error:
        raise InvalidFile(str(path), f"cannot be written ({error.strerror})") from error
    return len(lines)


def read_file(path: Path) -> list[Command]:
    """The reverse of :func:`write_words`; raises InvalidFile."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InvalidFile(str(path), f"cannot be read ({error.strerror})") from error
    words = []
    for row, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            word = decode(Command, line)
        except InvalidRecord as error:
            reason = f"is no command of fenghuo feedback or correct --export ({error})"
            raise InvalidFile(str(path), reason, row=row) from None
        if feedback_of(word) is None and lesson_of(word) is None and word.kind is not CommandKind.SETTING:
            raise InvalidFile(
                str(path), "is neither a verdict nor a correction nor moved limits that can be followed", row=row
            )
        words.append(word)
    return words
