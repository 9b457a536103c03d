"""Numbers, times and foreign texts as people read them. Pure."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MOST_SHOWN = 400
"""Characters of one text of a mention."""
_LONG = timedelta(days=1)


def clock(at: datetime, zone: ZoneInfo) -> str:
    """``01-05 08:03``; the year when a page is not about one day is in the title.

    >>> from datetime import UTC
    >>> clock(datetime(2026, 1, 5, 0, 3, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
    '01-05 08:03'
    """
    return at.astimezone(zone).strftime("%m-%d %H:%M")


def full(at: datetime, zone: ZoneInfo) -> str:
    """With year and seconds."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def span(length: timedelta, language: str) -> str:
    """A length of time in its two largest units.

    >>> span(timedelta(hours=26, minutes=5), "zh"), span(timedelta(minutes=4), "en"), span(timedelta(seconds=-90), "en")
    ('1 天 2 小时', '4 min', '-1 min')
    """
    words = {"zh": ("天", "小时", "分"), "en": ("d", "h", "min")}[language]
    minutes = int(abs(length).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, words[0]), (hours, words[1]), (rest, words[2])]
    told = [f"{number} {word}" for number, word in parts if number][:2] or [f"0 {words[2]}"]
    return ("-" if length < timedelta(0) and minutes else "") + " ".join(told)


def number(value: float | None) -> str:
    """Whole numbers with a thin grouping, others to three digits, none as a dash.

    >>> number(345.0), number(3.14159), number(0.0), number(None), number(250.6)
    ('345', '3.14', '0', '–', '251')
    """
    if value is None:
        return "–"
    if abs(value) >= 100 or value == int(value):
        return f"{round(value):,}".replace(",", "\u202f")
    return f"{value:.3g}"


def percent(value: float | None) -> str:
    """A share, to a tenth.

    >>> percent(0.1234), percent(None)
    ('12.3 %', '–')
    """
    return "–" if value is None else f"{value * 100:.1f} %"


def tame(text: str, most: int = MOST_SHOWN) -> str:
    r"""A text of somebody outside: cut, and without marks that turn the direction of what stands around it.

    >>> tame("a\u202eb\x00c\u2067d"), tame("word " * 200, 12)
    ('abcd', 'word word wo…')
    """
    if text.isprintable():
        return text if len(text) <= most else text[:most] + "…"
    kept = "".join(one for one in text[: 4 * most] if one in "\n\t" or unicodedata.category(one) not in _DROPPED)
    return kept if len(kept) <= most else kept[:most] + "…"


_DROPPED = frozenset(("Cc", "Cf", "Cs", "Co"))
"""Control, format (direction marks among them), surrogate, private use."""
