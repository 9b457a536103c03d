"""Values that people commanded, one above the other: the last word on each counts, and any can be taken back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

MOST_LAYERS = 64
"""Commands that can be taken back; of more, what the oldest set stays for good."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one command set."""

    issued_at: datetime
    values: Mapping[str, float]
    brand: str = "*"
    author: str = ""
    reason: str = ""
    begin: datetime | None = None
    """Start of the bucket from which it was to hold."""


class Layers:
    """What was commanded, in the order in which it was said; the uppermost value counts.

    The order is that of (time said, id), so it does not matter in which order commands are read. Picklable; bounded.

    >>> from datetime import UTC
    >>> one, two = (datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2))
    >>> layers = Layers()
    >>> layers.put("b", Layer(two, {"budget.per_week": 1.0}))
    >>> layers.put("a", Layer(one, {"budget.per_week": 5.0, "budget.larger": 4.0}))
    >>> layers.values()
    {'budget.per_week': 1.0, 'budget.larger': 4.0}
    >>> layers.drop("b"), layers.values()["budget.per_week"]
    (True, 5.0)
    """

    __slots__ = ("_base", "_layers")

    def __init__(self) -> None:
        self._base: dict[str, float] = {}
        self._layers: dict[str, Layer] = {}

    def put(self, name: str, layer: Layer) -> None:
        """Set what the command ``name`` says."""
        self._layers[name] = layer
        while len(self._layers) > MOST_LAYERS:
            oldest = min(self._layers, key=self._order)
            self._base.update(self._layers.pop(oldest).values)

    def drop(self, name: str) -> bool:
        """Take the command ``name`` back; whether it was known."""
        return self._layers.pop(name, None) is not None

    def layer(self, name: str) -> Layer | None:
        """What the command ``name`` set, if it holds."""
        return self._layers.get(name)

    def all(self) -> list[tuple[str, Layer]]:
        """Those that can be taken back, with their ids: the first said first."""
        return [(name, self._layers[name]) for name in sorted(self._layers, key=self._order)]

    def values(self) -> dict[str, float]:
        """Each name that was set, and its value now."""
        found = dict(self._base)
        for _, layer in self.all():
            found.update(layer.values)
        return found

    def _order(self, name: str) -> tuple[datetime, str]:
        return self._layers[name].issued_at, name
