"""Messages: an incident event in one line for the terminal, in full for chat and mail. Pure.

Texts in an event are masked already; here they are also made harmless: no control characters, no line breaks,
no ``@`` that would page a whole chat group, and no more than a glance long.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import groupby

from alerts.notify import words
from alerts.reasons import Reason
from contracts.records import Contribution, Detail, IncidentEvent, IncidentEventKind, SignalKind

MAX_VOICES = 3
MAX_PHRASES = 8
MAX_PARTS = 3
"""Contributions shown of each dimension."""
MAX_TEXT = 120
RISING = (IncidentEventKind.OPENED, IncidentEventKind.PROMOTED, IncidentEventKind.REOPENED)
"""Changes that a signal made."""
_SHARES = (SignalKind.SENTIMENT_SHIFT, SignalKind.EMOTION_RED)
"""Kinds whose numbers are shares, shown in percent."""
Say = Callable[[words.Words], str]
"""Picks the language."""
_ARROWS = {IncidentEventKind.PROMOTED: "▲", IncidentEventKind.DEMOTED: "▼", IncidentEventKind.RESOLVED: "✓"}


@dataclass(frozen=True, slots=True)
class Message:
    """What a receiver gets: it takes the form that suits it."""

    event: IncidentEvent
    title: str
    line: str
    text: str
    link: str = ""
    """Where a paged person acknowledges."""
    group: tuple[IncidentEvent, ...] = ()
    """All changes of a message for many."""

    @property
    def changes(self) -> tuple[IncidentEvent, ...]:
        """What it tells of, for whoever takes each change by itself."""
        return self.group or (self.event,)


def render(event: IncidentEvent, zone: tzinfo = UTC) -> Message:
    """All forms of one event, times shown in ``zone``."""
    return Message(event, title(event), line(event, zone), text(event, zone))


def line(event: IncidentEvent, zone: tzinfo = UTC) -> str:
    """One short line with tier, scope, kind, numbers and reason."""
    return " ".join(
        (
            f"{event.at.astimezone(zone):%m-%d %H:%M:%S}",
            f"{tier(event)} {_ARROWS.get(event.event, '●')} {words.both(words.EVENTS[event.event])}",
            f"| {scope(event)} | {words.both(words.KINDS[event.kind])}",
            f"{_topic(event)}{seen(event)} ({', '.join(filter(None, (against(event), f'score {event.score:.1f}')))})",
            f"| {_reason(event)[0]} {event.reason} | #{event.incident}/{event.seq}",
        )
    )


def title(event: IncidentEvent) -> str:
    """The subject of a mail: tier, change, scope, kind."""
    kind = words.KINDS[event.kind][0]
    return (
        f"[{words.TIERS[event.tier][0]} {event.tier.value.upper()}] {scope(event)} {kind}{words.EVENTS[event.event][0]}"
    )


def text(event: IncidentEvent, zone: tzinfo = UTC) -> str:
    """The full message; what stands behind the signal only where a signal made the change."""
    detail = event.detail
    rows = [
        f"烽火 Fenghuo {tier(event)} {words.both(words.EVENTS[event.event])}{_change(event)}",
        f"范围 scope: {scope(event)}",
        f"信号 signal: {words.both(words.KINDS[event.kind])}",
        f"原因 reason: {'; '.join(_reason(event))}",
        _numbers(event),
        f"时间 at: {clock(event.at, zone)}" + (f", 始于 since: {clock(detail.since, zone)}" if detail.since else ""),
        *(_evidence(detail) if event.event in RISING else ()),
    ]
    rule = f", 规则 rule: {harmless(detail.rule)}" if detail.rule else ""
    rows.append(f"事件 incident: {event.incident}/{event.seq}{rule}")
    return "\n".join(rows)


def tier(event: IncidentEvent) -> str:
    """The tier in both languages."""
    return words.both(words.TIERS[event.tier])


def scope(event: IncidentEvent) -> str:
    """The brand alone, and other dimensions with their name."""
    rest = [f"{name}={harmless(value)}" for name, value in sorted(event.scope.items()) if name != "brand"]
    return " ".join([harmless(event.scope["brand"]), *rest])


def number(event: IncidentEvent, value: float) -> str:
    """A count to three digits or so, a share in percent."""
    if event.kind in _SHARES:
        return f"{value:.1%}"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.1f}"


def seen(event: IncidentEvent, say: Say = words.both) -> str:
    """What was observed, with what it counts."""
    told = [
        *(say(one) for one in [words.MEASURED.get(event.kind)] if one),
        number(event, event.observed),
        *(say(one) for one in [words.UNITS.get(event.kind)] if one),
    ]
    return " ".join(told)


def against(event: IncidentEvent, say: Say = words.both) -> str:
    """What stands against it; nothing where it is counted from nothing."""
    if event.kind in words.COUNTED and event.expected == 0:
        return ""
    return f"{say(words.AGAINST.get(event.kind, words.EXPECTED))} {number(event, event.expected)}"


def _topic(event: IncidentEvent) -> str:
    named = event.detail.labels.get("topic")
    return f"“{harmless(named)}” " if named else ""


def harmless(value: str) -> str:
    """One line without control or direction characters and without ``@``, cut to :data:`MAX_TEXT`.

    >>> harmless("@all\\x1b[31m look\\nhere")
    '＠all [31m look here'
    """
    plain = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in value[: 4 * MAX_TEXT])
    plain = " ".join(plain.split()).replace("@", "\uff20")
    return plain if len(plain) <= MAX_TEXT else plain[: MAX_TEXT - 1] + "…"


def _reason(event: IncidentEvent) -> words.Words:
    known = words.REASONS.get(Reason(event.reason)) if event.reason in set(Reason) else None
    return known or (event.reason, event.reason)


def _change(event: IncidentEvent) -> str:
    was = event.detail.was
    return f" ({was.hanzi} → {event.tier.hanzi})" if was is not None and was is not event.tier else ""


def _times(event: IncidentEvent) -> str:
    counted = event.kind in (SignalKind.VOLUME_SPIKE, SignalKind.VOLUME_RAMP) and event.expected > 0
    return f" (×{event.observed / event.expected:.1f})" if counted else ""


def _numbers(event: IncidentEvent) -> str:
    """Observed against expected; where no signal made the change, those of the last one, and it says so."""
    what = "实际 observed" if event.event in RISING else "最近一次 last seen"
    limit = against(event)
    compared = f"{seen(event)}, {limit}{_times(event)}" if limit else seen(event)
    return f"{what}: {compared}, 评分 score: {event.score:.1f}"


def _evidence(detail: Detail) -> Iterator[str]:
    yield f"窗口 window: {_span(detail.window_seconds)}, 独立声音 voices: {detail.support}, 触达 reach: {detail.reach}"
    yield from _labels(detail.labels)
    yield from _parts(detail.contributions)
    if detail.phrases:
        yield "新词 phrases: " + " / ".join(harmless(phrase) for phrase in detail.phrases[:MAX_PHRASES])
    if detail.voices:
        yield "声音 voices:"
        yield from (f"  - [{harmless(one.channel)}] {harmless(one.text)}" for one in detail.voices[:MAX_VOICES])


def _labels(labels: dict[str, str]) -> Iterator[str]:
    for name, value in sorted(labels.items()):
        if name in words.LABELS:
            known = words.VALUES.get((name, value))
            yield f"{words.both(words.LABELS[name])}: {words.both(known) if known else harmless(value)}"


def _parts(contributions: tuple[Contribution, ...]) -> list[str]:
    rows = []
    for name, group in groupby(contributions, key=lambda part: part.dimension):
        top = sorted(group, key=lambda part: (-abs(part.excess), part.value))[:MAX_PARTS]
        shown = ", ".join(f"{harmless(part.value)} {part.excess:+.1f}" for part in top)
        rows.append(f"来自 from {words.dimension(name)}: {shown}")
    return rows


def _span(seconds: int) -> str:
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def clock(when: datetime, zone: tzinfo) -> str:
    """A time as messages show it."""
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M:%S %z}"
