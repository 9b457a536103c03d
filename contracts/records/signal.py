"""What the detecting stage tells the deciding stage: signals, and marks that close time."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from contracts.records.base import Finite, Name, Record, When


class SignalKind(StrEnum):
    """Kinds of signals, DESIGN section 5."""

    VOLUME_SPIKE = "volume.spike"
    """A count far above what season and level explain."""
    VOLUME_RAMP = "volume.ramp"
    """A slow climb."""
    VOLUME_SILENCE = "volume.silence"
    """A live series gone quiet while its source lives."""
    SENTIMENT_SHIFT = "sentiment.shift"
    """The negative share clearly above its own baseline."""
    EMOTION_RED = "emotion.red"
    """The share of hot negative voices above a limit."""
    TOPIC_EMERGING = "topic.emerging"
    """A cluster or term new or fast-growing across authors."""
    VOICE_WEIGHTY = "voice.weighty"
    """One mention beyond a reach limit, or by a listed class of author."""
    REPEAT = "repeat"
    """One complainant, or one case, three times or more in 30 days."""
    CASE_LIGHT = "case.light"
    """One conversation that turns sour."""
    CASE_LATE = "case.late"
    """Cases whose deadline is near or over."""
    FORECAST = "forecast"
    """Expected volume passes a limit within the next hours."""
    SOURCE_DOWN = "source.down"
    """A source has died: no mark and no mention within its rhythm or its usual rate."""
    SOURCE_CHANGE = "source.change"
    """Collection starts or changes its nature at once, so a jump says nothing of the public."""


class State(StrEnum):
    """Whether a score means anything."""

    WARMING = "warming"
    """Still learning."""
    READY = "ready"
    """The score can be believed."""
    STALE = "stale"
    """No living source feeds it."""


class Contribution(Record):
    """A part of the excess; the parts of one dimension add up to the whole excess."""

    dimension: Name
    value: str
    excess: Finite


class Voice(Record):
    """A typical mention behind a signal, masked."""

    id: str
    ts: When
    channel: Name
    text: str


class Signal(Record):
    """Something a detector noticed in one series."""

    id: str
    """Hash of series, bucket, kind and pane: the same evidence gives the same id."""
    brand: Name
    series: str
    bucket: When
    """First instant of the bucket."""
    at: When
    """End of the pane that gave the evidence: the event time of the signal."""
    order: tuple[int, int]
    """(pane, index): strictly growing within a brand, signals and marks together; a re-sent one is known by it."""
    kind: SignalKind
    observed: Finite
    expected: Finite
    lower: Finite | None = None
    upper: Finite | None = None
    score: Finite
    """Standardised: about 1 at the detector's own limit, 2 twice as far."""
    p_value: Finite | None = None
    effect: Finite | None = None
    """Observed against expected: a ratio for counts, a difference for shares."""
    support: int = Field(default=0, ge=0)
    """Independent voices behind it."""
    reach: int = Field(default=0, ge=0)
    state: State = State.READY
    positive: bool = False
    """Mostly praise: at most blue."""
    window_seconds: int = Field(default=60, ge=1)
    """Length of the window that was judged."""
    labels: dict[str, str] = Field(default_factory=dict)
    contributions: tuple[Contribution, ...] = ()
    phrases: tuple[str, ...] = ()
    voices: tuple[Voice, ...] = ()


class Mark(Record):
    """This brand is closed up to ``at``; the clock of everything behind it."""

    brand: Name
    at: When
    order: tuple[int, int]
    stale: tuple[str, ...] = ()
    """Sources of this brand that are down at this time: nothing resolves because of silence."""
