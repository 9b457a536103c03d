"""A series of counts from a CSV file: ``timestamp,value``, checked row by row, small in memory."""

from __future__ import annotations

import csv
import gzip
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from math import isfinite
from pathlib import Path
from typing import IO, overload

from contracts.errors import InvalidFile, InvalidSettings

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_BUDGET = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*/\s*(day|week|month)s?\s*")
_WEEKS = {"day": 1 / 7, "week": 1.0, "month": 30.4375 / 7}
_OFF_BEAT = 0.25
_MOST_OFF_BEAT = 0.05
"""Distances may miss a multiple of the bucket by so much, and so large a share of them by more."""
_DAY = 86_400


class Times(Sequence[datetime]):
    """Times as whole microseconds, eight bytes each, read as datetimes of one zone; ``None`` for times without one."""

    def __init__(self, micros: array[int], zone: tzinfo | None, separator: str = "T") -> None:
        self.micros = micros
        self.zone = zone
        self.separator = separator

    def __len__(self) -> int:
        return len(self.micros)

    @overload
    def __getitem__(self, place: int) -> datetime: ...
    @overload
    def __getitem__(self, place: slice) -> Times: ...
    def __getitem__(self, place: int | slice) -> datetime | Times:
        if isinstance(place, slice):
            return Times(self.micros[place], self.zone, self.separator)
        at = _EPOCH + timedelta(microseconds=self.micros[place])
        return at.replace(tzinfo=None) if self.zone is None else at.astimezone(self.zone)

    def written(self, at: datetime) -> str:
        """``at`` as the file writes its times."""
        return at.isoformat(sep=self.separator)


@dataclass(frozen=True, slots=True)
class CountSeries:
    """Counts in order of time, and what had to be done to the file for that."""

    times: Times
    values: Sequence[float]
    notes: list[str] = field(default_factory=list)


def per_week(text: str) -> float:
    """Warnings a week that ``text`` allows.

    >>> per_week("1/week"), per_week("2 / day"), round(per_week("1/month"), 3)
    (1.0, 14.0, 0.23)
    """
    found = _BUDGET.fullmatch(text.lower())
    number = float(found[1]) / _WEEKS[found[2]] if found else 0.0
    if not 0 < number <= 1000:
        raise InvalidSettings("option budget", f"{text!r} is no allowance; write one such as 1/week, 2/day or 1/month")
    return number


def read_counts(path: Path) -> CountSeries:
    """The series in ``path``; raises :class:`~contracts.errors.InvalidFile` naming the row."""
    if path.is_dir():
        raise InvalidFile(str(path), "is a folder; name the CSV file itself")
    if not path.exists():
        raise InvalidFile(str(path), "no such file")
    if not path.is_file():
        raise InvalidFile(str(path), "is no plain file")
    try:
        with _opened(path) as stream:
            series = _Reading(str(path)).all(stream)
    except UnicodeDecodeError as error:
        raise InvalidFile(str(path), "is no text in UTF-8; save it as CSV in UTF-8") from error
    except (csv.Error, EOFError, gzip.BadGzipFile) as error:
        raise InvalidFile(str(path), f"is no CSV file ({error})") from error
    return series


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


class _Reading:
    """One pass over the rows of a file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._micros = array("q")
        self._values = array("d")
        self._rows = array("q")
        self._zone: tzinfo | None = None
        self._separator = "T"

    def all(self, stream: IO[str]) -> CountSeries:
        """Every row, checked, in order of time."""
        reader = csv.reader(stream)
        header = [cell.strip().lower() for cell in next(reader, [])]
        if not header:
            raise InvalidFile(self._name, "is empty; it needs the columns timestamp and value, and a row a bucket")
        for column in ("timestamp", "value"):
            if column not in header:
                raise InvalidFile(self._name, f"has no column {column}; its first row must name timestamp and value")
        self._take(reader, header.index("timestamp"), header.index("value"))
        if not self._micros:
            raise InvalidFile(self._name, "has no rows below its header")
        notes = self._sort()
        self._check_beat()
        return CountSeries(Times(self._micros, self._zone, self._separator), self._values, notes)

    def _take(self, reader: Iterator[list[str]], when: int, what: int) -> None:
        for row, cells in enumerate(reader, start=2):
            if not cells:
                continue
            if len(cells) <= max(when, what):
                raise InvalidFile(self._name, "has fewer cells than the header", row=row)
            self._micros.append(self._time(cells[when], row))
            self._values.append(self._count(cells[what], row))
            self._rows.append(row)

    def _time(self, text: str, row: int) -> int:
        try:
            at = datetime.fromisoformat(text.strip())
        except ValueError:
            raise InvalidFile(self._name, "its timestamp is no time like 2026-01-05 08:00:00", row=row) from None
        if not self._micros:
            self._zone = at.tzinfo
            self._separator = "T" if "T" in text else " "
        elif (at.tzinfo is None) != (self._zone is None):
            raise InvalidFile(self._name, "some timestamps have a zone and some have none", row=row)
        try:
            return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH) // _MICRO
        except OverflowError:
            raise InvalidFile(self._name, "its timestamp is out of range", row=row) from None

    def _count(self, text: str, row: int) -> float:
        try:
            value = float(text)
        except ValueError:
            raise InvalidFile(
                self._name, "its value is no number; leave out rows that are not known", row=row
            ) from None
        if not isfinite(value):
            raise InvalidFile(self._name, "its value is not finite; leave out rows that are not known", row=row)
        if value < 0:
            raise InvalidFile(self._name, "its value is negative, and a count cannot be", row=row)
        if value > 1e12:
            raise InvalidFile(self._name, "its value is larger than any count (1e12)", row=row)
        return value

    def _sort(self) -> list[str]:
        """Bring the rows into order of time; a time that stands twice is refused."""
        micros = self._micros
        wrong = next((place for place in range(1, len(micros)) if micros[place] <= micros[place - 1]), None)
        if wrong is None:
            return []
        first = self._rows[wrong]
        order = sorted(range(len(micros)), key=micros.__getitem__)
        for name in ("_micros", "_values", "_rows"):
            given = getattr(self, name)
            setattr(self, name, array(given.typecode, (given[place] for place in order)))
        for place in range(1, len(order)):
            if self._micros[place] == self._micros[place - 1]:
                raise InvalidFile(
                    self._name, f"its time stands in row {self._rows[place - 1]} too", row=self._rows[place]
                )
        return [f"{self._name}: the rows were not in order of time (first at row {first}) and have been sorted"]

    def _check_beat(self) -> None:
        """Refuse times that are no buckets of one length."""
        from detectors.offline import bucket_seconds

        micros = self._micros
        if len(micros) < 2:
            return
        gaps = [micros[place] - micros[place - 1] for place in range(1, min(len(micros), 200_000))]
        if max(gaps) < 1_000_000:
            raise InvalidFile(
                self._name, "its rows are less than a second apart; count them in seconds at least", row=3
            )
        step = bucket_seconds(Times(micros[:200_000], None)) * 1_000_000
        off = [place for place, gap in enumerate(gaps) if abs(gap / step - max(1, round(gap / step))) > _OFF_BEAT]
        if min(gaps) > _DAY * 1_000_000:
            raise InvalidFile(
                self._name, "its rows are more than a day apart; a bucket is a day at most", row=self._rows[1]
            )
        if len(off) > max(1, _MOST_OFF_BEAT * len(gaps)):
            place = off[0]
            raise InvalidFile(
                self._name,
                f"comes {gaps[place] / 1e6:g} s after the row before, while {step // 1_000_000} s are usual: "
                "the times are no buckets of one length",
                row=self._rows[place + 1],
            )
