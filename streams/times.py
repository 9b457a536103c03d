"""Reading a time as people and programs write it.

Used at the door only: what passes has a zone and is in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

_LOOSE = re.compile(
    r"(\d{4})\s*[/.年-]\s*(\d{1,2})\s*[/.月-]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})\s*[:时点]\s*(\d{1,2})(?:\s*[:分]\s*(\d{1,2})(?:[.,](\d{1,9}))?)?\s*[秒分]?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_TWITTER = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) ([+-]\d{4}) (\d{4})")
_NUMBER = re.compile(r"\d{1,16}(?:\.\d{1,9})?")
_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXCEL_EPOCH = datetime(1899, 12, 30)
"""A spreadsheet counts days from here, without a zone."""
_MAX_TEXT = 64


class NoZone(ValueError):
    """The time carries no zone and none was given."""


def parse_time(value: object, tz: tzinfo | None = None) -> datetime:
    """``value`` as an instant in UTC.

    Understood are ISO 8601, ``2020/1/6 12:09:38``, ``2015-02-24 11:35:52 -0800``, ``2020年1月6日 12:09``,
    ``Tue Feb 24 11:35:52 -0800 2015``, seconds, milliseconds or microseconds since 1970, a spreadsheet's day
    number, and datetimes. Dates written day or month first are not: they cannot be told apart.

    Parameters
    ----------
    value
        What the sender or the file gave.
    tz
        Zone of a time that carries none.

    Raises
    ------
    NoZone
        No zone, and ``tz`` is None.
    ValueError
        Not a time; the message never holds the value.

    >>> from zoneinfo import ZoneInfo
    >>> parse_time("2020/1/6 12:09:38", ZoneInfo("Asia/Shanghai")).isoformat()
    '2020-01-06T04:09:38+00:00'
    >>> parse_time(1424806552000).isoformat()
    '2015-02-24T19:35:52+00:00'
    """
    when = _read(value)
    if when.tzinfo is None or when.utcoffset() is None:
        if tz is None:
            raise NoZone("the time has no zone; write it like 2026-01-05T09:30:00+08:00 or set tz for the source")
        when = when.replace(tzinfo=tz)
    try:
        return when.astimezone(UTC)
    except (OverflowError, ValueError):
        raise ValueError("outside the years that a calendar has") from None


def _read(value: object) -> datetime:
    if isinstance(value, str):
        return _read_text(value.strip())
    if isinstance(value, datetime):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _read_number(value)
    raise ValueError("not a time; write it like 2026-01-05T09:30:00+08:00")


def _read_text(text: str) -> datetime:
    if len(text) > _MAX_TEXT:
        raise ValueError("too long for a time")
    if text[4:5] == "-":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return _read_loose(text)
    if _NUMBER.fullmatch(text) and len(text) != 8:
        return _read_number(float(text) if "." in text else int(text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _read_loose(text)


def _read_loose(text: str) -> datetime:
    found = _LOOSE.fullmatch(text)
    try:
        if found:
            year, month, day, hour, minute, second, fraction, offset = found.groups()
            micro = int((fraction or "0").ljust(6, "0")[:6])
            plain = (int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micro)
            return datetime(*plain, tzinfo=_zone(offset))
        found = _TWITTER.fullmatch(text)
        if found and found[1] in _MONTHS:
            clock = (int(found[3]), int(found[4]), int(found[5]))
            return datetime(int(found[7]), _MONTHS[found[1]], int(found[2]), *clock, tzinfo=_zone(found[6]))
    except ValueError:
        raise ValueError("no such day or hour in the calendar") from None
    raise ValueError("not a time; write it like 2026-01-05T09:30:00+08:00")


def _zone(offset: str | None) -> tzinfo | None:
    if offset is None:
        return None
    if offset[0] not in "+-":
        return UTC
    return datetime.strptime(offset, "%z").tzinfo


def _read_number(value: float) -> datetime:
    try:
        if 20_000 <= value < 100_000:
            return _EXCEL_EPOCH + timedelta(milliseconds=round(value * 86_400_000))
        if value >= 1e14:
            return _EPOCH + timedelta(microseconds=int(value))
        if value >= 1e11:
            return _EPOCH + timedelta(milliseconds=value)
        return _EPOCH + timedelta(seconds=value)
    except (OverflowError, ValueError):
        raise ValueError("outside the years that a calendar has") from None
