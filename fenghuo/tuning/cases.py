"""The series that are tuned on, each with the windows in which something truly happened, if anybody labelled them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from contracts.errors import InvalidFile
from fenghuo.counts import CountSeries
from fenghuo.tuning.series import kept_series

Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Case:
    """One series; ``windows`` is ``None`` when nothing is known of what happened."""

    name: str
    content: str
    """A name for what its file holds."""
    series: CountSeries
    windows: tuple[Window, ...] | None

    @property
    def weeks(self) -> float:
        """How long it was watched."""
        times = self.series.times
        return max((times[-1] - times[0]).total_seconds() / 604_800, 1e-9) if len(times) > 1 else 1e-9


def read_cases(paths: Sequence[Path], labels: Path | None, keep: Path) -> list[Case]:
    """All series, named by their files; raises :class:`~contracts.errors.InvalidFile`.

    ``labels`` is JSON: ``{"NAME": [["2026-01-05T08:00", "2026-01-05T12:00"], …], …}`` with times as in the series.
    What was read is kept in ``keep`` for the next time.
    """
    known = {} if labels is None else _labels(labels)
    cases: list[Case] = []
    for path in paths:
        name = path.name.split(".")[0]
        if any(one.name == name for one in cases):
            raise InvalidFile(str(path), f"two series are named {name!r}; give the files different names")
        series, held = kept_series(path, name, keep)
        windows = known.pop(name, None)
        matching = None if windows is None else _matching(windows, series, name, labels)
        cases.append(Case(name, held, series, matching))
    if known:
        raise InvalidFile(str(labels), f"names {sorted(known)[0]!r}, and no such series was given")
    return cases


def _labels(path: Path) -> dict[str, tuple[Window, ...]]:
    try:
        told = orjson.loads(path.read_bytes())
    except OSError as error:
        raise InvalidFile(str(path), f"cannot be read ({error.strerror})") from error
    except orjson.JSONDecodeError as error:
        raise InvalidFile(str(path), f"is not JSON ({error})") from error
    if not isinstance(told, dict):
        raise InvalidFile(str(path), "must be an object of series names, each with a list of [start, end]")
    return {
        str(name): tuple(_window(one, name, path) for one in _list(rows, name, path)) for name, rows in told.items()
    }


def _list(rows: object, name: str, path: Path) -> list[object]:
    if not isinstance(rows, list):
        raise InvalidFile(str(path), f"{name}: must be a list of [start, end]")
    return rows


def _window(one: object, name: str, path: Path) -> Window:
    wrong = InvalidFile(str(path), f"{name}: {one!r} is no [start, end] of two times")
    if not (isinstance(one, list) and len(one) == 2 and all(isinstance(text, str) for text in one)):
        raise wrong
    try:
        start, end = datetime.fromisoformat(one[0]), datetime.fromisoformat(one[1])
    except ValueError:
        raise wrong from None
    if (start.tzinfo is None) != (end.tzinfo is None):
        raise wrong
    if start > end:
        raise InvalidFile(str(path), f"{name}: the window that starts at {one[0]} ends before that")
    return start, end


def _matching(windows: tuple[Window, ...], series: CountSeries, name: str, path: Path | None) -> tuple[Window, ...]:
    zoned = len(series.times) > 0 and series.times[0].tzinfo is not None
    if len(series.times) and any((at.tzinfo is not None) is not zoned for one in windows for at in one):
        raise InvalidFile(str(path), f"{name}: times with a zone here and without one in the series cannot be compared")
    return windows
