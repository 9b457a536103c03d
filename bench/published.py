"""What a pipeline has published, added up as a reader of the topics would, and what it lacks against the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.storm import COUNTED, Cell, Sums
from contracts.codec import decode, decode_mixed
from contracts.ports import In
from contracts.records import Correction, Counts, IncidentEvent, PaneCounts, Told
from contracts.series import series_dims

Key = tuple[int, int, str, int]
"""Partition, pane, brand and part of a pane's publication."""


@dataclass
class Published:
    """The topic ``counts``: the latest publication of a key holds, a correction holds once."""

    parts: dict[Key, dict[str, Counts]] = field(default_factory=dict)
    late: dict[str, tuple[int, dict[str, Counts]]] = field(default_factory=dict)
    again: int = 0
    """Publications of a key that was published before."""
    changed: int = 0
    """Those of them with another value; exact counting has none."""

    def take(self, messages: list[In]) -> Published:
        """All messages of the topic, each partition in its order."""
        for message in messages:
            for record in decode_mixed(message.value):
                if isinstance(record, PaneCounts):
                    self._part(record)
                elif isinstance(record, Correction):
                    self.late[record.position] = (record.pane, record.rows)
        return self

    def _part(self, record: PaneCounts) -> None:
        key = (record.partition, record.pane, record.brand, record.part)
        before = self.parts.get(key)
        if before is not None:
            self.again += 1
            self.changed += before != record.rows
        self.parts[key] = record.rows

    def sums(self) -> dict[Cell, Sums]:
        """Mentions and reach by pane and series, over all partitions, late ones added."""
        sums: dict[Cell, Sums] = {}
        rows = [(key[1], rows) for key, rows in self.parts.items()] + list(self.late.values())
        for pane, counted in rows:
            for series, counts in counted.items():
                if tuple(series_dims(series)) in COUNTED:
                    n, reach = sums.get((pane, series), (0, 0))
                    sums[pane, series] = (n + counts.n, reach + counts.reach)
        return sums


@dataclass(frozen=True)
class Wrong:
    """Cells that differ."""

    low: int
    high: int

    @property
    def cells(self) -> int:
        """How many."""
        return self.low + self.high


def compare(truth: Mapping[Cell, Sums], counted: Mapping[Cell, Sums]) -> Wrong:
    """Cells counted too low and too high.

    >>> compare({(1, "brand=A"): (2, 0), (2, "brand=A"): (1, 0)}, {(1, "brand=A"): (1, 0), (2, "brand=A"): (1, 0)})
    Wrong(low=1, high=0)
    """
    cells = truth.keys() | counted.keys()
    differing = [(truth.get(cell, (0, 0)), counted.get(cell, (0, 0))) for cell in cells]
    return Wrong(sum(have < want for want, have in differing), sum(have > want for want, have in differing))


@dataclass(frozen=True)
class Telling:
    """Whether people were told."""

    due: int
    """Events that notify."""
    untold: int
    told_again: int
    """Tellings beyond the first of each event and receiver: a kill between the receiver's answer and the log."""


def telling(incidents: list[In], notified: list[In]) -> Telling:
    """The topics ``incidents`` and ``notified`` against each other."""
    due = {
        (event.incident, event.seq)
        for message in incidents
        for event in decode_mixed(message.value)
        if isinstance(event, IncidentEvent) and event.notify
    }
    told = [decode(Told, message.value) for message in notified]
    sent = {(one.incident, one.seq) for one in told if one.outcome == "sent"}
    keys = {(one.incident, one.seq, one.receiver) for one in told}
    return Telling(len(due), len(due - sent), len(told) - len(keys))
