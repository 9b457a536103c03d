"""The tuning workbench behind the console: stored counts judged once, then decided again under any thresholds.

Implements :class:`contracts.desk.Tuning`. Each series is judged on its own, with an allowance that begins with the
period; live, the series of a brand share one. What stood out is remembered, so that moving what only decides costs
milliseconds; moving what scores judges the series anew, about a second for a month of minutes.
"""

from __future__ import annotations

import asyncio
from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock

from contracts.clock import Clock
from contracts.desk import Applied, Judging, Knob, Moves, OnTrial, Retuned, Warned
from contracts.errors import Invalid
from contracts.panes import micros
from contracts.ports import SeriesStore
from contracts.records import IncidentEvent, IncidentEventKind, SignalKind, Tier
from contracts.series import series_dims
from detectors.live import limits, with_values
from detectors.offline import findings
from detectors.redecide import Alarm, Findings
from detectors.settings import DetectSettings
from fenghuo.counts import CountSeries, Times
from fenghuo.tuning.cases import Case, Window
from fenghuo.tuning.changes import changed
from fenghuo.tuning.compare import told
from fenghuo.tuning.jobs import Jobs, Progress
from fenghuo.tuning.measure import Outcome, missing, outcome, total
from fenghuo.tuning.stored import judged_under
from fenghuo.tuning.trial import Warned as Recorded
from fenghuo.tuning.trial import trials

MOST_SERIES = 200
MOST_KEPT = 1_000
"""Series whose findings are remembered."""
LONGEST = timedelta(days=93)
BEFORE = timedelta(minutes=10)
"""A warning of the bucket in which an incident opens stands a little before it."""
FALSE = 0.1
"""What a warning too many costs, as a share of an incident missed."""
VOLUME = (SignalKind.VOLUME_SPIKE, SignalKind.VOLUME_RAMP, SignalKind.VOLUME_SILENCE)
"""What this workbench judges; other kinds have detectors of their own."""
_RANGES: tuple[tuple[str, float, float, float, bool], ...] = (
    ("budget.per_week", 0.25, 20, 0.25, False),
    ("budget.start", 0.5, 4, 0.05, False),
    ("budget.lowest", 0.5, 2, 0.05, False),
    ("budget.highest", 1, 6, 0.1, False),
    ("budget.repeat_hours", 1, 72, 0.5, False),
    ("budget.larger", 1, 8, 0.1, False),
    ("volume.least_voices", 2, 50, 1, True),
    ("volume.least_deviations", 2, 8, 0.1, True),
)


