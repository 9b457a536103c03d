"""What partitions of counts publish is judged once, whatever comes again."""

from __future__ import annotations

import numpy as np

from contracts.records import Closed, PaneCounts, Record
from detectors.merge import Judged, Merge
from detectors.settings import DetectSettings
from tests.unit.detectors.streams import BASE, PANES, mentions


def published(partition: int, panes: int) -> list[Record]:
    """Some voices a minute, and after each minute that it is closed."""
    random = np.random.default_rng(partition)
    made: list[Record] = []
    for pane in range(BASE, BASE + panes):
        given = mentions(pane, 2, random)
        made.append(PaneCounts(partition=partition, pane=pane, brand="B", rows=given.rows, evidence=given.evidence))
        made.append(Closed(partition=partition, closed=pane + 1, alive=((pane, "crawler"),)))
    return made


def found(records: list[Record]) -> list[Judged]:
    merge = Merge(2, PANES, DetectSettings())
    return [one for record in records for one in merge.feed([record])]


def test_a_worker_that_was_killed_and_counts_again_from_before_changes_nothing() -> None:
    mine, other = published(0, 30), published(1, 30)
    once = found(other + mine)
    assert once
    assert found(other + mine[:40] + mine[10:]) == once


def test_a_pane_waits_until_every_partition_has_closed_it() -> None:
    mine, other = published(0, 30), published(1, 20)
    merge = Merge(2, PANES, DetectSettings())
    merge.feed(mine)
    assert merge.upto == 0
    merge.feed(other)
    assert merge.upto == BASE + 20
