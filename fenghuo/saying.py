"""A person's word on an incident as a command, and how it is taken back: for the command line, the API, the console."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.errors import Invalid
from contracts.panes import Panes
from contracts.records import Command, Feedback, Verdict
from fenghuo.live import Live, Log
from fenghuo.verdicts import command_of, in_force, meant, next_bucket, read_events, read_words, said_of, story_of


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says it, when, and under which id."""

    id: str
    author: str
    now: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What a word is said about: the log, its partitions, the widths of buckets, the state at its end."""

    log: Log
    partitions: int
    panes: Panes
    live: Live


async def word(around: Around, what: str, verdict: Verdict, until: datetime | timedelta, speaker: Speaker) -> Command:
    """The command of a verdict on the incident whose id begins with ``what``, or on the last of the brand ``what``.

    ``until`` ends an announced event: a time, or how much longer it lasts. Raises Invalid where the verdict means
    nothing, and Unavailable.
    """
    live, panes = around.live, around.panes
    events = meant(await read_events(around.log, around.partitions), what)
    story = story_of(events, live.about(events[0].incident), panes)
    at = live.now_of(story.brand) or speaker.now
    end = until if isinstance(until, datetime) else at + until
    if verdict is Verdict.EXPECTED and end <= at:
        raise Invalid("an announced event ends in the future; say a later time")
    said = said_of(story, verdict, next_bucket(at, panes), end)
    return command_of(said, speaker.id, story.brand, speaker.author, speaker.now, speaker.comment)


async def taken_back(around: Around, name: str, speaker: Speaker) -> Command:
    """The command that takes back the word in force whose id begins with ``name``; raises Invalid, Unavailable."""
    words = in_force(await read_words(around.log, around.partitions))
    fitting: Sequence[Command] = [one for one in words if one.id.startswith(name)]
    if len(fitting) != 1:
        known = ", ".join(f"{one.id} ({one.brand})" for one in words[-5:])
        raise Invalid(f"{len(fitting)} in force have an id that begins with {name}; last: {known or 'none'}")
    brand = fitting[0].brand
    at = around.live.now_of(brand) or speaker.now
    said = Feedback(id="new", begin=next_bucket(at, around.panes), undo=fitting[0].id)
    return command_of(said, speaker.id, brand, speaker.author, speaker.now, speaker.comment)
