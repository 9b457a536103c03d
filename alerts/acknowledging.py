"""What an acknowledgement link finds: how its incident stands, so that nobody hears what is not so. Pure."""

from __future__ import annotations

from enum import Enum

from alerts.notify.links import Claim
from contracts.view import IncidentCard


class Stands(Enum):
    """How the incident of a link stands."""

    FREE = "free"
    """Nobody has taken it on."""
    MINE = "mine"
    """The person of the link has it."""
    TAKEN = "taken"
    """Somebody else has it."""
    OVER = "over"
    """It is resolved."""
    UNKNOWN = "unknown"
    """The live view does not know it: it is moments old, long over, or a test."""


def stands(claim: Claim, card: IncidentCard | None) -> Stands:
    """What the live view says of the incident that ``claim`` is about.

    >>> from datetime import UTC, datetime
    >>> claim = Claim("0123456789abcdef", "Delta", "lin", 0, datetime(2026, 1, 1, tzinfo=UTC))
    >>> stands(claim, None)
    <Stands.UNKNOWN: 'unknown'>
    """
    if card is None:
        return Stands.UNKNOWN
    if not card.open:
        return Stands.OVER
    if not card.owner:
        return Stands.FREE
    return Stands.MINE if card.owner == claim.person else Stands.TAKEN


def sentence(claim: Claim, found: Stands, owner: str) -> str:
    """How it stands, in Chinese and English."""
    return {
        Stands.FREE: "还没有人接手。Nobody has taken it on.",
        Stands.MINE: f"{claim.person} 已接手。{claim.person} has taken it on.",
        Stands.TAKEN: f"{owner} 已接手，转交请到控制台。{owner} has taken it on already; hand it over in the console.",
        Stands.OVER: "事件已结束。This incident is over; there is nothing left to do.",
        Stands.UNKNOWN: "实时视图里没有这个事件：刚刚发生、早已结束，或只是测试。"
        "The live view does not know this incident: it is moments old, long over, or a test.",
    }[found]
