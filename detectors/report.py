"""Turns scores into records: signals with their reasons, rows for the series store."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from contracts.panes import Panes
from contracts.records import BucketRow, Contribution, Signal, SignalKind, State, Voice
from contracts.series import series_key
from detectors.bank import Series
from detectors.decider import Said
from detectors.explain import explain
from detectors.protocol import Reason, Score
from detectors.settings import DetectSettings
from detectors.sources import Silence
from detectors.tails import probability
from detectors.tally import Tally
from detectors.usual import Usual
from detectors.voices import DIMENSIONS, Heard, Voices

_OF_SHARES = (SignalKind.SENTIMENT_SHIFT, SignalKind.EMOTION_RED)
"""Kinds that count negative voices among all."""
_OF_COUNTS = (SignalKind.VOLUME_SPIKE, SignalKind.VOLUME_RAMP, SignalKind.SOURCE_CHANGE)
"""Kinds whose excess may be praise."""


class Report:
    """The signals of one pane of one brand, numbered as they come."""

    __slots__ = ("_brand", "_pane", "_panes", "_settings", "_usual", "_voices", "signals")

    def __init__(
        self, brand: str, panes: Panes, settings: DetectSettings, voices: Voices, usual: Usual, pane: int
    ) -> None:
        self._brand = brand
        self._panes = panes
        self._settings = settings
        self._voices = voices
        self._usual = usual
        self._pane = pane
        self.signals: list[Signal] = []

    def window(self, series: Series, seconds: int) -> Iterator[Heard]:
        """Voices of a series in the window that ends with this pane, as far as they are kept."""
        wanted = [(name, value) for name, value in series.dims.items() if name != "brand"]
        for one in self._voices.since(self._pane + 1 - seconds // self._panes.pane_seconds):
            if all(_value(one, name) == value for name, value in wanted):
                yield one

    def add(self, series: Series, kind: SignalKind, score: Score, labels: dict[str, str]) -> None:
        """A signal from a score beyond its limit."""
        heard = list(self.window(series, score.window_seconds))
        told = [one for one in heard if self._behind(kind, one)]
        negative = kind in _OF_SHARES
        reasons = explain(
            told, self._usual, series.dims, score.observed, score.expected, self._settings.explain, negative=negative
        )
        self.tell(
            series.key, kind, score, labels,
            reach=sum(self._voices.reach(one) for one in heard), parts=reasons.contributions,
            phrases=reasons.phrases, voices=reasons.voices,
            positive=kind in _OF_COUNTS and reasons.praise > self._settings.positive_share,
        )  # fmt: skip

    def _behind(self, kind: SignalKind, one: Heard) -> bool:
        """Whether a voice of the window is one of those that the kind is about."""
        if kind is SignalKind.EMOTION_RED:
            return one.sentiment == "negative" and one.heat >= self._settings.emotion.least_heat
        return kind is not SignalKind.SENTIMENT_SHIFT or one.sentiment == "negative"

    def silence(self, silence: Silence) -> None:
        """A source that went down."""
        seconds = (self._pane - silence.since) * self._panes.pane_seconds
        score = Score(
            value=silence.score,
            state=State.STALE,
            reason=Reason.BEYOND,
            observed=0.0,
            expected=silence.expected,
            p_value=probability(silence.log_p),
            effect=0.0,
            window_seconds=max(1, seconds),
        )
        key = series_key({"brand": self._brand, "source": silence.source})
        self.tell(key, SignalKind.SOURCE_DOWN, score, {"source": silence.source})

    def tell(
        self,
        key: str,
        kind: SignalKind,
        score: Score,
        labels: dict[str, str],
        *,
        subject: str = "",
        reach: int = 0,
        parts: tuple[Contribution, ...] = (),
        phrases: tuple[str, ...] = (),
        voices: tuple[Voice, ...] = (),
        positive: bool = False,
    ) -> None:
        """One signal; ``subject`` tells apart what may be told several times in a pane."""
        bucket = self._panes.bucket_of(self._pane)
        name = f"{key}|{bucket}|{kind.value}|{self._pane}" + (f"|{subject}" if subject else "")
        self.signals.append(
            Signal(
                id=blake2b(name.encode(), digest_size=16).hexdigest(),
                brand=self._brand,
                series=key,
                bucket=self._panes.bucket_start(bucket),
                at=self._panes.start_of(self._pane + 1),
                order=(self._pane, len(self.signals)),
                kind=kind,
                observed=score.observed,
                expected=score.expected,
                lower=score.lower,
                upper=score.upper,
                score=score.value or 0.0,
                p_value=score.p_value,
                effect=score.effect,
                support=score.voices,
                reach=reach,
                state=score.state,
                positive=positive,
                window_seconds=score.window_seconds,
                labels=labels,
                contributions=parts,
                phrases=phrases,
                voices=voices,
            )
        )


def bucket_row(
    brand: str, panes: Panes, key: str, bucket: int, tally: Tally, stale: bool, said: Said | None = None
) -> BucketRow:
    """The row of one series in a closed bucket, as it was judged before it is learned."""
    series = tally.series
    volume = series.volume if series is not None else None
    score = volume.score_one(tally.bucket(bucket)) if volume is not None and tally.judged else None
    band = volume.band(bucket) if volume is not None else (None, None, None)
    state = State.STALE if stale else volume.state(bucket) if volume is not None else State.WARMING
    return BucketRow.trusted(
        brand=brand,
        series=key,
        bucket=panes.bucket_start(bucket),
        bucket_seconds=panes.bucket_seconds,
        counts=tally.counts,
        voices=tally.voices,
        expected=band[0],
        lower=band[1],
        upper=band[2],
        score=score.value if score is not None else None,
        state=state,
        told=None if said is None else said.told.value,
        shadow=None if said is None or said.shadow is None else said.shadow.value,
    )


def _value(voice: Heard, name: str) -> str | None:
    if name in DIMENSIONS:
        return voice.dims[DIMENSIONS.index(name)]
    return dict(voice.extra).get(name)
