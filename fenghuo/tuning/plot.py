"""One series as an SVG drawing: its counts, the labelled windows, and the warnings kept, gained and lost.

No script, nothing loaded from anywhere. Every column of pixels shows the largest count that falls in it, so no peak is
drawn away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import sqrt

import numpy as np

from detectors.redecide import Alarm
from fenghuo.tuning.compare import Compared

WIDTH, HEIGHT = 1000, 170
_LEFT, _TOP, _BOTTOM = 46, 22, 20
_MARKS = {"kept": "#1f5fa8", "gained": "#0a8a3a", "lost": "#c62828"}


def drawing(one: Compared) -> str:
    """The drawing of one series, as an ``svg`` element."""
    times, values = one.case.series.times, one.case.series.values
    if len(times) < 2:
        return "<p>too short to be drawn</p>"
    first, last = times[0].timestamp(), times[-1].timestamp()

    def across(at: datetime) -> float:
        return _LEFT + (at.timestamp() - first) / max(last - first, 1.0) * (WIDTH - _LEFT)

    top = max(max(values), 1.0)
    gained, lost = set(one.gained), set(one.lost)
    parts = [_window(across(start), across(end)) for start, end in one.case.windows or ()]
    parts.append(f'<path d="{_columns(values, top)}" fill="none" stroke="currentColor" stroke-opacity=".65"/>')
    parts += [_mark(across(told.at), "gained" if told in gained else "kept", told) for told in one.after]
    parts += [_mark(across(told.at), "lost", told) for told in one.before if told in lost]
    parts += [_axis(top), *_dates(times)]
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="counts and warnings of a series">'
        f"{''.join(parts)}</svg>"
    )


def _columns(values: Sequence[float], top: float) -> str:
    """A line over the largest count of each column; the height goes with the root, so that small counts show."""
    columns = min(WIDTH - _LEFT, len(values))
    starts = [column * len(values) // columns for column in range(columns)]
    peaks = np.maximum.reduceat(np.asarray(values, dtype=np.float64), starts).tolist()
    across = (WIDTH - _LEFT) / columns
    points = [f"{_LEFT + place * across:.1f} {_up(sqrt(peak / top)):.1f}" for place, peak in enumerate(peaks)]
    return "M" + "L".join(points)


def _up(height: float) -> float:
    return HEIGHT - _BOTTOM - height * (HEIGHT - _BOTTOM - _TOP)


def _window(start: float, end: float) -> str:
    return (
        f'<rect x="{start:.1f}" y="{_TOP}" width="{max(end - start, 1):.1f}" height="{HEIGHT - _TOP - _BOTTOM}"'
        ' fill="#f0b429" fill-opacity=".28"/>'
    )


def _mark(place: float, what: str, told: Alarm) -> str:
    title = f"{what}: {told.at.isoformat(sep=' ', timespec='minutes')} {told.kind} score {told.score:.2f}"
    dash = ' stroke-dasharray="3 3"' if what == "lost" else ""
    return (
        f'<g stroke="{_MARKS[what]}" fill="{_MARKS[what]}"><title>{title}</title>'
        f'<path d="M{place:.1f} {HEIGHT - _BOTTOM}V{_TOP}"{dash}/><circle cx="{place:.1f}" cy="{_TOP - 6}" r="4"/></g>'
    )


def _axis(top: float) -> str:
    return "".join(
        f'<text x="{_LEFT - 6}" y="{_up(sqrt(share)) + 4:.1f}" text-anchor="end">{share * top:.3g}</text>'
        for share in (0.0, 0.25, 1.0)
    )


def _dates(times: Sequence[datetime]) -> list[str]:
    places = range(5)
    step = (len(times) - 1) / 4
    anchors = ("start", "middle", "middle", "middle", "end")
    return [
        f'<text x="{_LEFT + place * (WIDTH - _LEFT) / 4:.0f}" y="{HEIGHT - 4}" text-anchor="{anchors[place]}">'
        f"{times[round(place * step)].date().isoformat()}</text>"
        for place in places
    ]
