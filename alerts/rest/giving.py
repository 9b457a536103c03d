"""Writes: one command each, once however often the request comes.

A client may choose the command's id with the header ``Idempotency-Key``. The log takes a command once by its id, so a
request that is sent again, also to another process, changes nothing more; the same key with other content is refused by
the process that remembers it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated

import orjson
from fastapi import Header
from pydantic import BaseModel, ConfigDict, JsonValue

from alerts.rest.office import MOST_KEYS, Office
from alerts.rest.problems import Problem
from contracts.desk import Person
from contracts.records import Command, CommandKind

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9._-]{8,64}$",
        description="Your own id for this write: sent again under the same one, it is done once.",
    ),
]


class Given(BaseModel):
    """A command stands in the log; it holds from there, and the view shows it a moment later."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"command": "4f3c2b1a9d8e7f6a5b4c3d2e", "kind": "ack", "brand": "Delta"}]}
    )

    command: str
    """Its id; the ledger has it under this one."""
    kind: CommandKind
    brand: str
    run: str = ""
    """Of a plan that was started: its run."""


def once(here: Office, key: str | None, who: Person, content: object) -> str:
    """The id of the command: the client's key, or a fresh one; 409 when the key stands for something else."""
    if key is None:
        return secrets.token_hex(12)
    text = orjson.dumps([who.name, content], option=orjson.OPT_SORT_KEYS)
    digest = sha256(text).hexdigest()
    if here.keys.setdefault(key, digest) != digest:
        raise Problem(
            409, "this Idempotency-Key was used for another request", "header.Idempotency-Key", "use a fresh key"
        )
    here.keys.move_to_end(key)
    while len(here.keys) > MOST_KEYS:
        here.keys.popitem(last=False)
    return key


async def give(
    here: Office,
    key: str | None,
    who: Person,
    kind: CommandKind,
    brand: str,
    args: Mapping[str, JsonValue],
    reason: str = "",
    asked: BaseModel | None = None,
) -> Given:
    """Put a command of this person into the log; ``asked`` is what they sent, where ``args`` depend on the moment."""
    content: dict[str, object] = {"kind": kind.value, "brand": brand, "reason": reason}
    content["args"] = dict(args) if asked is None else asked.model_dump(mode="json")
    command = Command(
        id=once(here, key, who, content),
        kind=kind,
        brand=brand,
        author=who.name,
        issued_at=here.clock.now(),
        reason=reason,
        args=dict(args),
    )
    await here.pen.give(command)
    return Given(command=command.id, kind=kind, brand=brand)
