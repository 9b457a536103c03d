"""What people said of a brand's warnings, and what follows from it: held back, learned, not learned, taken back.

In the flow: :mod:`detectors.merge` hands a :class:`~contracts.records.Feedback` to the brand's detector, which lets it
hold from the first bucket that begins at or after its own: so it does not matter when the command is read, as long
as it comes before that bucket. Where that bucket is over, it holds from the next. Without feedback nothing here
does anything.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from contracts.panes import Panes, micros
from contracts.records import Feedback, Part, Signal, SignalKind, Verdict, subject_of
from detectors.bank import Bank, Series
from detectors.budget import Confirmed
from detectors.decider import Decider
from detectors.feedback_settings import FeedbackSettings
from detectors.grid import DAY, HOUR, Grid
from detectors.protocol import Bucket
from detectors.volume import Accepted

NEVER = 2**62
_MOST_KNOWN = 256
_COUNTED = (SignalKind.VOLUME_SPIKE, SignalKind.VOLUME_RAMP, SignalKind.VOLUME_SILENCE)
"""Kinds that the budget decides on, so that only these are paid for and given back."""


@dataclass(slots=True)
class Effect:
    """What one feedback does now, and what is needed to take it back."""

    said: Feedback
    begin: int
    """From this bucket on …"""
    end: int
    """… and before this one, what it is about is held back."""
    stepped: int = 0
    confirmed: tuple[Confirmed, ...] = ()
    volumes: dict[str, Accepted] = field(default_factory=dict)
    shares: dict[str, tuple[int, float]] = field(default_factory=dict)
    heats: dict[str, tuple[int, float]] = field(default_factory=dict)

    def about(self, series: str, kind: SignalKind, subject: str = "") -> Part | None:
        """The part of it that names this series, kind and subject; a climb and a jump are one kind."""
        wanted = (series, _family(kind), subject)
        return next((one for one in self.said.parts if (one.series, _family(one.kind), one.subject) == wanted), None)


class Feedbacks:
    """The words on one brand, those to come and those that hold. Picklable.

    Works with any kind of signal; levels (``new-normal``) there are of volume, negative share and heat alone.
    The last word on an incident counts: it takes an earlier one back. Memory: ``settings.kept`` effects; what an
    older one has changed for good stays, it is only no longer held back by and can no longer be undone.

    >>> from datetime import UTC, datetime
    >>> when = datetime(2026, 1, 1, tzinfo=UTC)
    >>> said = Feedback(id="a", begin=when, since=when, incident="0123456789abcdef", verdict="true")
    >>> book = Feedbacks(FeedbackSettings(), Panes(), Grid(Panes(), "UTC"), 30)
    >>> book.hear(said, -1)
    >>> book.due == micros(when) // 60_000_000
    True
    """

    __slots__ = (
        "_effects", "_known", "_left", "_panes", "_per_hour", "_settings", "_settle", "_tokens", "_waiting", "due",
    )  # fmt: skip

    def __init__(self, settings: FeedbackSettings, panes: Panes, grid: Grid, settle: int) -> None:
        self._settings = settings
        self._panes = panes
        self._per_hour = HOUR / grid.bucket_seconds
        self._settle = settle
        """Buckets that a new level must have lasted before it can be known."""
        self._waiting: list[tuple[int, int, Feedback]] = []
        self._known: dict[str, None] = {}
        self._effects: dict[str, Effect] = {}
        self._tokens: dict[str, tuple[int, float]] = {}
        self._left = 0.0
        self.due = NEVER
        """The bucket from which the next word holds."""

    @property
    def active(self) -> bool:
        """Whether any word is remembered."""
        return bool(self._effects)

    def hear(self, said: Feedback, last: int) -> None:
        """Take a word that holds from its bucket, or from the one after ``last``; a repeat changes nothing."""
        if said.id in self._known:
            return
        self._known[said.id] = None
        if len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        first = -(-micros(said.begin) // (self._panes.bucket_seconds * 1_000_000))
        self._wait(max(first, last + 1), said)

    def apply(self, bucket: int, budget: Decider, bank: Bank) -> None:
        """Let the words hold that are due at the start of ``bucket``."""
        while self._waiting and self._waiting[0][0] <= bucket:
            said = self._waiting.pop(0)[2]
            effect = self._effects.get(said.id)
            if said.undo:
                self._undo(said.undo, budget, bank)
            elif effect is not None:
                self._accept(effect, bucket, bank)
            else:
                self._begin(said, bucket, budget, bank)
        self.due = self._waiting[0][0] if self._waiting else NEVER

    def holds(self, series: str, kind: SignalKind, bucket: int, size: float, subject: str = "") -> bool:
        """Whether a finding is held back: it is expected, or no larger than what was called noise.

        ``size`` is how far what was observed lies from what was expected. Scores do not serve here: they are relative
        to the series' own record, which what was called noise has changed."""
        for one in self._effects.values():
            if not one.begin <= bucket < one.end:
                continue
            if one.said.verdict is Verdict.NEW_NORMAL and kind in _COUNTED:
                return True
            part = one.about(series, kind, subject)
            if part is None:
                continue
            if one.said.verdict is not Verdict.NOISE or size < self._settings.larger * part.size:
                return True
        return False

    def let_through(self, signals: Sequence[Signal], bucket: int) -> list[Signal]:
        """The signals that are not held back."""
        return [
            one
            for one in signals
            if not self.holds(one.series, one.kind, bucket, abs(one.observed - one.expected), subject_of(one.labels))
        ]  # fmt: skip

    def usual(self, series: Series, heard: Bucket, *, trunk: bool) -> Bucket:
        """What of a closed bucket the volume may learn: within an expected event no more than is usual.

        What is usual and did not come is saved up for an hour, so that a sparse series learns its own level too."""
        volume = series.volume
        if volume is None or not self._expected(series.key, _COUNTED[0], heard.number):
            return heard
        mean = volume.band(heard.number)[0]
        last, saved = self._tokens.get(series.key, (heard.number - 1, 0.0))
        saved = min(saved + mean * min(heard.number - last, self._per_hour), max(mean * self._per_hour, 1.0))
        learned = min(heard.n, float(int(saved)))
        self._tokens[series.key] = (heard.number, saved - learned)
        if trunk:
            self._left += heard.n - learned
        return heard._replace(n=learned, negative=min(heard.negative, learned), hot=min(heard.hot, learned))

    def passes_over(self, series: str, kind: SignalKind, bucket: int) -> bool:
        """Whether nothing at all is learned of this kind in ``bucket``: it is expected."""
        return self._expected(series, kind, bucket)

    def left_out(self) -> float:
        """Voices of the brand that were not learned since the last call: 0 outside of expected events."""
        left, self._left = self._left, 0.0
        return left

    def _expected(self, series: str, kind: SignalKind, bucket: int) -> bool:
        for one in self._effects.values():
            expected = one.said.verdict is Verdict.EXPECTED and one.begin <= bucket < one.end
            if expected and one.about(series, kind) is not None:
                return True
        return False

    def _wait(self, bucket: int, said: Feedback) -> None:
        place = sum(1 for one in self._waiting if one[0] == bucket)
        insort(self._waiting, (bucket, place, said), key=lambda one: one[:2])
        self.due = self._waiting[0][0]

    def _begin(self, said: Feedback, bucket: int, budget: Decider, bank: Bank) -> None:
        for earlier in [one for one, effect in self._effects.items() if effect.said.incident == said.incident]:
            self._undo(earlier, budget, bank)
        effect = self._effects[said.id] = Effect(said, bucket, bucket)
        if len(self._effects) > self._settings.kept:
            del self._effects[next(iter(self._effects))]
        match said.verdict:
            case Verdict.TRUE:
                self._true(effect, budget)
            case Verdict.NOISE:
                self._noise(effect, budget)
            case Verdict.EXPECTED if said.until is not None:
                effect.end = -(-micros(said.until) // (self._panes.bucket_seconds * 1_000_000))
            case Verdict.NEW_NORMAL:
                self._new_normal(effect, bucket, bank)

    def _true(self, effect: Effect, budget: Decider) -> None:
        """What was right does not count: it is given back to the account, and the threshold goes back down."""
        if any(one.kind in _COUNTED for one in effect.said.parts):
            effect.confirmed = budget.confirm()

    def _noise(self, effect: Effect, budget: Decider) -> None:
        """The brand needs more from now on, and for some weeks what is no larger than this is not told at all:
        a threshold alone would have to rise beyond it for everything."""
        effect.end = effect.begin + round(self._settings.noise_days * DAY / self._panes.bucket_seconds)
        if budget.lean < self._settings.noise_steps:
            budget.step(1)
            effect.stepped = 1

    def _new_normal(self, effect: Effect, bucket: int, bank: Bank) -> None:
        """A level can be known once it has lasted through the shortest window; until then nothing of it is told."""
        since = self._since(effect)
        if bucket < since + self._settle:
            effect.end = since + self._settle
            self._wait(effect.end, effect.said)
        else:
            self._accept(effect, bucket, bank)

    def _accept(self, effect: Effect, bucket: int, bank: Bank) -> None:
        """Take over the level since the incident began: of volume in every series of the brand, each by its own
        counts and the more like the whole brand the fewer these are; of shares in the series that were told."""
        counted = any(one.kind in _COUNTED for one in effect.said.parts)
        likely = 1.0
        for series in bank.all():
            if series.volume is not None and counted:
                accepted = effect.volumes[series.key] = series.volume.accept(bucket, self._since(effect), likely)
                likely = accepted.season.factor if series is bank.brand else likely
            if series.share is not None and effect.about(series.key, SignalKind.SENTIMENT_SHIFT):
                effect.shares[series.key] = series.share.accept(bucket)
            if series.heat is not None and effect.about(series.key, SignalKind.EMOTION_RED):
                effect.heats[series.key] = series.heat.accept(bucket)

    def _undo(self, name: str, budget: Decider, bank: Bank) -> None:
        """Take back all that a word has changed; a name that is not remembered changes nothing."""
        self._waiting = [one for one in self._waiting if one[2].id != name]
        effect = self._effects.pop(name, None)
        if effect is None:
            return
        budget.step(-effect.stepped)
        if effect.confirmed:
            budget.retract(effect.confirmed)
        for series in bank.all():
            if series.volume is not None and series.key in effect.volumes:
                series.volume.restore(effect.volumes[series.key])
            if series.share is not None and series.key in effect.shares:
                series.share.restore(effect.shares[series.key])
            if series.heat is not None and series.key in effect.heats:
                series.heat.restore(effect.heats[series.key])

    def _since(self, effect: Effect) -> int:
        since = effect.said.since or effect.said.begin
        return micros(since) // (self._panes.bucket_seconds * 1_000_000)


def _family(kind: SignalKind) -> SignalKind:
    return SignalKind.VOLUME_SPIKE if kind is SignalKind.VOLUME_RAMP else kind
