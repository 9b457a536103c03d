"""What the commands of people share: who speaks, which incident is meant, ids of commands, lengths of time."""

from __future__ import annotations

import getpass
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from fenghuo.cli.exits import BAD_INPUT, FAILED, leave

if TYPE_CHECKING:
    from contracts.records import Command, CommandKind
    from fenghuo.live import Found, Live

By = Annotated[str | None, typer.Option("--by", help="Who says so; by default your login name.")]


def person(given: str | None) -> str:
    """The name given, or the login name."""
    try:
        return given or getpass.getuser()
    except (OSError, KeyError):
        leave("who are you? name yourself with --by", BAD_INPUT)


def lasting(text: str) -> timedelta:
    """``2h`` as a length of time, or a sentence and the end."""
    from alerts.spans import span

    found = span(text)
    if not isinstance(found, timedelta) or not found:
        leave(f"{text} is no length of time; write 30m, 2h or 1d", BAD_INPUT)
    return found


def meant(live: Live, name: str) -> Found:
    """The one open incident whose id begins with ``name``."""
    fitting = [one for one in live.incidents() if one.incident.incident.startswith(name)]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(f"{one.incident.incident} ({one.incident.scope['brand']})" for one in live.incidents())
    leave(f"{len(fitting)} open incidents have an id that begins with {name}; open: {known or 'none'}", FAILED)


def made(
    kind: CommandKind, brand: str, author: str, now: datetime, reason: str, args: dict[str, str | dict[str, str]]
) -> Command:
    """A command with a fresh id."""
    from contracts.records import Command

    given = {key: dict(value) if isinstance(value, dict) else value for key, value in args.items()}
    return Command(
        id=uuid.uuid4().hex[:12], kind=kind, brand=brand, author=author, issued_at=now, reason=reason, args=given
    )
