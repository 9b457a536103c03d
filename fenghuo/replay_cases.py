"""Case events of a file beside the mentions of a replay: NDJSON as ``POST /v1/case-events`` takes them, one a line."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

import orjson

from contracts.errors import InvalidFile, InvalidRecord
from contracts.records import Batch, CaseEvent, DeadLetter, Mention
from streams.dead import DeadLetters
from streams.intake import Intake
from streams.settings import SourceSettings
from streams.sources.load import Tools


def read_cases(
    path: Path, source: SourceSettings, tools: Tools, brands: Sequence[str], at: datetime
) -> tuple[tuple[CaseEvent, ...], tuple[DeadLetter, ...]]:
    """Its case events, hashed as the mentions are, and dead letters of the refused lines; raises InvalidFile."""
    intake = Intake(source, tools.mask, tools.pseudonym, tools.finder(brands))
    dead = DeadLetters(source, tools.mask, tools.pseudonym)
    found: list[CaseEvent] = []
    letters: list[DeadLetter] = []
    refused: list[InvalidRecord] = []
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InvalidFile(str(path), f"cannot be read ({error.strerror})") from error
    for number, line in enumerate(lines, 1):
        place = f"{path.name} row {number}"
        raw: object = None
        try:
            raw = orjson.loads(line)
            found.append(intake.take_case(raw, place))
        except orjson.JSONDecodeError:
            refused.append(InvalidRecord(place, "", "no JSON"))
            letters.append(dead.letter(refused[-1], None, at))
        except InvalidRecord as error:
            refused.append(error)
            letters.append(dead.letter(error, raw, at))
    if not found:
        why = f"; the first: {refused[0]}" if refused else ""
        raise InvalidFile(path.name, f"none of its {len(lines):,} lines is a case event{why}")
    return tuple(sorted(found, key=lambda one: (one.ts, one.id))), tuple(letters)


def among(batches: Sequence[Batch], waiting: deque[CaseEvent]) -> Iterator[Batch]:
    """``batches`` with the case events that are due by then among their mentions, in order of time.

    Events are taken from the left of ``waiting``; before an end mark come all that are left.
    """
    for batch in batches:
        due: list[CaseEvent] = []
        while waiting and (batch.end or (batch.mentions and waiting[0].ts <= batch.mentions[-1].ts)):
            due.append(waiting.popleft())
        if not due:
            yield batch
            continue
        both: list[Mention | CaseEvent] = sorted([*batch.mentions, *due], key=lambda one: one.ts)
        for kind, some in groupby(both, lambda one: "mentions" if isinstance(one, Mention) else "cases"):
            part = Batch(source=batch.source, lateness=batch.lateness)
            yield part.model_copy(update={kind: tuple(some)})
        yield batch.model_copy(update={"mentions": ()})
