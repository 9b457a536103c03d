"""The settings of one brand as they hold: those of the file, and above them what people commanded.

In the flow: :mod:`detectors.merge` hands a :class:`~contracts.records.Setting` to the brand's detector, which lets it
hold from the first bucket that begins at or after its own, or from the next where that is over: the same as with
:mod:`detectors.feedback`. What was learned stays as it is.
"""

from __future__ import annotations

from copy import deepcopy

from contracts.layers import Layer, Layers
from contracts.panes import Panes, micros
from contracts.records import Setting
from detectors.live import with_values
from detectors.settings import DetectSettings

NEVER = 2**62
_MOST_WAITING = 256
_MOST_KNOWN = 1024


class Tuned:
    """What was commanded, and from which bucket on it holds. Picklable; bounded.

    >>> from datetime import UTC, datetime
    >>> when = datetime(2026, 1, 1, tzinfo=UTC)
    >>> tuned = Tuned(DetectSettings(), Panes())
    >>> tuned.hear(Setting(id="a", issued_at=when, begin=when, values={"budget.per_week": 1.0}), -1)
    >>> settings, second = tuned.turn()
    >>> settings.budget.per_week, second == when.timestamp()
    (1.0, True)
    """

    __slots__ = ("_file", "_known", "_layers", "_panes", "_waiting", "due")

    def __init__(self, settings: DetectSettings, panes: Panes) -> None:
        self._file = settings
        self._panes = panes
        self._layers = Layers()
        self._known: dict[str, None] = {}
        self._waiting: list[tuple[int, Setting]] = []
        self.due = NEVER
        """The bucket from which the next command holds."""

    def hear(self, said: Setting, last: int) -> None:
        """Take a command that holds from its bucket, or from the one after ``last``.

        A repeat changes nothing, nor does an undo of what is not in force and not to come."""
        if said.id in self._known or (said.undo and not self._knows(said)):
            return
        self._known[said.id] = None
        if len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        first = -(-micros(said.begin) // (self._panes.bucket_seconds * 1_000_000))
        self._waiting.append((max(first, last + 1), said))
        self._waiting.sort(key=lambda one: one[0])
        del self._waiting[_MOST_WAITING:]
        self._look()

    def turn(self) -> tuple[DetectSettings, float]:
        """Let the next command hold: the settings from then on, and since when, in seconds since the epoch."""
        bucket, said = self._waiting.pop(0)
        if said.undo:
            self._layers.drop(said.undo)
            self._waiting = [one for one in self._waiting if one[1].id != said.undo]
        else:
            self._layers.put(said.id, Layer(said.issued_at, said.values, said.brand))
        self._look()
        return with_values(self._file, self._layers.values()), float(bucket * self._panes.bucket_seconds)

    def heir(self) -> Tuned:
        """The same for a brand that begins."""
        return deepcopy(self, {id(self._file): self._file})

    def _knows(self, said: Setting) -> bool:
        """Whether what an undo names is in force or to come, and was for the same."""
        layer = self._layers.layer(said.undo)
        if layer is not None:
            return layer.brand == said.brand
        return any((one.id, one.brand) == (said.undo, said.brand) for _, one in self._waiting)

    def _look(self) -> None:
        self.due = self._waiting[0][0] if self._waiting else NEVER
