"""What people say of a warning: it holds from its bucket, does what it says, and can be taken back."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np
import pytest

from contracts.records import Closed, Command, CommandKind, Feedback, PaneCounts, Part, Signal, SignalKind, Verdict
from contracts.records.incident import rfc3339
from detectors.brand import BrandDetector, PaneInput
from detectors.budget import Budget
from detectors.budget_settings import BudgetSettings
from detectors.merge import Merge
from detectors.settings import DetectSettings
from tests.unit.detectors.streams import BASE, PANES, alive_at, feed, mentions, trained

HOUR = 60
DAY = 24 * HOUR
Stream = Iterator[tuple[int, PaneInput | None]]


def stream(first: int, minutes: int, *surges: tuple[int, int, float], rate: float = 0.15, seed: int = 9) -> Stream:
    """Calm voices with surges (start, minutes, rate) that begin so many minutes after ``first``."""
    random = np.random.default_rng(seed)
    for minute in range(minutes):
        more = sum(much for start, last, much in surges if start <= minute < start + last)
        n = int(random.poisson(rate + more))
        yield first + minute, mentions(first + minute, n, random) if n else None


def said(verdict: Verdict | None, pane: int, since: int = BASE, name: str = "f1", **fields: object) -> Feedback:
    """A word that holds from ``pane`` (a minute) on."""
    given: dict[str, object] = {"id": name, "verdict": verdict, "begin": PANES.start_of(pane)}
    if verdict is not None:
        given |= {"incident": "0123456789abcdef", "since": PANES.start_of(since)}
    return Feedback.model_validate(given | fields)


def parts(signals: Sequence[Signal]) -> tuple[Part, ...]:
    """What stood out, the furthest of each series and kind."""
    best: dict[tuple[str, SignalKind], float] = {}
    for one in signals:
        best[one.series, one.kind] = max(best.get((one.series, one.kind), 0.0), abs(one.observed - one.expected))
    return tuple(Part(series=series, kind=kind, size=size) for (series, kind), size in best.items())


def after(signals: Sequence[Signal], pane: int) -> list[Signal]:
    return [one for one in signals if one.order[0] >= pane]


BURST = (2 * HOUR, 20, 4.0)


def burst() -> tuple[BrandDetector, int, list[Signal]]:
    """A detector after a burst that was told, six hours on: (detector, next pane, what was told)."""
    detector, pane, _ = trained(days=8, rate=0.15)
    told = feed(detector, stream(pane, 8 * HOUR, BURST))
    assert SignalKind.VOLUME_SPIKE in {one.kind for one in told}
    return detector, pane + 8 * HOUR, told


def again(detector: BrandDetector, pane: int, days: int = 3, much: float = 4.0) -> list[Signal]:
    """The signals of the same burst some days later."""
    calm = days * DAY
    return after(feed(detector, stream(pane, calm + 8 * HOUR, (calm + BURST[0], 20, much), seed=10)), pane + calm)


def test_the_same_burst_again_is_told_when_nothing_was_said_and_after_true() -> None:
    for verdict in (None, Verdict.TRUE):
        detector, pane, told = burst()
        if verdict is not None:
            detector.hear(said(verdict, pane, parts=parts(told)))
        assert any(one.kind is SignalKind.VOLUME_SPIKE for one in again(detector, pane))


def test_after_noise_the_same_burst_is_not_told_but_a_much_larger_one_is() -> None:
    detector, pane, told = burst()
    detector.hear(said(Verdict.NOISE, pane, parts=parts(told)))
    saved = pickle.dumps(detector)
    assert [one for one in again(detector, pane) if one.series == "brand=B"] == []
    larger = again(pickle.loads(saved), pane, much=40.0)  # noqa: S301
    assert any(one.series == "brand=B" and one.kind is SignalKind.VOLUME_SPIKE for one in larger)


def test_noise_holds_for_its_weeks_and_no_longer() -> None:
    detector, pane, told = burst()
    detector.hear(said(Verdict.NOISE, pane, parts=parts(told)))
    feed(detector, stream(pane, 2))
    book, kind = detector._feedback, SignalKind.VOLUME_SPIKE
    end = pane + 28 * DAY
    held = [book.holds("brand=B", kind, bucket, 1.0) for bucket in (pane - 1, pane, end - 1, end)]
    assert held == [False, True, True, False]
    assert not book.holds("brand=B,channel=web", kind, pane, 1.0)
    assert not book.holds("brand=B", SignalKind.REPEAT, pane, 1.0)
    assert book.holds("brand=B", SignalKind.VOLUME_RAMP, pane, 1.0), "a burst that lasts becomes a climb"


def test_a_word_holds_from_its_bucket_and_not_before() -> None:
    detector, pane, told = burst()
    pane += DAY
    begin = pane + 60
    detector.hear(said(Verdict.EXPECTED, begin, parts=parts(told), until=PANES.start_of(begin + 3 * HOUR)))
    signals = feed(detector, stream(pane, 5 * HOUR, (30, 2 * HOUR, 6.0), seed=11))
    told_at = {one.order[0] for one in signals if one.series == "brand=B" and one.kind in _VOLUME}
    assert told_at and max(told_at) < begin


_VOLUME = (SignalKind.VOLUME_SPIKE, SignalKind.VOLUME_RAMP)


def level_of(detector: BrandDetector, bucket: int) -> float:
    """What the brand's hours usually bring."""
    assert detector._bank is not None
    return detector._bank.trunk.season.level(bucket)


