"""Jump or start of collection? A level that appears at once from near nothing is a change of the source.

A brand (or one of its sources) that was hardly heard of while it was watched for a day, and then jumps, has most likely
only begun to be collected. Such jumps are told as ``source.change``, and so are the further ones of the next day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.panes import Panes
from detectors.grid import HOUR
from detectors.protocol import Score
from detectors.settings import SourceSettings
from detectors.usual import Usual
from detectors.voices import Heard
from detectors.volume import VolumeDetector


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a jump is: a change or not, and whether the brand's baseline must begin anew."""

    change: bool
    restart: bool = False


class Changes:
    """Remembers since when the brand, or a source of it, counts as changed."""

    __slots__ = ("_brand_until", "_panes", "_settings", "_source_until")

    def __init__(self, settings: SourceSettings, panes: Panes) -> None:
        self._settings = settings
        self._panes = panes
        self._brand_until = -1
        self._source_until: dict[str, int] = {}

    def judge(
        self,
        is_brand: bool,
        pane: int,
        watched_seconds: float,
        score: Score,
        voices: Sequence[Heard],
        trunk: VolumeDetector,
        usual: Usual,
    ) -> Verdict:
        """What the jump ``score`` of a series is, given its latest voices in the window."""
        if pane < self._brand_until:
            return Verdict(True)
        if watched_seconds < self._settings.established_hours * HOUR:
            return Verdict(False)
        if trunk.season.seen < self._settings.established_voices:
            if is_brand:
                self._brand_until = pane + self._hold()
            return Verdict(True, restart=is_brand)
        return Verdict(self._new_source(pane, voices, usual))

    def _new_source(self, pane: int, voices: Sequence[Heard], usual: Usual) -> bool:
        """Whether most of the voices came by sources that were hardly heard of before."""
        fresh = 0
        for one in voices:
            if pane < self._source_until.get(one.source, -1):
                fresh += 1
            elif usual.weight("source", one.source) < self._settings.established_voices:
                fresh += 1
        if not voices or 2 * fresh <= len(voices):
            return False
        for source in sorted({one.source for one in voices}):
            if usual.weight("source", source) < self._settings.established_voices:
                self._source_until.setdefault(source, pane + self._hold())
        return True

    def _hold(self) -> int:
        return int(self._settings.change_hours * HOUR / self._panes.pane_seconds)
