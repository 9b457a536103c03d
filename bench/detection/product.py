"""Our own detector as the measurement sees it: counts in, places of its warnings out."""

from __future__ import annotations

from bench.detection.stream import Stream
from detectors import offline
from detectors.settings import DetectSettings


def places(stream: Stream, settings: DetectSettings | None = None, per_week: float | None = None) -> list[int]:
    """Steps in which a warning is told: all kinds, defaults unless given otherwise."""
    number = {when: place for place, when in enumerate(stream.times)}
    found = offline.alarms(stream.times, stream.values.tolist(), settings=settings, per_week=per_week)
    return sorted({number[one.at] for one in found})
