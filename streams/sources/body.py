"""The body of a request: unpacked under a limit, then taken apart into items. Pure.

One object, an array, or one object a line; told apart by content type, and by looking when that is wrong.
"""

from __future__ import annotations

import zlib
from itertools import islice

from contracts.errors import Invalid, InvalidRecord
from streams.jsonin import loads

_GZIP = 31
_MARK = b"\xef\xbb\xbf"
_SIGNS = (b",", b"[", b"{", b"\n")
LEAST_SIGNS, SIGNS_AN_ITEM = 400_000, 40
"""Commas, brackets and line ends that an item may have on average: counted before anything is built of them,
because a few megabytes of ``[],[],[]`` become gigabytes."""


class Refusal(Invalid):
    """A request is refused as a whole; ``str()`` is the sentence its sender gets.

    Parameters
    ----------
    status
        The HTTP status.
    reason
        What is wrong and what to do.
    retry_after
        Seconds after which trying again makes sense.
    """

    def __init__(self, status: int, reason: str, *, retry_after: float | None = None) -> None:
        self.status = status
        self.retry_after = retry_after
        super().__init__(reason)


class Body:
    """Collects the chunks of one request under its limits.

    Parameters
    ----------
    packed
        Whether it is gzip.
    limit
        Bytes as sent.
    unpacked
        Bytes after unpacking; a bomb is noticed before it has grown larger.
    """

    def __init__(self, *, packed: bool, limit: int, unpacked: int) -> None:
        self._gzip = zlib.decompressobj(_GZIP) if packed else None
        self._limit = limit
        self._unpacked = unpacked
        self._came = 0
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> None:
        """One more chunk; raises Refusal."""
        self._came += len(chunk)
        if self._came > self._limit:
            raise Refusal(413, f"the body is larger than {self._limit:,} bytes; send it in parts")
        if self._gzip is None:
            self._keep(chunk)
        else:
            self._unpack(chunk)

    def whole(self) -> bytes:
        """All of it; raises Refusal if it is cut off."""
        if self._gzip is not None and not self._gzip.eof:
            raise Refusal(400, "the gzip body is cut off")
        return b"".join(self._parts)

    def _unpack(self, chunk: bytes) -> None:
        try:
            while chunk and self._gzip is not None:
                if self._gzip.eof:
                    self._gzip = zlib.decompressobj(_GZIP)
                self._keep(self._gzip.decompress(chunk, self._unpacked - self._size + 1))
                chunk = self._gzip.unconsumed_tail or self._gzip.unused_data
        except zlib.error:
            raise Refusal(400, "the body is no gzip, though its Content-Encoding says so") from None

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._unpacked:
            raise Refusal(413, f"the body unpacks to more than {self._unpacked:,} bytes; send it in parts")
        self._parts.append(part)


def items(body: bytes, content_type: str, limit: int) -> list[object]:
    """The items of a body; one that cannot be read is an InvalidRecord in its place.

    Raises
    ------
    Refusal
        Empty, broken as a whole, or more than ``limit`` items.

    >>> items(b'[{"id": "1"}, {"id": "2"}]', "application/json", 10)
    [{'id': '1'}, {'id': '2'}]
    >>> [type(item).__name__ for item in items(b'{"id": "1"}\\n{"id": \\n{"id": "3"}', "application/x-ndjson", 10)]
    ['dict', 'InvalidRecord', 'dict']
    """
    body = body.removeprefix(_MARK).strip()
    if sum(body.count(sign) for sign in _SIGNS) > max(LEAST_SIGNS, limit * SIGNS_AN_ITEM):
        raise Refusal(413, f"more than {limit:,} items or very many values; send them in parts")
    if not body:
        raise Refusal(400, "the body is empty; send one object, an array, or one object a line")
    found = _lines(body, limit) if _is_ndjson(content_type) else _whole(body, limit)
    if len(found) > limit:
        raise Refusal(413, f"more than {limit:,} items; send them in parts")
    return found


def _is_ndjson(content_type: str) -> bool:
    return "ndjson" in content_type or "jsonl" in content_type or "json-lines" in content_type


def _whole(body: bytes, limit: int) -> list[object]:
    try:
        value = loads(body, "body")
    except InvalidRecord as error:
        if _looks_like_lines(body):
            return _lines(body, limit)
        raise Refusal(400, f"the body is {error.reason}") from None
    return value if isinstance(value, list) else [value]


def _looks_like_lines(body: bytes) -> bool:
    first, newline, _ = body.partition(b"\n")
    return bool(newline) and first.startswith(b"{") and first.rstrip().endswith(b"}")


def _lines(body: bytes, limit: int) -> list[object]:
    lines = (line for line in body.split(b"\n") if line.strip())
    return [_line(line) for line in islice(lines, limit + 1)]


def _line(line: bytes) -> object:
    try:
        return loads(line, "item")
    except InvalidRecord as error:
        return InvalidRecord(error.place, "", error.reason)
