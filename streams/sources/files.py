"""Files of mentions, whatever their form: rows as mappings of field to value, ready for :mod:`streams.intake`.

CSV, NDJSON, a JSON array, XLSX, and gzip of those. Reading is streamed; only mapped columns leave this module,
so that other columns can change nothing behind it.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, cast

import orjson
from pydantic import ValidationError

from contracts.errors import InvalidFile, InvalidRecord, InvalidSettings
from streams.raw import explain
from streams.settings import Kind, SourceSettings, zone
from streams.sources import csvfile, encoding, jsonfile
from streams.sources.mapping import Columns
from streams.times import NoZone, parse_time

Raw = dict[str, Any]
Row = tuple[str, Raw]
"""A place such as ``orders.csv row 17``, and field → value."""

MAX_ROWS = 5_000_000
"""A file is sorted as a whole before it is played."""
LEAST_UNPACKED, MOST_TIMES = 200_000_000, 100
"""A gzip file may unpack to so many bytes, or to so many times its size if that is more."""
_PEEK = 100
_MAX_IGNORED = 1_000
_LETTERS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")
"""Ids made here are letters only, so that no part of them looks like a phone number."""


class Form(StrEnum):
    """How a file is written."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"


FORMS = {
    ".csv": Form.CSV,
    ".tsv": Form.CSV,
    ".txt": Form.CSV,
    ".json": Form.JSON,
    ".ndjson": Form.JSON,
    ".jsonl": Form.JSON,
    ".xlsx": Form.XLSX,
    ".xlsm": Form.XLSX,
}


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How to read a file.

    Parameters
    ----------
    columns
        Field to column, as given with ``--map``.
    tz
        Zone of times that carry none.
    encoding
        ``auto`` or a name Python knows.
    brand, channel
        Of rows that name none.
    extra
        Further fields to keep.
    key
        For ids made from content; the tenant's key, so that nobody can guess contents from ids.
    source
        Name of the source under which the mentions are counted.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    tz: str | None = None
    encoding: str = "auto"
    brand: str | None = None
    channel: str | None = None
    extra: tuple[str, ...] = ()
    key: bytes = b""
    source: str = "file"

    def settings(self) -> SourceSettings:
        """The settings of the source that such a file is."""
        given = {"brand": self.brand, "channel": self.channel, "tz": self.tz}
        known = {name: value for name, value in given.items() if value is not None}
        try:
            return SourceSettings.model_validate({"name": self.source, "kind": Kind.FILE, "extra": self.extra, **known})
        except ValidationError as error:
            wrong = explain(error, "options")
            raise InvalidSettings(f"option {wrong.field}", wrong.reason) from None