class TuningDesk:
    """Compares, applies, takes back.

    Parameters
    ----------
    settings
        Those of the file; what was commanded lies above them.
    moves
        Reads from the log what was commanded, and gives commands.
    patience
        Seconds that an answer waits before it says how far judging is.
    """

    def __init__(
        self, settings: DetectSettings, store: SeriesStore, moves: Moves, clock: Clock, patience: float = 0.3
    ) -> None:
        self._file = settings
        self._store = store
        self._moves = moves
        self._clock = clock
        self._kept: OrderedDict[tuple[str, int, int, int, str], Findings] = OrderedDict()
        self._lock = Lock()
        self._jobs = Jobs(patience)

    async def knobs(self) -> Sequence[Knob]:
        """What can be moved, with the values in force."""
        settings = await self._now()
        return [
            Knob(name, _value(settings, name), low, high, step, rescores, name in limits())
            for name, low, high, step, rescores in _RANGES
        ]

    async def applied(self) -> Sequence[Applied]:
        """What was applied and not taken back, the first said first."""
        return await self._moves.in_force()

    async def compare(
        self, series: Sequence[str], start: datetime, end: datetime, values: Mapping[str, float], instead: str = ""
    ) -> Retuned | Judging:
        """The warnings under the settings in force and with ``values``; raises Invalid for values out of range.

        What takes longer goes on; ``instead`` names a comparison that nobody waits for any more."""
        self._jobs.stop(instead)
        if not series or len(series) > MOST_SERIES or not timedelta(0) < end - start <= LONGEST:
            raise Invalid(f"choose 1 to {MOST_SERIES} series and at most {LONGEST.days} days")
        before = await self._now()
        after = _with(before, values)
        chosen = tuple(series)
        return await self._jobs.start(lambda progress: self._compare(chosen, start, end, before, after, progress))

    async def look(self, job: str) -> Retuned | Judging:
        """What became of a comparison; raises Invalid when it is not known any more."""
        return await self._jobs.look(job)

    def shadow(self) -> Mapping[str, float]:
        """The values on trial by dotted name; empty when none are."""
        return {f"budget.{name}": value for name, value in self._file.shadow.items() if value is not None}

    async def on_trial(self, start: datetime, end: datetime, brand: str | None = None) -> Sequence[OnTrial]:
        """What the settings on trial decided in [start, end) beside those in force, by brand; as it was recorded."""
        return await asyncio.to_thread(self._on_trial, start, end, brand)

    async def apply(self, values: Mapping[str, float], author: str, reason: str) -> str:
        """Gives the settings command; its id. Raises Invalid for values out of range, that need a restart, or none
        that differ."""
        now = await self._now()
        _with(now, values)
        moved = {name: value for name, value in values.items() if value != _value(now, name)}
        if not moved:
            raise Invalid("nothing was moved")
        for name, value in sorted(moved.items()):
            if name not in limits():
                raise Invalid(
                    f"{name} shapes what was learned and needs a restart: put it into detectors.yaml "
                    "(fenghuo tune --apply) and start the workers again; nothing was applied"
                )
            refusal = limits()[name].refusal(value)
            if refusal:
                raise Invalid(f"{name} {refusal}; nothing was applied")
        return await self._moves.move(moved, author, reason)

    async def undo(self, name: str, author: str, reason: str) -> str:
        """Gives the command that takes back the one with the id ``name``; raises Invalid when it is not in force."""
        if name not in {one.id for one in await self._moves.in_force()}:
            raise Invalid(f"{name or 'the command'} is not in force; somebody has taken it back already")
        return await self._moves.take_back(name, author, reason)

    async def _now(self) -> DetectSettings:
        """The settings in force."""
        values: dict[str, float] = {}
        for one in await self._moves.in_force():
            values.update(one.values)
        return with_values(self._file, {name: value for name, value in values.items() if name in limits()})

    def _on_trial(self, start: datetime, end: datetime, brand: str | None) -> list[OnTrial]:
        return [
            OnTrial(one.brand, len(one.live), len(one.trial), _recorded(one.gained), _recorded(one.lost))
            for one in trials(self._store, start, end, brand)
            if one.known
        ]

    def _compare(
        self,
        series: Sequence[str],
        start: datetime,
        end: datetime,
        before: DetectSettings,
        after: DetectSettings,
        progress: Progress,
    ) -> Retuned:
        events = self._store.incidents(start, end)
        cases = [case for one in series if (case := self._case(one, start, end, events)) is not None]
        wanted = [(one, settings) for settings in (before, after) for one in cases]
        progress.total = sum(len(one.series.times) for one in self._fresh(wanted))
        found = [self._found(one, settings, progress) for one, settings in wanted]
        first, second = found[: len(cases)], found[len(cases) :]
        begun = self._clock.monotonic()
        was = [told(case, found, before.budget) for case, found in zip(cases, first, strict=True)]
        now = [told(case, found, after.budget) for case, found in zip(cases, second, strict=True)]
        seconds = self._clock.monotonic() - begun
        worth = [
            total(outcome(alarms, case.windows, case.weeks) for case, alarms in zip(cases, some, strict=True))
            for some in (was, now)
        ]
        return Retuned(
            before=_warned(cases, was),
            after=_warned(cases, now),
            gained=_warned(cases, [missing(new, old) for new, old in zip(now, was, strict=True)]),
            lost=_warned(cases, [missing(old, new) for new, old in zip(now, was, strict=True)]),
            figures={name: (how(worth[0]), how(worth[1])) for name, how in _FIGURES.items()},
            seconds=seconds,
        )

    def _case(self, series: str, start: datetime, end: datetime, events: Sequence[IncidentEvent]) -> Case | None:
        counts = self._store.counts(series, start, end)
        if not counts:
            return None
        rows = self._store.buckets(series, start, end)
        step = timedelta(seconds=rows[0].bucket_seconds if rows else 60)
        first, last = min(counts), max(counts)
        many = (last - first) // step + 1
        times = array("q", (micros(first + step * place) for place in range(many)))
        values = array("d", bytes(8 * many))
        for at, one in counts.items():
            values[(at - first) // step] = one.n
        made = CountSeries(Times(times, UTC), values)
        windows = known_windows(events, series_dims(series)["brand"], end)
        return Case(series, f"{micros(first)} {many} {sum(values)}", made, windows or None)

    def _fresh(self, wanted: Sequence[tuple[Case, DetectSettings]]) -> list[Case]:
        """Those that must be judged first; each once."""
        keys = {_key(case, settings): case for case, settings in wanted}
        with self._lock:
            return [case for key, case in keys.items() if key not in self._kept]

    def _found(self, case: Case, settings: DetectSettings, progress: Progress) -> Findings:
        """What stands out of a series; raises Stopped when nobody waits for it any more."""
        key, times = _key(case, settings), case.series.times
        with self._lock:
            known = self._kept.get(key)
        if known is None:
            before = progress.done
            told = lambda row: progress.upto(before + row)  # noqa: E731 - of this series alone
            known = Findings.of(findings(times, case.series.values, settings=settings, progress=told))
            progress.upto(before + len(times))
        with self._lock:
            self._kept[key] = known
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return known


def known_windows(events: Sequence[IncidentEvent], brand: str, end: datetime) -> tuple[Window, ...]:
    """When incidents of a brand that reached orange by their volume were open: what warnings are measured against."""
    begun: dict[str, datetime] = {}
    grave: set[str] = set()
    closed: list[Window] = []
    for one in events:
        if one.brand != brand:
            continue
        begun.setdefault(one.incident, (one.detail.since or one.at) - BEFORE)
        if one.tier.rank >= Tier.ORANGE.rank and one.kind in VOLUME:
            grave.add(one.incident)
        if one.event is IncidentEventKind.RESOLVED:
            since = begun.pop(one.incident)
            if one.incident in grave:
                closed.append((min(since, one.at), one.at))
            grave.discard(one.incident)
    closed += [(since, end) for name, since in begun.items() if name in grave]
    return tuple(sorted(closed))


def _key(case: Case, settings: DetectSettings) -> tuple[str, int, int, int, str]:
    """What findings are remembered by: a changed series or changed settings are judged anew."""
    times = case.series.times
    return case.name, times.micros[0], len(times), int(sum(case.series.values)), judged_under(settings)


def _recorded(some: Sequence[Recorded]) -> list[Warned]:
    return [Warned(one.series, one.at, VOLUME[0].value, one.score or 0.0, one.expected or 0.0) for one in some]


def _warned(cases: Sequence[Case], some: Sequence[Sequence[Alarm]]) -> list[Warned]:
    found = [
        Warned(case.name, one.at, one.kind, one.score, one.expected)
        for case, alarms in zip(cases, some, strict=True)
        for one in alarms
    ]
    return sorted(found, key=lambda one: (one.at, one.series, one.kind))


def _with(settings: DetectSettings, values: Mapping[str, float]) -> DetectSettings:
    known = {name for name, *_ in _RANGES}
    unknown = sorted(set(values) - known)
    if unknown:
        raise Invalid(f"{unknown[0]} cannot be moved here; choose among {', '.join(sorted(known))}")
    whole = {name: int(value) if name == "volume.least_voices" else value for name, value in values.items()}
    return changed(settings, whole)


def _value(settings: DetectSettings, name: str) -> float:
    group, field = name.split(".")
    return float(getattr(getattr(settings, group), field))


_FIGURES: Mapping[str, Callable[[Outcome], float | None]] = {
    "told": lambda one: float(one.told),
    "per_week": lambda one: one.per_week,
    "windows": lambda one: float(one.windows),
    "found": lambda one: float(one.found),
    "delay_hours": lambda one: one.delay,
    "precision": lambda one: one.precision,
    "cost": lambda one: one.cost(FALSE),
}
