"""What of the deciding stage's happenings deserves an entry: incident events, and commands, refused ones too."""

from __future__ import annotations

from pydantic import JsonValue

from alerts.followers import Commanded, Happening
from alerts.ledger.chain import Note
from alerts.reasons import Reason
from contracts.records import IncidentEvent
from contracts.records.incident import rfc3339, six_digits

CLOCK = "clock"
"""Who does what time alone brings: a demotion, an end, an overdue task."""


def note_of(happening: Happening) -> Note | None:
    """The entry, or nothing: marks and case events are no deeds, and a command sent again was one before."""
    if isinstance(happening, IncidentEvent):
        return _of_event(happening)
    if isinstance(happening, Commanded) and happening.refused is not Reason.RESENT:
        return _of_command(happening)
    return None


def _of_event(event: IncidentEvent) -> Note:
    body: dict[str, JsonValue] = {
        "seq": event.seq,
        "tier": event.tier.value,
        "kind": event.kind.value,
        "scope": dict(sorted(event.scope.items())),
        "reason": event.reason,
        "notify": event.notify,
        "observed": six_digits(event.observed),
        "expected": six_digits(event.expected),
        "score": six_digits(event.score),
    }
    given = {"rule": event.detail.rule, "by": event.detail.by, "note": event.detail.note}
    body.update({name: value for name, value in given.items() if value})
    return Note(event.at, event.brand, _actor(event), f"incident.{event.event.value}", event.incident, body)


def _actor(event: IncidentEvent) -> str:
    """Who brought it about.

    The rule names itself only where a signal reached a step of it; a person where one commanded it.
    """
    if event.reason in (Reason.THRESHOLD, Reason.POSITIVE, Reason.CAPPED) and event.detail.rule:
        return f"rule:{event.detail.rule}"[:200]
    if event.detail.by and event.reason == Reason.BY_PERSON:
        return event.detail.by[:200]
    return CLOCK


def _of_command(taken: Commanded) -> Note:
    command = taken.command
    body: dict[str, JsonValue] = {
        "id": command.id,
        "event_time": rfc3339(taken.at),
        "reason": command.reason,
        "args": dict(sorted(command.args.items())),
    }
    if taken.refused is not None:
        body["refused"] = taken.refused.value
        if taken.problem:
            body["problem"] = taken.problem
    subject = next(
        (value for name in ("incident", "run", "person") if isinstance(value := command.args.get(name), str)), ""
    )
    return Note(command.issued_at, command.brand, command.author, f"command.{command.kind.value}", subject, body)
