"""Reading the arguments of commands: what a person wants, or that it cannot be followed. Pure."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from alerts.incident import Acknowledge
from alerts.settings import DecidePolicy, RulesFile
from alerts.state import Silence, scope_of
from contracts.records import Command, CommandKind, Tier


def time_of(command: Command, name: str) -> datetime | None:
    """An argument that must be a time with a zone, in ISO 8601."""
    value = command.args.get(name)
    try:
        when = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return when if when is not None and when.tzinfo is not None else None


def text_of(command: Command, name: str, default: str = "") -> str | None:
    """An argument that must be a text of at most 500 characters."""
    value = command.args.get(name, default)
    return value if isinstance(value, str) and len(value) <= 500 else None


def acknowledge_of(command: Command) -> Acknowledge | None:
    """Who takes which incident on; a hand-over names the person it goes to."""
    over = command.kind is CommandKind.HAND_OVER
    incident = text_of(command, "incident")
    by = text_of(command, "to" if over else "by", "" if over else command.author)
    if not incident or not by:
        return None
    return Acknowledge(incident, by, command.reason, over)


def silence_of(command: Command, now: datetime, policy: DecidePolicy) -> Silence | None:
    """The silence, if it ends in the future and no further away than allowed."""
    until, where, upto = time_of(command, "until"), command.args.get("where", {}), command.args.get("upto", "red")
    if until is None or not now < until <= now + policy.timing.longest_silence:
        return None
    if not isinstance(where, dict) or upto not in tuple(Tier) or len(where) > 4:
        return None
    if not all(isinstance(value, str) for value in where.values()):
        return None
    return Silence(
        id=command.id,
        since=now,
        until=until,
        author=command.author,
        comment=command.reason,
        where=scope_of({name: str(value) for name, value in where.items()}),
        upto=Tier(str(upto)),
    )


def policy_of(command: Command, base: DecidePolicy) -> DecidePolicy | None:
    """The policy under a new version of the rules: ``args.rules`` is a whole rules file."""
    given = command.args.get("rules")
    if not isinstance(given, dict):
        return None
    try:
        file = RulesFile.model_validate(given)
        rules = base.rules.model_validate({"rules": file.rules, "combine": file.combine})
    except ValidationError:
        return None
    return base.model_copy(update={"rules": rules, "mutes": file.mutes, "timing": file.timing or base.timing})