class MentionFile:
    """One file, opened and looked at; made by :func:`open_file`.

    Attributes
    ----------
    mapped
        Field to column. Of JSON files it may grow while :meth:`rows` runs.
    ignored
        Names of the columns that are not read, sorted.
    """

    def __init__(self, path: Path, options: FileOptions, rows: Iterator[tuple[int, Raw] | InvalidRecord]) -> None:
        self._name = path.name
        self._options = options
        self._columns = Columns(options.columns, options.extra)
        self._assigned: dict[tuple[str, ...], dict[str, str]] = {}
        self._ignored: set[str] = set()
        self.mapped: dict[str, str] = {}
        self._rows = self._picked(rows)
        self._head = list(itertools.islice(self._rows, _PEEK))
        self._make_ids = "id" not in self.mapped
        self._check_head()

    @property
    def ignored(self) -> tuple[str, ...]:
        """Names of the columns that are not read, sorted."""
        return tuple(sorted(self._ignored))

    def rows(self) -> Iterator[Row | InvalidRecord]:
        """All rows, once; what cannot be read as a row is an InvalidRecord, and the rest goes on.

        Raises
        ------
        InvalidFile
            The file is broken from here on (a cut gzip file, a JSON array that ends in the middle).
        """
        equal: Counter[str] = Counter()
        for number, row in enumerate(itertools.chain(self._head, self._rows)):
            if number == MAX_ROWS:
                raise InvalidFile(self._name, f"has more than {MAX_ROWS:,} rows; split it by time")
            if self._make_ids and not isinstance(row, InvalidRecord) and "id" not in row[1]:
                row[1]["id"] = self._made_id(row[1], equal)
            yield row
        self._head = []

    def _picked(self, rows: Iterator[tuple[int, Raw] | InvalidRecord]) -> Iterator[Row | InvalidRecord]:
        for row in rows:
            yield row if isinstance(row, InvalidRecord) else (f"{self._name} row {row[0]}", self._pick(row[1]))

    def _pick(self, cells: Raw) -> Raw:
        names = tuple(cells)
        assigned = self._assigned.get(names)
        if assigned is None:
            assigned = self._columns.assign(names)
            self.mapped.update(assigned)
            room, read = _MAX_IGNORED - len(self._ignored), frozenset(assigned.values())
            self._ignored.update(itertools.islice((name[:100] for name in names if name not in read), room))
            if len(self._assigned) < _MAX_IGNORED:
                self._assigned[names] = assigned
        return {name: cells[column] for name, column in assigned.items() if cells[column] not in ("", None)}

    def _made_id(self, raw: Raw, equal: Counter[str]) -> str:
        content = orjson.dumps(sorted((name, repr(value)) for name, value in raw.items()))
        digest = hashlib.blake2b(content, digest_size=12, key=self._options.key[:64]).hexdigest().translate(_LETTERS)
        equal[digest] += 1
        return f"row-{digest}" if equal[digest] == 1 else f"row-{digest}-{equal[digest]}"

    def _check_head(self) -> None:
        good = [row for row in self._head if not isinstance(row, InvalidRecord)]
        if not good:
            first = self._head[0] if self._head else None
            reason = f"no row of it can be read: {first.reason}" if isinstance(first, InvalidRecord) else "has no rows"
            raise InvalidFile(self._name, reason)
        self._columns.check(self._name, sorted({*self.mapped.values(), *self._ignored}))
        if self._options.tz is None and not any(self._has_zone(raw) for _, raw in good):
            reason = "its times have no zone; say which one they are in, for instance --tz Asia/Shanghai"
            if any(self._has_zone(raw) is False for _, raw in good):
                raise InvalidFile(self._name, reason)

    @staticmethod
    def _has_zone(raw: Raw) -> bool | None:
        try:
            parse_time(raw.get("ts"))
        except NoZone:
            return False
        except ValueError:
            return None
        return True


def open_file(path: Path, options: FileOptions | None = None) -> MentionFile:
    """Open ``path`` and look at its first rows.

    Raises
    ------
    InvalidFile
        No such file, a directory, empty, not what its name says, no column for ``ts`` or ``text``, times
        without a zone: always with what to do.
    """
    options = options or FileOptions()
    opened, form = _look(path)
    if options.tz is not None:
        try:
            zone(options.tz)
        except ValueError as error:
            raise InvalidFile(path.name, str(error)) from None
    return MentionFile(path, options, _guarded(_rows(opened, form, path, options), path))


def _look(path: Path) -> tuple[encoding.Opener, Form]:
    if path.is_dir():
        raise InvalidFile(path.name, "is a directory; name a file in it, or use the watched folder")
    if not path.exists():
        raise InvalidFile(str(path), "no such file")
    if not path.is_file():
        raise InvalidFile(path.name, "is no ordinary file")
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
    except OSError as error:
        raise InvalidFile(path.name, f"cannot be read: {error.strerror}") from None
    if not head:
        raise InvalidFile(path.name, "is empty")
    packed = head.startswith(b"\x1f\x8b")
    if path.suffix.lower() == ".gz" and not packed:
        raise InvalidFile(path.name, "is named .gz but is no gzip file")
    opened = _opener(path, packed)
    return opened, _form(path, opened)


