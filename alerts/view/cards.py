"""One incident as a card, folded event by event. Pure; an event folded before changes nothing.

>>> from datetime import UTC, datetime
>>> from contracts.records import IncidentEvent, IncidentEventKind, SignalKind, Tier
>>> opened = IncidentEvent(
...     incident="b426a466e2af89fc", seq=0, event=IncidentEventKind.OPENED, at=datetime(2026, 1, 1, tzinfo=UTC),
...     tier=Tier.YELLOW, kind=SignalKind.VOLUME_SPIKE, scope={"brand": "Delta"}, reason="threshold",
...     observed=90, expected=10, score=4)
>>> card = after(None, opened)
>>> card.tier.value, card.open, after(card, opened) is card
('yellow', True, True)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alerts.notify.retry import SENT
from alerts.reasons import Reason
from contracts.records import IncidentEvent, IncidentEventKind, SignalKind, Told
from contracts.view import IncidentCard, PageStep

Kind = IncidentEventKind
MOST_NAMES = 100
"""Receivers named on one card; the timeline has all of them."""


def after(card: IncidentCard | None, event: IncidentEvent) -> IncidentCard:
    """The card with one event more; the events of an incident come in the order of their numbers."""
    if card is not None and event.seq <= card.seq:
        return card
    begins = card is None or event.event is Kind.REOPENED
    since = event.detail.since or event.at
    update = {
        "tier": event.tier,
        "highest": event.tier if card is None or begins else max(card.highest, event.tier, key=lambda one: one.rank),
        "since": since,
        "kind": event.kind,
        "kinds": _with_kind(() if card is None else card.kinds, event.kind),
        "reason": event.reason,
        "rule": event.detail.rule,
        "observed": event.observed,
        "expected": event.expected,
        "score": event.score,
        "seq": event.seq,
        "last": event.event,
        "changed": event.at,
        "muted": _muted(card, event),
        "step": _step(card, event),
        "ended": event.at if event.event is Kind.RESOLVED else None,
        **_owner(card, event, begins=begins),
    }
    if card is not None:
        return card.model_copy(update=update)
    base = {"incident": event.incident, "brand": event.brand, "scope": dict(event.scope), "first": since}
    return IncidentCard(**base, **update)


def heard(card: IncidentCard, told: Told) -> IncidentCard:
    """The card after one telling: a receiver that took a message is no longer one that refused all."""
    name = told.receiver
    if told.outcome == SENT:
        refused = tuple(one for one in card.refused if one != name)
        return card.model_copy(update={"told": _with_name(card.told, name), "refused": refused})
    if name in card.told:
        return card
    return card.model_copy(update={"refused": _with_name(card.refused, name)})


def steps_of(events: Sequence[IncidentEvent], told: Iterable[Told]) -> tuple[PageStep, ...]:
    """The steps that were paged, and who of them was reached."""
    tried: dict[int, dict[str, bool]] = {}
    for one in told:
        person, slash, _ = one.receiver.partition("/")
        if slash:
            known = tried.setdefault(one.seq, {})
            known[person] = known.get(person, False) or one.outcome == SENT
    return tuple(
        PageStep(
            step=event.detail.step,
            at=event.at,
            seq=event.seq,
            people=tuple(tried.get(event.seq, {})),
            reached=tuple(name for name, took in tried.get(event.seq, {}).items() if took),
        )
        for event in events
        if event.notify and event.detail.step is not None
    )


def _owner(card: IncidentCard | None, event: IncidentEvent, *, begins: bool) -> dict[str, object]:
    if event.event is Kind.ACKNOWLEDGED:
        return {"owner": event.detail.by, "owned_at": event.at}
    if begins or card is None:
        return {"owner": "", "owned_at": None}
    return {"owner": card.owner, "owned_at": card.owned_at}


def _muted(card: IncidentCard | None, event: IncidentEvent) -> bool:
    if event.event is Kind.MUTED or event.reason == Reason.WIDER:
        return True
    return card is not None and card.muted and not event.notify


def _step(card: IncidentCard | None, event: IncidentEvent) -> int | None:
    if event.event in (Kind.ACKNOWLEDGED, Kind.RESOLVED):
        return None
    if event.detail.step is not None:
        return event.detail.step
    return None if card is None or event.event is Kind.REOPENED else card.step


def _with_kind(kinds: tuple[SignalKind, ...], kind: SignalKind) -> tuple[SignalKind, ...]:
    return kinds if kind in kinds else (*kinds, kind)


def _with_name(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)[-MOST_NAMES:]