def test_nothing_is_learned_from_what_is_expected() -> None:
    detector, pane, told = burst()
    unsaid = pickle.loads(pickle.dumps(detector))  # noqa: S301
    detector.hear(said(Verdict.EXPECTED, pane, parts=parts(told), until=PANES.start_of(pane + DAY)))
    rates = []
    for one in (detector, unsaid):
        feed(one, stream(pane, DAY + HOUR, (10, DAY - 10, 2.0)))
        rates.append(level_of(one, pane + DAY + HOUR))
    feed(calm := burst()[0], stream(pane, DAY + HOUR))
    usual = level_of(calm, pane + DAY + HOUR)
    assert rates[0] == pytest.approx(usual, rel=0.1)
    assert rates[1] > 1.15 * usual


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5])
def test_an_announced_event_that_does_not_come_leaves_the_level_where_it_is(rate: float) -> None:
    detector, pane, _ = trained(days=8, rate=rate)
    before = level_of(detector, pane)
    spike = (Part(series="brand=B", kind=SignalKind.VOLUME_SPIKE, size=50.0),)
    detector.hear(said(Verdict.EXPECTED, pane, parts=spike, until=PANES.start_of(pane + 2 * DAY)))
    feed(detector, stream(pane, 2 * DAY, rate=rate))
    assert level_of(detector, pane + 2 * DAY) == pytest.approx(before, rel=0.2)


def lasting(detector: BrandDetector, pane: int, hours: int = 26) -> list[Signal]:
    """A level some seven times as high that stays, from ``pane`` on."""
    return feed(detector, stream(pane, hours * HOUR, (0, hours * HOUR, 1.0), seed=12))


def test_after_new_normal_a_level_that_lasts_is_silent_at_once() -> None:
    for word in (False, True):
        detector, pane, _ = trained(days=8, rate=0.15)
        first = feed(detector, stream(pane, 3 * HOUR, (0, 3 * HOUR, 1.0)))
        told = [one for one in first if one.kind in _VOLUME]
        assert told
        since, now = told[0].order[0], pane + 3 * HOUR
        if word:
            detector.hear(said(Verdict.NEW_NORMAL, now, since=since, parts=parts(told)))
        later = [one for one in lasting(detector, now) if one.kind in _VOLUME]
        assert bool(later) is not word


def test_new_normal_said_of_the_past_is_silent_from_the_first_bucket() -> None:
    detector, pane, _ = trained(days=8, rate=0.15)
    spike = (Part(series="brand=B", kind=SignalKind.VOLUME_SPIKE, size=50.0),)
    detector.hear(said(Verdict.NEW_NORMAL, pane, since=pane, parts=spike))
    assert [one for one in lasting(detector, pane) if one.kind in _VOLUME] == []


@pytest.mark.parametrize("verdict", [one for one in Verdict])
def test_undo_brings_back_the_former_behaviour_byte_for_byte(verdict: Verdict) -> None:
    detector, pane, told = burst()
    untouched = pickle.loads(pickle.dumps(detector))  # noqa: S301
    until = PANES.start_of(pane + DAY) if verdict is Verdict.EXPECTED else None
    detector.hear(said(verdict, pane, since=told[0].order[0], parts=parts(told), until=until))
    end = pane if verdict is Verdict.EXPECTED else pane + 2  # what was not learned meanwhile is gone
    detector.hear(said(None, end, name="f2", undo="f1"))
    results = []
    for one in (detector, untouched):
        signals = feed(one, stream(pane, 2))
        signals += feed(one, stream(pane + 2, 3 * DAY, (2 * DAY, 20, 4.0), seed=13))
        results.append([signal.model_dump_json() for signal in signals])
    assert any("volume.spike" in line for line in results[0])
    assert results[0] == results[1]


