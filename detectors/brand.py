"""All detectors of one brand, pane by pane: what the detect stage and the replay call.

Something happens only at panes that bring data and at panes that :meth:`BrandDetector.next_due` names; every other
step leaves the state untouched, so the result cannot depend on how time is cut into steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

from contracts.errors import Lost
from contracts.panes import Panes
from contracts.ports import Grader
from contracts.records import BucketRow, Evidence, Feedback, Setting, Signal, SignalKind
from contracts.series import series_key
from detectors.bank import Bank, Series
from detectors.budget import Told
from detectors.change import Changes
from detectors.decider import Decider
from detectors.events import LABEL, Events
from detectors.feedback import Feedbacks
from detectors.grades import Grades
from detectors.grid import DAY, HOUR, Grid
from detectors.listen import Listener
from detectors.outlook import Lookout
from detectors.protocol import Bucket, Score
from detectors.report import Report, bucket_row
from detectors.settings import DetectSettings
from detectors.sources import Sources
from detectors.step import Found, PaneInput
from detectors.tally import NONE, Tally, copies_by_series
from detectors.tuned import Tuned
from detectors.usual import Usual
from detectors.voices import Voices, heard, sampled, thinned

_LONGEST_WATCH_DAYS = 30


class BrandDetector:
    """Detects for one brand; picklable, and restored from a pickle it has the same future.

    Parameters
    ----------
    brand
        Its name.
    panes
        Widths of pane and bucket.
    settings
        A change means a new detector, but for limits that are commanded (:meth:`hear`).
    grader
        Says how grave a complaint is; without it nothing has a grade.
    keep_rows
        Whether rows for the series store are wanted.
    tuned
        What was commanded for all brands before this one began.

    Examples
    --------
    >>> from contracts.records import Counts
    >>> detector = BrandDetector("Delta", Panes(), DetectSettings())
    >>> found = detector.step(1000, PaneInput({"brand=Delta": Counts(n=2, negative=1)}, ()), {})
    >>> found.signals, detector.next_due()           # nothing yet; the bucket ends with pane 1007
    ((), 1007)
    >>> [(row.series, row.counts.n) for row in detector.step(1007, None, {}).rows]
    [('brand=Delta', 2)]
    """

    __slots__ = (
        "_bank", "_brand", "_bucket", "_budget", "_changes", "_feedback", "_grid", "_heat", "_keep_rows", "_key",
        "_last_data", "_listener", "_lookout", "_open_quantum", "_pane", "_panes", "_settings", "_sources",
        "_tallies", "_tuned", "_usual", "_voices", "_watched",
    )  # fmt: skip

    def __init__(
        self,
        brand: str,
        panes: Panes,
        settings: DetectSettings,
        grader: Grader | None = None,
        *,
        keep_rows: bool = True,
        tuned: Tuned | None = None,
    ) -> None:
        self._brand = brand
        self._keep_rows = keep_rows
        self._key = series_key({"brand": brand})
        self._panes = panes
        self._settings = settings
        self._tuned = tuned or Tuned(settings, panes)
        events = Events(settings.announced, brand, panes.bucket_seconds)
        self._grid = Grid(panes, settings.zone, settings.volume.country, events)
        self._bank: Bank | None = None
        self._bucket: int | None = None
        self._pane = self._last_data = -1
        self._open_quantum = -1
        self._tallies: dict[str, Tally] = {}
        self._sources = Sources(settings.sources, panes, self._grid)
        half = settings.volume.half_life_days * DAY / self._grid.seconds
        self._usual = Usual(half, settings.explain.keywords)
        day = int(settings.copies_hours * HOUR / panes.pane_seconds)
        self._voices = Voices(settings.explain.recent_voices, settings.max_signatures, max(1, day))
        grades = None if grader is None else Grades(brand, grader, settings.repeat.people)
        self._listener = Listener(self._key, panes, self._grid, settings, self._voices, self._usual, grades)
        self._lookout = Lookout(brand, self._key, settings.forecast, settings.explain, self._grid)
        self._changes = Changes(settings.sources, panes)
        self._budget = Decider(settings)
        settle = self._grid.windows(settings.volume.windows_minutes)[0]
        self._feedback = Feedbacks(settings.feedback, panes, self._grid, settle)
        watched = (*settings.volume.watch, *settings.sentiment.watch, *settings.emotion.watch)
        self._watched = tuple(dict.fromkeys(watched))
        self._heat = settings.emotion.least_heat

    def step(
        self,
        pane: int,
        given: PaneInput | None,
        alive: Mapping[str, int],
        since: Mapping[str, int] | None = None,
        marking: frozenset[str] = frozenset(),
    ) -> Found:
        """Close ``pane``; every pane between the last step and this one was empty.

        ``alive`` names the last pane with any sign of life of each source, as of this pane; ``since``, if known,
        the first one: a brand first heard of long after its source began has been silent since then. ``marking``
        names the sources that have given progress marks: only of these is silence beyond a set rhythm a death.
        Raises :class:`~contracts.errors.Lost` when ``pane`` was stepped before.
        """
        if pane <= self._pane:
            raise Lost(
                f"brand {self._brand}: pane {pane} comes after pane {self._pane}; start again from the last commit"
            )
        self._sources.marking = marking
        signals: list[Signal] = []
        rows: list[BucketRow] = []
        while (due := self.next_due()) is not None and due < pane:
            self._tick(due, None, {name: min(last, due) for name, last in alive.items()}, signals, rows)
        if given is not None and not given.rows and not given.evidence:
            given = None
        if given is not None and self._bank is None:
            self._begin(pane, since or {})
        if given is not None or due == pane:
            self._tick(pane, given, alive, signals, rows)
        self._pane = pane
        return Found(tuple(signals), tuple(rows), self._sources.stale(alive), self._listener.graded())

    def hear(self, said: Feedback | Setting) -> None:
        """What a person says of a warning, or commands; it holds from the bucket it names, or from the next."""
        book = self._tuned if isinstance(said, Setting) else self._feedback
        book.hear(said, self._panes.bucket_of(self._pane) if self._pane >= 0 else -1)  # type: ignore[arg-type]

    def next_due(self) -> int | None:
        """The pane at which something may happen with no data at all, or ``None``."""
        ends = None if self._bucket is None else self._panes.first_pane(self._bucket + 1) - 1
        silent = self._sources.due()
        if ends is None or silent is None:
            return silent if ends is None else ends
        return min(ends, silent)

    def __len__(self) -> int:
        """How many series are watched."""
        return 0 if self._bank is None else len(self._bank)

    def _begin(self, pane: int, since: Mapping[str, int]) -> None:
        earliest = pane - _LONGEST_WATCH_DAYS * DAY // self._panes.pane_seconds
        first = max(min([*since.values(), pane]), earliest)
        while self._tuned.due <= self._panes.bucket_of(pane):
            self._settings, _ = self._tuned.turn()
        self._budget = Decider(self._settings, float(first * self._panes.pane_seconds))
        self._bank = Bank(self._key, self._settings, self._grid, self._panes.bucket_of(first))

    def _tick(
        self,
        pane: int,
        given: PaneInput | None,
        alive: Mapping[str, int],
        signals: list[Signal],
        rows: list[BucketRow],
    ) -> None:
        bank = self._bank
        if bank is None:
            return
        if given is not None:
            self._last_data = pane
            self._bucket = self._panes.bucket_of(pane)
            self._end_quantum(bank)
        while self._tuned.due <= self._panes.bucket_of(pane) == self._bucket:
            self._retune(bank)
        report = Report(self._brand, self._panes, self._settings, self._voices, self._usual, pane)
        if self._feedback.due <= self._panes.bucket_of(pane) == self._bucket:
            self._end_quantum(bank)
            self._feedback.apply(self._bucket, self._budget, bank)
        if given is not None:
            self._take(bank, pane, given)
            self._judge(bank, pane, given, report)
            self._listener.tell(pane, report)
            self._lookout.tell(self._usual, report)
        self._look(bank, pane, alive, report)
        self._silences(bank, pane, alive, report)
        told = report.signals
        signals += self._feedback.let_through(told, self._panes.bucket_of(pane)) if self._feedback.active else told
        if self._bucket is not None and pane == self._panes.first_pane(self._bucket + 1) - 1:
            rows += self._close(bank, self._bucket, bool(self._sources.stale(alive)))

    def _retune(self, bank: Bank) -> None:
        """The next command holds; what was learned stays."""
        self._settings, second = self._tuned.turn()
        self._budget.retune(self._settings, second)
        bank.retune(self._settings)

    def _end_quantum(self, bank: Bank) -> None:
        """Fold in what is usual, once the hour is over, weighing a surge down."""
        bucket = self._bucket or 0
        quantum = self._grid.quantum_of(bucket)
        if quantum == self._open_quantum:
            return
        if self._open_quantum >= 0:
            weight = bank.trunk.kept(bucket, self._open_quantum, self._feedback.left_out())
            self._usual.close(self._open_quantum, weight)
            self._listener.close(self._open_quantum, weight)
            self._lookout.close(self._open_quantum, quantum)
            if quantum // self._grid.per_day != self._open_quantum // self._grid.per_day:
                bank.forget(bucket)
        self._open_quantum = quantum

    def _take(self, bank: Bank, pane: int, given: PaneInput) -> None:
        """Add the pane to the open bucket."""
        share = min(1.0, self._settings.voices_a_pane / max(1, len(given.evidence)))
        copies = self._follow(bank, pane, given.evidence, share)
        copied = copies_by_series(self._brand, copies, self._watched, self._heat) if copies else {}
        bucket = self._bucket or 0
        for key in sorted(given.rows):
            tally = self._tallies.get(key)
            if tally is None:
                series = bank.find(key, bucket)
                tally = self._tallies[key] = Tally(series)
                if series is not None:
                    series.heard = bucket
                    if series.volume is not None:
                        tally.quiet = series.volume.need(bucket)
            tally.add(given.rows[key], copied.get(key, NONE))

    def _follow(self, bank: Bank, pane: int, evidence: Sequence[Evidence], share: float) -> list[Evidence]:
        """Hear all, follow the independent voices of an even sample, and say which are copies.

        The sample goes first: what many of a crowd say is then known when the others are asked whether they repeat it.
        """
        usually = bank.usually if share == 1 else partial(thinned, bank.usually, share)
        copies, others = [], []
        for one in evidence:
            self._sources.heard(one.source, pane)
            self._listener.hear(pane, one)
            if share < 1 and not sampled(one.id, share):
                others.append(one)
            elif self._voices.copy_of(one, pane) is not None:
                copies.append(one)
            else:
                voice = self._listener.follow(heard(pane, one), usually)
                self._voices.keep(voice)
                self._usual.add(voice)
        copies += self._voices.echoes(others, pane)
        self._lookout.add(len(evidence) - len(copies))
        return copies

    def _judge(self, bank: Bank, pane: int, given: PaneInput, report: Report) -> None:
        """Score the series that this pane touched; the brand's own comes first."""
        bucket = self._bucket or 0
        for key in sorted(given.rows):
            tally = self._tallies[key]
            series = tally.series
            if series is None:
                continue
            if series.volume is not None and tally.voices >= tally.quiet:
                tally.judged = True
                score = series.volume.score_one(tally.bucket(bucket))
                if score.beyond and self._spike(bank, series, score, pane, report):
                    return
            if series.share is not None and given.rows[key].n:
                shift = series.share.score_one(tally.bucket(bucket))
                if shift.beyond:
                    self._tell(series, SignalKind.SENTIMENT_SHIFT, shift, report, {})
            if series.heat is not None and given.rows[key].hot:
                red = series.heat.score_one(tally.bucket(bucket))
                if red.beyond:
                    self._tell(series, SignalKind.EMOTION_RED, red, report, {})

    def _spike(self, bank: Bank, series: Series, score: Score, pane: int, report: Report) -> bool:
        """Tell a jump, as a spike or as a change of source; True when the brand begins anew."""
        voices = list(report.window(series, score.window_seconds))
        bucket = self._bucket or 0
        names = self._grid.events.names(bucket + 1 - score.window_seconds // self._panes.bucket_seconds, bucket)
        announced = {LABEL: names} if names else {}
        watched = bucket - bank.start
        verdict = self._changes.judge(
            series is bank.brand, pane, watched * self._panes.bucket_seconds, score, voices, bank.trunk, self._usual
        )
        if verdict.change:
            self._tell(series, SignalKind.SOURCE_CHANGE, score, report, announced or {"cap": "yellow"})
        else:
            kind = SignalKind.VOLUME_RAMP if score.slow else SignalKind.VOLUME_SPIKE
            self._warn(series, kind, score, pane, report, announced)
        if not verdict.restart:
            return False
        bank.restart(bucket)
        self._listener.restart()
        for tally in self._tallies.values():
            tally.quiet = float("inf")
            if tally.series is not bank.brand:
                tally.series = None
        return True

    def _silences(self, bank: Bank, pane: int, alive: Mapping[str, int], report: Report) -> None:
        """Series gone quiet while all sources of the brand live: looked for at the end of every tenth bucket or so."""
        bucket = self._bucket
        if bucket is None or bucket % self._settings.empty_rows_every:
            return
        if pane != self._panes.first_pane(bucket + 1) - 1 or self._sources.stale(alive):
            return
        for series in bank.all():
            if series.volume is None or series.key in self._tallies:
                continue
            score = series.volume.silence(bucket)
            if score is not None and score.beyond:
                self._warn(series, SignalKind.VOLUME_SILENCE, score, pane, report)
                self._tallies.setdefault(series.key, Tally(series))

    def _warn(
        self,
        series: Series,
        kind: SignalKind,
        score: Score,
        pane: int,
        report: Report,
        labels: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Tell what the brand's budget lets through, its score as the threshold of now sees it."""
        size, bucket = abs(score.observed - score.expected), self._panes.bucket_of(pane)
        if self._feedback.active and self._feedback.holds(series.key, kind, bucket, size):
            return
        verdict = self._budget.ask(float(pane * self._panes.pane_seconds), series.key, score)
        if verdict.told is Told.HELD:
            return
        capped = {} if verdict.cap is None else {"cap": verdict.cap}
        self._tell(series, kind, score._replace(value=verdict.score), report, {**labels, **capped})

    def _tell(self, series: Series, kind: SignalKind, score: Score, report: Report, labels: dict[str, str]) -> None:
        if score.value is not None and series.gate(kind).tell(self._bucket or 0, score.value, self._settings.growth):
            report.add(series, kind, score, labels)

    def _look(self, bank: Bank, pane: int, alive: Mapping[str, int], report: Report) -> None:
        if not self._sources.waiting(pane):
            return
        season = bank.trunk.season
        shares = self._usual.shares("source")
        fell, missed = self._sources.look(pane, alive, season, bank.trunk.dispersion(), shares)
        for one in fell:
            report.silence(one)
        if missed > 0:
            season.skip(missed)

    def _close(self, bank: Bank, bucket: int, stale: bool) -> list[BucketRow]:
        """End the open bucket: rows as it was judged, then learn it."""
        if self._key not in self._tallies:
            self._tallies[self._key] = Tally(bank.brand)
            bank.trunk.move(bucket)  # whether rows are wanted or not: two short moves round otherwise than a long one
        rows = []
        said = self._budget.said()
        for key in sorted(self._tallies):
            tally = self._tallies[key]
            if self._keep_rows:
                rows.append(bucket_row(self._brand, self._panes, key, bucket, tally, stale, said.get(key)))
            if tally.series is not None and tally.counts.n:
                self._learn(tally.series, tally.bucket(bucket), bank)
        self._tallies = {}
        idle = self._panes.first_pane(bucket + 1) - self._last_data
        lasting = idle * self._panes.pane_seconds < self._settings.empty_rows_hours * HOUR
        every = self._settings.empty_rows_every
        self._bucket = -(-(bucket + 1) // every) * every if lasting else None
        return rows

    def _learn(self, series: Series, heard: Bucket, bank: Bank) -> None:
        """Take a closed bucket in, but for what a person has announced."""
        feedback = self._feedback if self._feedback.active else None
        if series.volume is not None:
            mine = series is bank.brand
            series.volume.learn_one(heard if feedback is None else feedback.usual(series, heard, trunk=mine))
        for model, kind in ((series.share, SignalKind.SENTIMENT_SHIFT), (series.heat, SignalKind.EMOTION_RED)):
            if model is not None and not (feedback and feedback.passes_over(series.key, kind, heard.number)):
                model.learn_one(heard)


__all__ = ["BrandDetector", "Bucket", "Found", "PaneInput"]
