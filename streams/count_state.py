"""What the counting stage remembers of a record, and what it commits beside an offset."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from contracts.errors import Lost
from contracts.records import CaseEvent, Mention


class Candidate(NamedTuple):
    """A record that counts unless it is a repeat (a plain tuple: there is one for every record that comes)."""

    record: Mention | CaseEvent
    offset: int
    name: tuple[bytes, str, int]
    """Identity, position in the log, event time in whole seconds: what the store of seen ids is asked."""
    pane: int
    late_by: int | None
    """Microseconds behind the watermark, for one that came too late."""
    done: bool
    """It was published before a restart: its id is registered again, and nothing else."""


@dataclass(frozen=True, slots=True)
class CountState:
    """What is committed beside the offset."""

    closed: int
    next: int
    horizon: int
    watermark: str
    models: tuple[int, ...] = ()
    """Where the versions of models stand that may still be read with."""

    def text(self) -> str:
        """As commit metadata."""
        beside = {"models": self.models} if self.models else {}
        return orjson.dumps(
            {"closed": self.closed, "next": self.next, "from": self.horizon, "marks": self.watermark, **beside}
        ).decode()

    @classmethod
    def read(cls, text: str) -> CountState:
        """The reverse of :meth:`text`; raises :class:`~contracts.errors.Lost`."""
        try:
            data = orjson.loads(text)
            models = tuple(int(one) for one in data.get("models", ()))
            return cls(int(data["closed"]), int(data["next"]), int(data["from"]), str(data["marks"]), models)
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            raise Lost("the commit of a counting partition carries no state that can be read") from None


def identity(record: Mention | CaseEvent, kind: str = "m") -> bytes:
    """Twelve bytes that are equal for repeats: kind (``m`` or ``c`` for a case event), source, id and brand."""
    text = f"{kind}\0{record.source}\0{record.brand}\0{record.id}"
    return _hash(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()


_hash = hashlib.blake2b
