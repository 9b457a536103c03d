"""What the counting stage publishes: whole pane counts, evidence, closings, corrections."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import Field

from contracts.records.base import Name, Record, Share, When
from contracts.records.mention import CaseEvent
from contracts.records.reading import Emotion, Sentiment


class Counts(NamedTuple):
    """Sums over mentions; adding is field by field.

    >>> Counts(2, 1, 0, 1, 50).plus(Counts(1, 0, 1, 0, 5))
    Counts(n=3, negative=1, positive=1, hot=1, reach=55)
    """

    n: int = 0
    negative: int = 0
    positive: int = 0
    hot: int = 0
    """Negative mentions whose heat is at or above the hot limit."""
    reach: int = 0

    def plus(self, other: Counts) -> Counts:
        """The sum of both."""
        n, negative, positive, hot, reach = self
        return Counts(
            n + other.n, negative + other.negative, positive + other.positive, hot + other.hot, reach + other.reach
        )


class CaseWords(Record):
    """What the words of a complaint say beyond its reading; empty where they say nothing of the kind."""

    burden: str = ""
    """The phrase that states a burden or a failed attempt."""
    threats: tuple[str, ...] = ()
    """Phrases that threaten with law, authorities, the press, a crowd or the police, one of each sort."""
    danger: str = ""
    """The phrase that threatens life or limb."""
    polite: bool = False
    """It asks or thanks politely: no burden, even where it reads as negative."""
    idle: bool = False
    """Nothing but a greeting, a nudge or a number."""
    authority: int = 0
    """Different regulators, courts or media that are named."""


class Evidence(Record):
    """What detectors need of one distinct mention: who, where, how fierce, and a short masked text."""

    id: str
    ts: When
    source: Name
    channel: Name
    product: Name | None = None
    region: Name | None = None
    author: str | None = None
    author_class: Name | None = None
    case_id: str | None = None
    category: Name
    sentiment: Sentiment
    polarity: float
    emotion: Emotion
    heat: Share
    reach: int
    signature: str
    keywords: tuple[str, ...]
    text: str
    """Masked, at most 280 characters."""
    lang: str
    severity: int | None = None
    customer_value: float | None = None
    case_words: CaseWords | None = None
    """Of mentions that belong to a case."""


class PaneCounts(Record):
    """One partition's *whole* counts and evidence for one brand and pane: a repeat replaces, never adds.

    (``partition``, ``pane``, ``brand``, ``part``) is its key. A pane with much evidence, many series or many
    case events comes in several parts; each stands in one of them.
    """

    partition: int
    pane: int
    brand: Name
    part: int = 0
    rows: dict[str, Counts] = Field(default_factory=dict)
    """By series key."""
    evidence: tuple[Evidence, ...] = ()
    cases: tuple[CaseEvent, ...] = ()


class Correction(Record):
    """A mention that came after its pane was closed: it changes no signal, but is added and shown as late.

    ``position`` (partition:offset:index of the mention) is its key: a repeat replaces.
    """

    position: str
    brand: Name
    pane: int
    rows: dict[str, Counts]
    late_seconds: float
    """How far behind the watermark it was."""
    case: CaseEvent | None = None


class Closed(Record):
    """One partition of mentions tells a partition of counts: every pane below ``closed`` is published.

    ``alive`` names the sources that gave a sign of life, with the pane, in the panes closed just now.
    """

    partition: int
    closed: int
    alive: tuple[tuple[int, str], ...] = ()
    marked: tuple[tuple[int, str], ...] = ()
    """Those of ``alive`` that gave a progress mark: from then on their silence can be told from quiet."""
    ended: tuple[tuple[int, str], ...] = ()
    """Sources that have ended, with the pane: their silence from there on means nothing."""