def test_the_last_word_on_an_incident_counts() -> None:
    detector, pane, told = burst()
    detector.hear(said(Verdict.NOISE, pane, parts=parts(told)))
    detector.hear(said(Verdict.TRUE, pane + 5, name="f2", parts=parts(told)))
    assert any(one.kind is SignalKind.VOLUME_SPIKE for one in again(detector, pane))


def test_a_word_that_comes_twice_is_heard_once() -> None:
    detector, pane, told = burst()
    for _ in range(3):
        detector.hear(said(Verdict.NOISE, pane, parts=parts(told)))
    feed(detector, stream(pane, 2))
    detector.hear(said(Verdict.NOISE, pane, parts=parts(told)))
    feed(detector, stream(pane + 2, 2))
    assert detector._budget.lean == 1


def test_memory_is_bounded() -> None:
    detector, pane, told = burst()
    for number in range(400):
        incident, named = f"{number:016x}", parts(told)
        detector.hear(said(Verdict.NOISE, pane + number, name=f"f{number}", incident=incident, parts=named))
    feed(detector, stream(pane, 401))
    assert detector._budget.lean == 5
    kept = len(pickle.dumps(detector._feedback))
    for number in range(400, 800):
        detector.hear(said(Verdict.NOISE, pane + number, name=f"f{number}", incident=f"{number:016x}"))
    feed(detector, stream(pane + 401, 401))
    assert len(pickle.dumps(detector._feedback)) < 1.5 * kept


def test_true_gives_the_warning_back_so_that_the_next_is_told() -> None:
    budget = Budget(BudgetSettings())
    before = (budget.limit, budget._account.holds(0.0))
    confirmed = budget.confirm()
    budget.retract(confirmed)
    assert (budget.limit, budget._account.holds(0.0)) == pytest.approx(before)


def messages(until: int) -> list[PaneCounts | Closed]:
    random = np.random.default_rng(3)
    made: list[PaneCounts | Closed] = []
    for pane in range(BASE, BASE + until):
        given = mentions(pane, 2, random)
        made.append(PaneCounts(partition=0, pane=pane, brand="B", rows=given.rows, evidence=given.evidence))
        made.append(Closed(partition=0, closed=pane + 1, alive=((pane, "crawler"),)))
    return made


def test_it_does_not_matter_when_the_command_is_read_as_long_as_it_comes_before_its_bucket() -> None:
    word = Command(
        id="c1", kind=CommandKind.FEEDBACK, brand="B", author="lin", issued_at=PANES.start_of(BASE),
        args={"verdict": "noise", "incident": "0123456789abcdef", "since": rfc3339(PANES.start_of(BASE)),
              "from": rfc3339(PANES.start_of(BASE + 30)), "parts": []},
    )  # fmt: skip
    states = []
    for place in (0, 1, 17, 58):
        merge = Merge(1, PANES, DetectSettings())
        records: list[PaneCounts | Closed | Command] = list(messages(40))
        records.insert(place, word)
        for record in records:
            merge.feed([record])
        effect = merge._brands["B"]._feedback._effects["c1"]
        states.append((effect.begin, merge._brands["B"]._budget.lean))
    assert states == [(BASE + 30, 1)] * 4


def test_a_command_that_cannot_be_understood_changes_nothing() -> None:
    merge = Merge(1, PANES, DetectSettings())
    when = PANES.start_of(BASE) + timedelta(minutes=1)
    for kind, args in ((CommandKind.FEEDBACK, {"verdict": "perhaps"}), (CommandKind.ACK, {"incident": "0" * 16})):
        word = Command(id="c", kind=kind, brand="B", author="lin", issued_at=when, args=args)
        assert merge.feed([word]) == []
    merge.feed(messages(3))
    assert not merge._brands["B"]._feedback.active


def test_other_kinds_are_held_back_by_their_subject() -> None:
    detector, pane, _ = trained(days=1)
    topic = (Part(series="brand=B", kind=SignalKind.TOPIC_EMERGING, subject="recall", size=10.0),)
    detector.hear(said(Verdict.NOISE, pane, parts=topic))
    feed(detector, stream(pane, 3))
    detector.step(pane + 5, None, alive_at(pane + 5))
    held = [
        detector._feedback.holds("brand=B", SignalKind.TOPIC_EMERGING, pane + 5, size, subject)
        for size, subject in ((12.0, "recall"), (12.0, "refund"), (20.0, "recall"))
    ]
    assert held == [True, False, False]
