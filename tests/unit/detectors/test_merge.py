"""What partitions of counts publish is judged once, whatever comes again."""

from __future__ import annotations

import numpy as np

from contracts.records import CaseEvent, CaseEventKind, Closed, Mark, PaneCounts, Record, Signal
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


def test_time_never_runs_back_case_events_come_before_what_their_pane_signals() -> None:
    random = np.random.default_rng(3)
    when = PANES.start_of(BASE + 2)
    case = CaseEvent(
        id="e", ts=when, received_at=when, source="desk", brand="B", case_id="c", event=CaseEventKind.OPENED
    )
    given = mentions(BASE + 2, 2, random)
    loud = given.evidence[0].model_copy(update={"reach": 10_000_000})
    row = PaneCounts(
        partition=0, pane=BASE + 2, brand="B", rows=given.rows, evidence=(loud, *given.evidence[1:]), cases=(case,)
    )
    judged = Merge(1, PANES, DetectSettings()).feed([row, Closed(partition=0, closed=BASE + 3)])
    kinds = [type(one) for one in judged if isinstance(one, CaseEvent | Signal | Mark)]
    assert kinds[0] is CaseEvent
    assert kinds[-1] is Mark
    assert Signal in kinds
