"""Messages in Chinese, in English, or in both, and one message for many changes. Pure; texts are made harmless as in
:mod:`alerts.notify.render`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from functools import partial

from alerts.notify import words
from alerts.notify.render import MAX_PHRASES, MAX_VOICES, RISING, Message, against, clock, harmless, render, scope, seen
from alerts.reasons import Reason
from alerts.settings import Language
from contracts.records import IncidentEvent

MOST_LINES = 20
"""Changes shown in a message for many; the rest is counted."""

LABELS: dict[str, words.Words] = {
    "scope": ("范围", "Scope"),
    "signal": ("信号", "Signal"),
    "reason": ("原因", "Reason"),
    "seen": ("实际", "Observed"),
    "score": ("评分 {0:.1f}", "score {0:.1f}"),
    "last": ("最近一次：", "Last seen: "),
    "at": ("时间", "At"),
    "since": ("始于", "since"),
    "window": ("独立声音 {0}，触达 {1}", "{0} independent voices, reach {1}"),
    "phrases": ("新词", "Phrases"),
    "voices": ("声音", "Voices"),
    "incident": ("事件", "Incident"),
    "by": ("处理人", "By"),
    "note": ("说明", "Note"),
    "until": ("至", "Until"),
    "ack": ("接手请打开并按按钮", "To take it on, open this and press the button"),
    "late": ("补发：此前未能送达", "Late: it could not be delivered before"),
    "many": ("{0} 项变化", "{0} changes"),
    "more": ("另有 {0} 项", "and {0} more"),
}


def message(
    event: IncidentEvent, zone: tzinfo = UTC, lang: Language = "both", link: str = "", *, late: bool = False
) -> Message:
    """All forms of one event in this language; ``late`` when the receiver was down until now."""
    made = render(event, zone)
    if lang == "both":
        text = "\n".join([made.text, *_person(event, zone, "both"), *_late("both", late), *_link(link, "both")])
        return replace(made, text=text, link=link)
    title = f"[{_one(words.TIERS[event.tier], lang)}] {scope(event)} {_what(event, lang)}"
    text = "\n".join([title, *_rows(event, zone, lang), *_late(lang, late), *_link(link, lang)])
    line = f"{event.at.astimezone(zone):%m-%d %H:%M:%S} {title} #{event.incident}/{event.seq}"
    return Message(event, title, line, text, link)


def group(
    events: Sequence[IncidentEvent], zone: tzinfo = UTC, lang: Language = "both", *, late: bool = False
) -> Message:
    """One message for many changes, the gravest named in its title; it stands for the last of the gravest. Where they
    are too many to be shown, the gravest are."""
    worst = max(events, key=lambda one: (one.tier.rank, one.at))
    count = _say("many", lang).format(len(events))
    if lang == "both":
        count = f"{LABELS['many'][0].format(len(events))} {LABELS['many'][1].format(len(events))}"
    title = f"[{_one(words.TIERS[worst.tier], lang)}] {count}"
    gravest = sorted(range(len(events)), key=lambda place: -events[place].tier.rank)[:MOST_LINES]
    lines = [message(events[place], zone, lang).line for place in sorted(gravest)]
    if len(events) > MOST_LINES:
        lines.append(_say("more", lang).format(len(events) - MOST_LINES))
    text = "\n".join([title, *lines, *_late(lang, late)])
    return Message(worst, title, f"{title}: {lines[0]}", text, group=tuple(events))


def _one(pair: words.Words, lang: Language) -> str:
    return words.both(pair) if lang == "both" else pair[0 if lang == "zh" else 1]


def _say(name: str, lang: Language) -> str:
    return LABELS[name][1 if lang == "en" else 0]


def _what(event: IncidentEvent, lang: Language) -> str:
    kind, change = _one(words.KINDS[event.kind], lang), _one(words.EVENTS[event.event], lang)
    return f"{kind}{change}" if lang == "zh" else f"{kind} {change}"


def _rows(event: IncidentEvent, zone: tzinfo, lang: Language) -> Iterator[str]:
    gap = "：" if lang == "zh" else ": "
    say = partial(_one, lang=lang)
    detail = event.detail
    last = "" if event.event in RISING else _say("last", lang)
    numbers = (seen(event, say), against(event, say), _say("score", lang).format(event.score))
    yield f"{last}{_say('seen', lang)} " + ("，" if lang == "zh" else ", ").join(filter(None, numbers))
    yield _say("reason", lang) + gap + _reason(event, lang)
    begun = f", {_say('since', lang)} {clock(detail.since, zone)}" if detail.since else ""
    yield _say("at", lang) + gap + clock(event.at, zone) + begun
    yield from _person(event, zone, lang)
    if event.event in RISING:
        yield _say("window", lang).format(detail.support, detail.reach)
        if detail.phrases:
            yield _say("phrases", lang) + gap + " / ".join(map(harmless, detail.phrases[:MAX_PHRASES]))
        if detail.voices:
            yield _say("voices", lang) + gap
            yield from (f"  - [{harmless(one.channel)}] {harmless(one.text)}" for one in detail.voices[:MAX_VOICES])
    yield f"{_say('incident', lang)}{gap}{event.incident}/{event.seq}"


def _reason(event: IncidentEvent, lang: Language) -> str:
    known = words.REASONS.get(Reason(event.reason)) if event.reason in set(Reason) else None
    return _one(known, lang) if known else event.reason


def _person(event: IncidentEvent, zone: tzinfo, lang: Language) -> Iterator[str]:
    detail = event.detail
    gap = "：" if lang == "zh" else ": "
    until = clock(detail.until, zone) if detail.until else ""
    for name, value in (("by", harmless(detail.by)), ("note", harmless(detail.note)), ("until", until)):
        if value:
            yield (words.both(LABELS[name]).lower() if lang == "both" else _say(name, lang)) + gap + value


def _late(lang: Language, late: bool) -> list[str]:
    return [_one(LABELS["late"], lang)] if late else []


def _link(link: str, lang: Language) -> list[str]:
    if not link:
        return []
    said = words.both(LABELS["ack"]) if lang == "both" else _say("ack", lang)
    return [f"{said}{'：' if lang == 'zh' else ': '}{link}"]
