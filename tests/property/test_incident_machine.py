"""The incident machine under random rules and any order of signals, marks, outages, commands and re-sent records.

Four cores get the same story: as it is, with a mark after every pane, with every record sent twice, and one that
is saved and restored before every record. All must tell the same; what they tell must hold the invariants of
:mod:`tests.property.incident_model`. ``python -m bench.incident_storm`` walks a hundred thousand steps.
"""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from alerts.decide import DecideCore
from alerts.settings import DecidePolicy
from contracts.records import Command, CommandKind, IncidentEvent, Mark, Signal, SignalKind, Tier
from tests.property.incident_model import Quiet, World
from tests.property.incident_policies import KINDS, policies

PANE = 5
NOON = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
TIERS = tuple(Tier)


class Machine(RuleBasedStateMachine):
    """Feeds one brand and checks every event."""

    policies_seen: int = 0
    """Random rule sets."""
    steps_taken: int = 0
    """Records fed."""
    rules_run: int = 0
    """Random steps, commands without an effect included."""

    @initialize(policy=policies())
    def begin(self, policy: DecidePolicy) -> None:
        type(self).policies_seen += 1
        self.plain, self.fine, self.twice, self.saved = (DecideCore(policy) for _ in range(4))
        self.pane = 0
        self.index = 0
        self.closed = True
        self.stale: tuple[str, ...] = ()
        self.names = 0
        self.world = World(policy)
        self.sent: list[Signal | Mark | Command] = []

    def feed(self, record: Signal | Mark | Command) -> list[IncidentEvent]:
        type(self).steps_taken += 1
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
        return told

    def count(self) -> None:
        type(self).rules_run += 1

    def closed_pane(self) -> int:
        return self.pane if self.closed else self.pane - 1

    def mark(self, pane: int, stale: tuple[str, ...]) -> Mark:
        return Mark(brand="Delta", at=self.time(pane), order=(pane, 999_999), stale=stale)

    @staticmethod
    def time(pane: int) -> datetime:
        return NOON + timedelta(seconds=pane * PANE)

    @rule(
        wait=st.integers(0, 8),
        score=st.sampled_from([0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0]),
        kind=st.sampled_from(KINDS),
        positive=st.sampled_from([False, False, True]),
        labels=st.sampled_from([{}, {}, {"category": "a"}, {"category": "b"}]),
        window=st.sampled_from([60, 60, 400]),
    )
    def signal(
        self, wait: int, score: float, kind: SignalKind, positive: bool, labels: dict[str, str], window: int
    ) -> None:
        pane = self.pane + max(wait, 1 if self.closed else 0)
        index = self.index + 1 if pane == self.pane else 0
        self.count()
        given = Signal(
            id=f"{pane}-{index}",
            brand="Delta",
            series="brand=Delta",
            bucket=self.time(pane - pane % 12),
            at=self.time(pane),
            order=(pane, index),
            kind=kind,
            observed=score * 10,
            expected=5.0,
            score=score,
            positive=positive,
            window_seconds=window,
            labels=labels,
        )
        events = self.feed(given)
        scope = self.world.scope_of(given)
        earlier = [one for one in events if one.at < given.at]
        for one in earlier:
            self.world.take(one)
        self.world.sees(given, self.world.told(scope).tier)
        for one in events[len(earlier) :]:
            self.world.take(one)
        self.pane, self.index, self.closed = pane, index, False
        present = {tuple(sorted(one.scope.items())): one.tier for one in self.plain.open_incidents()}
        hit = self.world.told(scope).hits[-1:]
        if hit and hit[0].at == given.at and scope in present:
            assert present[scope].rank >= hit[0].rank, "what was seen last is never above the tier"

    @rule(wait=st.integers(0, 40), stale=st.sampled_from([(), (), (), ("weibo",), ("mail", "weibo")]))
    def close(self, wait: int, stale: tuple[str, ...]) -> None:
        pane = self.pane + max(wait, 1 if self.closed else 0)
        at = self.time(pane)
        self.count()
        events = self.feed(self.mark(pane, stale))
        for one in events:
            if one.at < at:
                self.world.take(one)
        if stale and not self.stale:
            self.world.outages.append((at, None))
        if self.stale and not stale:
            self.world.outages[-1] = (self.world.outages[-1][0], at)
        for one in events:
            if one.at >= at:
                self.world.take(one)
        self.pane, self.index, self.closed, self.stale = pane, 0, True, stale
        self.world.settled(at)
        present = {tuple(sorted(one.scope.items())): one.tier for one in self.plain.open_incidents()}
        assert present == {told.scope: told.tier for told in self.world.scopes.values() if told.tier is not None}

    @rule(panes=st.integers(1, 30), upto=st.sampled_from(TIERS))
    def silence(self, panes: int, upto: Tier) -> None:
        self.count()
        now, until = self.time(self.pane), self.time(self.pane + panes)
        if not self.pane:
            return
        one = self.command(CommandKind.SILENCE, until=until.isoformat(), upto=upto.value)
        self.end([quiet.name for quiet in self.world.silences if quiet.upto is upto])
        self.world.silences.append(Quiet(one.id, now, until, upto))
        for event in self.feed(one):
            self.world.take(event)

    def end(self, names: list[str]) -> None:
        """Silences end at the present instant."""
        now = self.time(self.pane)
        self.world.silences = [
            Quiet(one.name, one.begin, min(one.until, now), one.upto) if one.name in names else one
            for one in self.world.silences
        ]

    @rule(data=st.data())
    def unsilence(self, data: st.DataObject) -> None:
        self.count()
        names = [one.silence.id for one in self.plain.silences()]
        if names:
            chosen = data.draw(st.sampled_from(names))
            self.end([chosen])
            for event in self.feed(self.command(CommandKind.UNSILENCE, silence=chosen)):
                self.world.take(event)

    @rule(over=st.booleans())
    def acknowledge(self, over: bool) -> None:
        self.count()
        kind = CommandKind.HAND_OVER if over else CommandKind.ACK
        for one in self.plain.open_incidents():
            for event in self.feed(self.command(kind, incident=one.incident, to="wang")):
                self.world.take(event)

    def command(self, kind: CommandKind, **args: Any) -> Command:
        self.names += 1
        return Command(id=str(self.names), kind=kind, brand="Delta", author="lin", issued_at=NOON, args=args)

    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        self.count()
        if self.sent:
            assert self.plain.feed(data.draw(st.sampled_from(self.sent))) == []


TestIncidentMachine = Machine.TestCase
TestIncidentMachine.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
