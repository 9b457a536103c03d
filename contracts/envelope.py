"""State of a stage as bytes: versions first, then the state.

The state is a pickle and is only ever read after the store has proved by HMAC that it is our own (see
:class:`contracts.ports.SnapshotStore`). The versions stand in front in plain JSON, so that a snapshot of another
Python, River or schema is recognised before anything is unpickled; the caller then builds its state from the log.

>>> load("detect", dump("detect", {"n": 1}))
{'n': 1}
>>> load("decide", dump("detect", {"n": 1}))
Traceback (most recent call last):
contracts.errors.InvalidSnapshot: written by stage detect, wanted decide
"""

from __future__ import annotations

import pickle
import platform
from importlib.metadata import PackageNotFoundError, version

import orjson

from contracts.errors import InvalidSnapshot

SCHEMA = 12
_PACKAGES = ("river", "numpy", "pydantic")


def dump(stage: str, state: object) -> bytes:
    """``state`` with what is needed to know later whether it can be read.

    It may be called in a thread: other threads go on meanwhile, as long as they leave ``state`` alone.
    """
    made = Pieces()
    made.write(orjson.dumps(_versions(stage)) + b"\n")
    pickle.Pickler(made, protocol=5).dump(state)
    return b"".join(made)


class Pieces(list[bytes]):
    """A file for a pickler, which writes every 64 kB. Being Python, :meth:`write` lets other threads go on each time;
    ``pickle.dumps`` would let nobody until it is done, a second for ten megabytes."""

    def write(self, piece: bytes) -> int:
        """Keep a piece."""
        self.append(bytes(piece))
        return len(piece)


def load(stage: str, payload: bytes) -> object:
    """The state; raises :class:`~contracts.errors.InvalidSnapshot` if it was written by another version."""
    head, _, body = payload.partition(b"\n")
    try:
        found = orjson.loads(head)
    except orjson.JSONDecodeError:
        raise InvalidSnapshot("the snapshot has no readable header") from None
    for name, wanted in _versions(stage).items():
        if found.get(name) != wanted:
            raise InvalidSnapshot(f"written by {name} {found.get(name)}, wanted {wanted}")
    try:
        return pickle.loads(body)  # noqa: S301 - signature verified by the store
    except Exception as error:
        raise InvalidSnapshot(f"cannot be read: {type(error).__name__}") from error


def _versions(stage: str) -> dict[str, str]:
    return {
        "stage": stage,
        "schema": str(SCHEMA),
        "python": ".".join(platform.python_version_tuple()[:2]),
        **{name: _version(name) for name in _PACKAGES},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
