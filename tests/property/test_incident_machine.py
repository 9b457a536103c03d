"""The incident machine under any order of signals, marks, outages, commands and re-sent records.

Four cores get the same story: as it is, with a mark after every pane, with every record sent twice, and one that
is saved and restored before every record. All must tell the same; what they tell must hold the invariants.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from alerts.decide import DecideCore
from alerts.reasons import CHANGES, Reason
from alerts.rules import Match, Rule, RuleSet, Step
from alerts.settings import DecidePolicy, Timing
from contracts.records import Command, CommandKind, IncidentEvent, IncidentEventKind, Mark, Signal, SignalKind, Tier

PANE = 5
NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
KINDS = (SignalKind.VOLUME_SPIKE, SignalKind.SENTIMENT_SHIFT, SignalKind.SOURCE_DOWN, SignalKind.SOURCE_CHANGE)
TIMING = Timing(
    hold=timedelta(seconds=30),
    quiet=timedelta(seconds=60),
    reopen=timedelta(seconds=120),
    refractory=timedelta(seconds=20),
)
STEPS = tuple(Step(tier=tier, score=float(tier.rank + 1)) for tier in Tier)
POLICY = DecidePolicy(timing=TIMING, rules=RuleSet(rules=(Rule(name="any", match=Match(), steps=STEPS),)))
TOLD = IncidentEventKind


@dataclass
class Seen:
    """What the test knows by itself: signals that deserve a tier, and times at which a source was down."""

    hits: list[tuple[datetime, Tier]] = field(default_factory=list)
    outages: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    def down_at(self, when: datetime) -> bool:
        return any(begin <= when and (end is None or when < end) for begin, end in self.outages)

    def highest(self, begin: datetime, end: datetime) -> int:
        return max((tier.rank for when, tier in self.hits if begin <= when <= end), default=-1)


class Machine(RuleBasedStateMachine):
    """Feeds one brand and checks after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.plain, self.fine, self.twice, self.saved = (DecideCore(POLICY) for _ in range(4))
        self.pane = 0
        self.index = 0
        self.closed = True
        self.stale: tuple[str, ...] = ()
        self.names = 0
        self.known = Seen()
        self.silences: list[tuple[datetime, datetime]] = []
        self.events: list[IncidentEvent] = []
        self.sent: list[Signal | Mark | Command] = []

    def feed(self, record: Signal | Mark | Command) -> None:
        told = self.plain.feed(record)
        fine: list[IncidentEvent] = []
        if not isinstance(record, Command):
            for pane in range(self.closed_pane() + 1, record.order[0]):
                fine += self.fine.feed(self.mark(pane, self.stale))
        fine += self.fine.feed(record)
        assert fine == told
        assert self.twice.feed(record) + self.twice.feed(record) == told
        self.saved = pickle.loads(pickle.dumps(self.saved))  # noqa: S301 - our own bytes
        assert self.saved.feed(record) == told
        self.sent.append(record)
        self.events += told

    def closed_pane(self) -> int:
        return self.pane if self.closed else self.pane - 1

    def mark(self, pane: int, stale: tuple[str, ...]) -> Mark:
        return Mark(brand="Delta", at=self.time(pane), order=(pane, 999_999), stale=stale)

    @staticmethod
    def time(pane: int) -> datetime:
        return NOON + timedelta(seconds=pane * PANE)

    @rule(
        wait=st.integers(0, 8),
        score=st.sampled_from([0.5, 1.0, 2.0, 3.0, 4.0]),
        kind=st.sampled_from(KINDS),
        positive=st.booleans(),
    )
    def signal(self, wait: int, score: float, kind: SignalKind, positive: bool) -> None:
        pane = self.pane + max(wait, 1 if self.closed else 0)
        index = self.index + 1 if pane == self.pane else 0
        at = self.time(pane)
        given = Signal(
            id=f"{pane}-{index}",
            brand="Delta",
            series="brand=Delta",
            bucket=self.time(pane - pane % 12),
            at=at,
            order=(pane, index),
            kind=kind,
            observed=score * 10,
            expected=5.0,
            score=score,
            positive=positive,
        )
        self.feed(given)
        self.pane, self.index, self.closed = pane, index, False
        if score >= 1:
            cap = Tier.BLUE if positive else Tier.YELLOW if kind is SignalKind.SOURCE_CHANGE else Tier.RED
            tier = min(list(Tier)[int(score) - 1], cap, key=lambda one: one.rank)
            self.known.hits.append((at, tier))

    @rule(wait=st.integers(0, 40), stale=st.sampled_from([(), (), (), ("weibo",), ("mail", "weibo")]))
    def close(self, wait: int, stale: tuple[str, ...]) -> None:
        pane = self.pane + max(wait, 1 if self.closed else 0)
        at = self.time(pane)
        if stale and not self.stale:
            self.known.outages.append((at, None))
        if self.stale and not stale:
            self.known.outages[-1] = (self.known.outages[-1][0], at)
        self.feed(self.mark(pane, stale))
        self.pane, self.index, self.closed, self.stale = pane, 0, True, stale

    @rule(panes=st.integers(1, 20))
    def silence(self, panes: int) -> None:
        now, until = self.time(self.pane), self.time(self.pane + panes)
        if self.pane:
            self.feed(self.command(CommandKind.SILENCE, until=until.isoformat()))
            self.silences.append((now, until))

    @rule()
    def acknowledge(self) -> None:
        for one in self.plain.open_incidents():
            self.feed(self.command(CommandKind.ACK, incident=one.incident))

    def command(self, kind: CommandKind, **args: str) -> Command:
        self.names += 1
        return Command(id=str(self.names), kind=kind, brand="Delta", author="lin", issued_at=NOON, args={**args})

    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        if self.sent:
            assert self.plain.feed(data.draw(st.sampled_from(self.sent))) == []

    @invariant()
    def numbers_are_strict_and_time_never_runs_back(self) -> None:
        following: dict[str, int] = {}
        for event in self.events:
            assert event.seq == following.get(event.incident, 0)
            following[event.incident] = event.seq + 1
        times = [event.at for event in self.events]
        assert times == sorted(times)

    @invariant()
    def every_event_says_why_and_is_told_unless_silenced(self) -> None:
        for event in self.events:
            assert Reason(event.reason) in CHANGES
            assert event.notify is (event.reason != Reason.SILENCED)
            if not event.notify:
                assert any(begin <= event.at < end for begin, end in self.silences)

    @invariant()
    def each_change_follows_from_what_was_seen(self) -> None:
        tier: Tier | None = None
        for event in self.events:
            if event.event in (TOLD.OPENED, TOLD.REOPENED):
                assert tier is None
            else:
                assert tier is not None
            CHECKS.get(event.event, same_tier)(self.known, event, tier)
            tier = None if event.event is TOLD.RESOLVED else event.tier
        present = self.plain.open_incidents()
        assert [one.tier for one in present] == ([] if tier is None else [tier])

    @invariant()
    def no_promotion_is_untold(self) -> None:
        """What was seen last is never above what people know of."""
        if self.known.hits and self.plain.open_incidents():
            when, tier = self.known.hits[-1]
            if when == self.time(self.pane):
                assert self.plain.open_incidents()[0].tier.rank >= tier.rank


