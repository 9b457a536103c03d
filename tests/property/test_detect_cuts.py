"""However time is cut into steps, and wherever the detector is saved and restored, the result is the same."""

from __future__ import annotations

import pickle
from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.panes import Panes
from contracts.records import BucketRow, Feedback, Part, Signal, SignalKind, Verdict
from detectors.brand import BrandDetector, PaneInput
from detectors.settings import DetectSettings
from tests.unit.detectors.streams import mentions

PANES = Panes(pane_seconds=20, bucket_seconds=60)
BASE = 29_005_440 * 3

bursts = st.lists(st.tuples(st.integers(1, 400), st.integers(1, 25), st.integers(0, 3)), min_size=1, max_size=25)
Plan = dict[int, PaneInput]


def plan_of(parts: list[tuple[int, int, int]]) -> Plan:
    plan: Plan = {}
    pane = BASE
    random = np.random.default_rng(1)
    for gap, n, copies in parts:
        pane += gap
        fields = {"signature": "same"} if copies == 3 else {}
        plan[pane] = mentions(pane, n, random, negative=0.3 + 0.2 * copies, **fields)
    return plan


MARKING = frozenset({"crawler"})
Result = tuple[list[Signal], list[BucketRow], bytes]


def run(plan: Plan, every: bool, restore: int = 0, said: Sequence[Feedback] = (), keep_rows: bool = True) -> Result:
    given = DetectSettings(sources={"rhythm_seconds": {"crawler": 1800}})
    detector = BrandDetector("B", PANES, given, keep_rows=keep_rows)
    for one in said:
        detector.hear(one)
    signals: list[Signal] = []
    rows: list[BucketRow] = []
    alive: dict[str, int] = {}
    end = max(plan) + 400
    for pane in range(BASE, end):
        if pane in plan:
            alive["crawler"] = pane
        if not (every or pane in plan or detector.next_due() == pane):
            continue
        if restore and pane % restore == 0:
            detector = pickle.loads(pickle.dumps(detector))  # noqa: S301
        found = detector.step(pane, plan.get(pane), dict(alive), None, MARKING)
        signals += found.signals
        rows += found.rows
    detector.step(end, None, dict(alive), None, MARKING)
    return signals, rows, pickle.dumps(detector)


@settings(max_examples=20, deadline=None)
@given(bursts)
def test_stepping_every_pane_equals_jumping_to_the_next_that_matters(parts: list[tuple[int, int, int]]) -> None:
    plan = plan_of(parts)
    assert run(plan, every=True) == run(plan, every=False)


@settings(max_examples=10, deadline=None)
@given(bursts, st.integers(1, 97))
def test_a_restored_detector_has_the_same_future(parts: list[tuple[int, int, int]], restore: int) -> None:
    plan = plan_of(parts)
    assert run(plan, every=False, restore=restore)[:2] == run(plan, every=False)[:2]


PARTS = (Part(series="brand=B", kind=SignalKind.VOLUME_SPIKE, size=20),)


def words_of(said: list[tuple[Verdict, int]]) -> list[Feedback]:
    """Each on an incident of its own, every second one taken back half an hour later."""
    words = []
    for number, (verdict, pane) in enumerate(said):
        begin = PANES.start_of(BASE + pane)
        incident = f"{number:016x}"
        until = PANES.start_of(BASE + pane + 300)
        words.append(
            Feedback(
                id=f"f{number}", begin=begin, verdict=verdict, incident=incident, since=begin, until=until, parts=PARTS
            )
        )
        if number % 2:
            words.append(Feedback(id=f"u{number}", begin=PANES.start_of(BASE + pane + 90), undo=f"f{number}"))
    return words


@settings(max_examples=15, deadline=None)
@given(bursts, st.lists(st.tuples(st.sampled_from(Verdict), st.integers(0, 2000)), max_size=5), st.integers(1, 97))
def test_what_people_say_holds_from_its_bucket_however_time_is_cut(
    parts: list[tuple[int, int, int]], said: list[tuple[Verdict, int]], restore: int
) -> None:
    plan, words = plan_of(parts), words_of(said)
    whole = run(plan, every=False, said=words)
    assert run(plan, every=True, said=words) == whole
    assert run(plan, every=False, restore=restore, said=words)[:2] == whole[:2]


@given(parts=bursts)
@settings(max_examples=25, deadline=None)
def test_what_is_told_does_not_depend_on_whether_rows_are_kept(parts: list[tuple[int, int, int]]) -> None:
    plan = plan_of(parts)
    told, rows, _ = run(plan, every=False)
    alone, none, _ = run(plan, every=False, keep_rows=False)
    assert (told, none) == (alone, [])
    assert rows