def _opener(path: Path, packed: bool) -> encoding.Opener:
    if packed:
        _refuse_bomb(path)
        return cast("Callable[[], IO[bytes]]", lambda: gzip.open(path, "rb"))
    return lambda: path.open("rb")


def _refuse_bomb(path: Path) -> None:
    """Read a gzip file over once: it is whole, and does not unpack to many times what a table does."""
    limit = max(LEAST_UNPACKED, MOST_TIMES * path.stat().st_size)
    came = 0
    try:
        with gzip.open(path, "rb") as stream:
            while chunk := stream.read(1 << 20):
                came += len(chunk)
                if came > limit:
                    raise InvalidFile(path.name, f"unpacks to more than {limit:,} bytes; unpack it and look into it")
    except (OSError, EOFError, zlib.error):
        raise InvalidFile(path.name, "the gzip file is broken or cut off") from None


def _form(path: Path, opened: encoding.Opener) -> Form:
    """By name; where the name says nothing, by the first bytes."""
    try:
        with opened() as stream:
            head = stream.read(512)
    except (OSError, EOFError, zlib.error):
        raise InvalidFile(path.name, "the gzip file is broken or cut off") from None
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    form = FORMS.get(suffixes[-1] if suffixes else "")
    archive = head.startswith(b"PK\x03\x04")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidFile(path.name, "is an old Excel workbook (.xls); save it as .xlsx or CSV")
    if form is Form.XLSX and not archive:
        raise InvalidFile(path.name, "is named like an Excel workbook but is none; is it CSV?")
    if form in (Form.CSV, Form.JSON) and archive:
        raise InvalidFile(path.name, f"is named like {form.value.upper()} but is a zip archive or Excel workbook")
    if form is None:
        form = (
            Form.XLSX if archive else Form.JSON if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else Form.CSV
        )
    return form


def _rows(
    opened: encoding.Opener, form: Form, path: Path, options: FileOptions
) -> Iterator[tuple[int, Raw] | InvalidRecord]:
    if form is Form.XLSX:
        from streams.sources import xlsx  # what reads workbooks takes a sixth of a second to import

        with opened() as binary:
            yield from _table(xlsx.read(binary, path.name))
        return
    named = (
        encoding.detect(opened, path.name)
        if options.encoding == "auto"
        else encoding.named(options.encoding, path.name)
    )
    if form is Form.JSON:
        with encoding.open_text(opened, named) as text:
            yield from cast("Iterator[tuple[int, Raw] | InvalidRecord]", jsonfile.read(text, path.name))
        return
    with closing(encoding.open_text(opened, named)) as text:
        delimiter = csvfile.sniff(text)
    with closing(encoding.open_text(opened, named)) as text:
        yield from _table(csvfile.read(text, delimiter, path.name))


def _table(rows: Iterator[tuple[int, list[Any]] | InvalidRecord]) -> Iterator[tuple[int, Raw] | InvalidRecord]:
    """Cells under their headers; the first of two columns with the same name is read."""
    header: list[tuple[int, str]] = []
    for row in rows:
        if isinstance(row, InvalidRecord):
            yield row
        elif not header:
            first: dict[str, int] = {}
            for at, cell in enumerate(row[1]):
                first.setdefault(str(cell).strip(), at)
            header = [(at, name) for name, at in first.items() if name]
        else:
            number, cells = row
            yield number, {name: cells[at] if at < len(cells) else "" for at, name in header}


def _guarded(rows: Iterator[tuple[int, Raw] | InvalidRecord], path: Path) -> Iterator[tuple[int, Raw] | InvalidRecord]:
    """Faults of the file itself as sentences."""
    try:
        yield from rows
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InvalidFile(path.name, "the gzip file is broken or cut off") from None
    except UnicodeError as error:
        raise InvalidFile(
            path.name, f"is not in the encoding {getattr(error, 'encoding', 'named')}; try --encoding auto"
        ) from None
    except OSError as error:
        raise InvalidFile(path.name, f"cannot be read: {error.strerror}") from None