def rises(known: Seen, event: IncidentEvent, tier: Tier | None) -> None:
    """A rise is seen at that very instant, and it is one."""
    assert (event.at, event.tier) in known.hits
    assert tier is None or event.tier.rank > tier.rank


def falls(known: Seen, event: IncidentEvent, tier: Tier | None) -> None:
    """Nothing of the old tier for a whole hold, and not while a source is down."""
    assert tier is not None and event.tier.rank < tier.rank
    assert known.highest(event.at - TIMING.hold + timedelta(seconds=1), event.at) < tier.rank
    assert not known.down_at(event.at)


def ends(known: Seen, event: IncidentEvent, tier: Tier | None) -> None:
    """Nothing at all for the whole quiet time, throughout which every source lived."""
    assert event.tier is tier
    begin = event.at - TIMING.quiet
    assert known.highest(begin + timedelta(seconds=1), event.at) < 0
    assert not any(start <= event.at and (end is None or end > begin) for start, end in known.outages)


def breaks(known: Seen, event: IncidentEvent, tier: Tier | None) -> None:
    """A stale incident has an outage that begins just then."""
    assert event.tier is tier
    assert any(start == event.at for start, _ in known.outages)


def same_tier(known: Seen, event: IncidentEvent, tier: Tier | None) -> None:
    """What people do changes no tier."""
    assert event.tier is tier


CHECKS = {
    TOLD.OPENED: rises,
    TOLD.PROMOTED: rises,
    TOLD.REOPENED: rises,
    TOLD.DEMOTED: falls,
    TOLD.RESOLVED: ends,
    TOLD.STALE: breaks,
}

TestIncidentMachine = Machine.TestCase
TestIncidentMachine.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
