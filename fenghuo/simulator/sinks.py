"""Where a simulation goes: a file with its truth beside it, or a Kafka topic; HTTP has a module of its own."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

import orjson

from contracts.errors import InvalidFile, OutOfSpace
from fenghuo.simulator.incidents.base import Line
from fenghuo.simulator.simulation import Simulation
from fenghuo.simulator.truth import truth_bytes

Send = Callable[[str, bytes], None]
"""Sends one message to a topic; the caller hands it in, so that the simulator knows no Kafka library."""


class Sink(Protocol):
    """Takes records in order of arrival."""

    def send(self, lines: Sequence[Line]) -> None:
        """Deliver these; returns when they are safe. Raises errors of `contracts.errors`."""

    def finish(self, simulation: Simulation) -> None:
        """Everything was sent."""

    def close(self) -> None:
        """Give back what is held open, also after an error."""


def ndjson(lines: Sequence[Line]) -> bytes:
    """One JSON object a line.

    >>> ndjson([(0, {"id": "a"}), (1, {"id": "b"})])
    b'{"id":"a"}\\n{"id":"b"}\\n'
    """
    return b"".join(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for _, record in lines)


def truth_path(path: Path) -> Path:
    """Where the truth of a file lies.

    >>> truth_path(Path("out/storm.ndjson")).name
    'storm.ndjson.truth.json'
    """
    return path.with_name(f"{path.name}.truth.json")


class FileSink:
    """NDJSON to a file, overwritten if it exists, and ``FILE.truth.json`` beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = path.open("wb")
        except OSError as error:
            raise InvalidFile(str(path), f"cannot be written ({error.strerror}); choose another place") from None

    def send(self, lines: Sequence[Line]) -> None:
        """Append the lines."""
        try:
            self._file.write(ndjson(lines))
        except OSError as error:
            raise _disk(self._path, error) from None

    def finish(self, simulation: Simulation) -> None:
        """Write the truth."""
        try:
            self._file.flush()
            truth_path(self._path).write_bytes(truth_bytes(simulation))
        except OSError as error:
            raise _disk(self._path, error) from None

    def close(self) -> None:
        """Close the file."""
        try:
            self._file.close()
        except OSError as error:
            raise _disk(self._path, error) from None


class KafkaSink:
    """One message a record into a topic, as an outside system would write it."""

    def __init__(self, topic: str, send: Send) -> None:
        self._topic, self._send = topic, send

    def send(self, lines: Sequence[Line]) -> None:
        """Each record as JSON."""
        for _, record in lines:
            self._send(self._topic, orjson.dumps(record))

    def finish(self, simulation: Simulation) -> None:
        """Nothing more to say on the topic."""

    def close(self) -> None:
        """The sender belongs to who handed it in."""


def _disk(path: Path, error: OSError) -> OutOfSpace | InvalidFile:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutOfSpace(f"{path}: the disk is full; make room and start again")
    return InvalidFile(str(path), f"cannot be written ({error.strerror})")
