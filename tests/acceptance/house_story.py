"""A whole house told as a story: workers that decide, tell and fill the live view, over a log and a clock of its own.

It adds to :class:`tests.acceptance.duty_story.Night` several workers that share the partitions and can be killed,
response plans and case clocks as they ship, the live view, and somebody outside who hears that every stage moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alerts.agents import DecideStage, NotifyStage
from alerts.cases.fellow import CaseFellow
from alerts.cases.settings import CaseSettings
from alerts.deadman import DeadManSettings
from alerts.duty.settings import DutySettings
from alerts.duty.swaps import SwapFollower
from alerts.followers import Follower
from alerts.ledger.chain import Book
from alerts.ledger.scribe import Scribe
from alerts.plans.fellow import PlanFellow
from alerts.plans.settings import load_plans
from alerts.settings import DecidePolicy
from alerts.view.reads import TOPICS, viewed
from contracts.clock import ManualClock
from contracts.codec import decode_mixed, encode_mixed
from contracts.ports import Checkpoint, Out, Partition, Stage
from contracts.records import CaseEvent, CommandKind, IncidentEvent, Record
from contracts.series import partition_of
from contracts.topics import Topic
from contracts.yamlfile import load_yaml
from fenghuo.adapters.log_memory import MemoryLog
from fenghuo.adapters.pulses import MemoryPulses
from fenghuo.adapters.snapshots import FileSnapshots
from fenghuo.adapters.view_memory import memory_view
from fenghuo.pulse import Pulse
from fenghuo.watchdog import Watchdog
from tests.acceptance.duty_story import PEOPLE, notifier_of, phones_of
from tests.acceptance.story import seconds
from tests.unit.alerts.given import NOON, PANE, SHIPPED, command, mark, shipped, signal
from tests.unit.alerts.ledger.given import KEY

PARTITIONS = 2
CASES = load_yaml(SHIPPED / "cases.yaml", CaseSettings)
PLANS = load_plans(SHIPPED / "plans")


@dataclass
class Worker:
    """One process: the states of its partitions, which die with it."""

    mine: set[int]
    states: dict[tuple[str, int], tuple[Partition, int]] = field(default_factory=dict)
    pulse: Pulse = field(default_factory=Pulse)


class House:
    """Collects what happens, then plays it pane by pane."""

    def __init__(self, folder: Path, workers: int = 1, duty: DutySettings = PEOPLE, **receivers: Any) -> None:
        self.clock = ManualClock(NOON)
        self.log = MemoryLog()
        self.snapshots = FileSnapshots(folder, b"k" * 32)
        self.view = memory_view()
        self.phones = phones_of(duty, self.clock)
        self.settle(shipped(), duty, **receivers)
        self.workers = [Worker({n for n in range(PARTITIONS) if n % workers == one}) for one in range(workers)]
        self.commits: dict[tuple[str, int], Checkpoint] = {}
        self.brands = {"Sigma", "Delta"}
        self.stuck: set[tuple[str, int]] = set()
        self.pulses = MemoryPulses()
        self.outside: list[int] = []
        given = DeadManSettings.model_validate({"url": "https://outside.test", "every": "5s", "look": "5s"})
        self.dog = Watchdog(self._ends, self.pulses, self._speak, given, self.clock)
        self._given: dict[int, list[tuple[str, Any]]] = {}
        self._second = 0

    def settle(self, policy: DecidePolicy, duty: DutySettings, **receivers: Any) -> None:
        """Rules, rota and receivers as a worker reads them when it starts."""
        policy = policy.model_copy(update={"escalation": duty.escalation})
        notifier = notifier_of(self.phones, duty, self.clock, **receivers)
        self.stages: tuple[Stage, ...] = (
            DecideStage(policy, self.snapshots, self.log, 60.0, _followers),
            NotifyStage(notifier, self.log, self.log),
        )

    def push(self, at: str, score: float, brand: str = "Delta", **fields: Any) -> House:
        """At this time a detector notices something."""
        self._given.setdefault(seconds(at), []).append(("signal", (score, brand, fields)))
        return self

    def case(self, at: str, what: str, name: str = "c1", brand: str = "Delta") -> House:
        """At this time something happens to a complaint."""
        self._given.setdefault(seconds(at), []).append(("case", (what, name, brand)))
        return self

    def says(self, at: str, kind: CommandKind, **args: Any) -> House:
        """Somebody commands something about Delta."""
        self._given.setdefault(seconds(at), []).append(("command", (kind, args)))
        return self

    def kill(self, number: int) -> None:
        """A worker is gone; another takes its partitions from their last commits."""
        gone = self.workers.pop(number)
        self.workers[0].mine |= gone.mine

    def restart(self) -> None:
        """Every worker is ended in good order and started again."""
        for one in self.workers:
            one.states.clear()

    async def play(self, until: str) -> House:
        """Play on to this time."""
        while self._second < seconds(until):
            self._second += PANE
            self.clock.advance(PANE)
            await self._arrive()
            for worker in self.workers:
                await self._work(worker)
            await self.dog.step()
        return self

    def events(self, brand: str = "Delta") -> list[IncidentEvent]:
        """What was decided, each change once."""
        found = self.log.messages(Topic.INCIDENTS, partition_of(brand, PARTITIONS))
        told = [one for message in found for one in decode_mixed(message.value)]
        known = {(one.incident, one.seq): one for one in told if isinstance(one, IncidentEvent)}
        return [one for one in known.values() if one.brand == brand]

    def heard(self, phone: str) -> list[str]:
        """What somebody heard: minutes and seconds after the start."""
        return [f"{at // 60}:{at % 60:02} {what} {tier}" for at, what, tier in self.phones[phone].heard]

    async def _arrive(self) -> None:
        for brand in sorted(self.brands):
            records = self._records(brand)
            out = Out(Topic.DECIDE_IN, brand, encode_mixed(records), partition_of(brand, PARTITIONS))
            await self.log.send([out])

    def _records(self, brand: str) -> list[Record]:
        now, made = self._second, list[Record]()
        for index, (what, given) in enumerate(self._given.get(now, [])):
            if what == "signal" and given[1] == brand:
                made.append(signal(now, given[0], index, brand, **given[2]))
            elif what == "case" and given[2] == brand:
                made.append(self._case(*given))
            elif what == "command" and brand == "Delta":
                made.append(command(given[0], f"{now}-{index}", **given[1]))
        return [*made, mark(now, brand=brand)]

    def _case(self, what: str, name: str, brand: str) -> CaseEvent:
        when = self.clock.now()
        given: dict[str, Any] = {"id": f"{name}-{what}", "ts": when, "received_at": when, "source": "desk"}
        return CaseEvent(**given, brand=brand, case_id=name, event=what)

    async def _work(self, worker: Worker) -> None:
        for number in sorted(worker.mine):
            for stage in self.stages:
                if (stage.name, number) not in self.stuck:
                    await self._step(worker, stage, number)
            await self._show(number)
            worker.pulse.note("record", number, len(self.log.messages(Topic.SERIES, number)))
            worker.pulse.note("view", number, sum((await self.view.positions(number)).values()))
        await self.pulses.leave(worker.pulse.positions)

    async def _step(self, worker: Worker, stage: Stage, number: int) -> None:
        place = (stage.name, number)
        if place not in worker.states:
            made = self.commits.get(place)
            worker.states[place] = (await stage.open(number, made), 0 if made is None else made.offset)
        state, start = worker.states[place]
        messages = self.log.messages(stage.topic, number, start)
        if messages:
            work = await state.handle(messages)
            await self.log.send(work.outs)
            worker.states[place] = (state, messages[-1].offset + 1)
        made = await state.checkpoint(self.clock.monotonic())
        if made is not None:
            self.commits[place] = made
        worker.pulse.note(stage.name, number, worker.states[place][1])

    async def _show(self, number: int) -> None:
        positions = await self.view.positions(number)
        for topic in TOPICS:
            start = positions.get(topic, 0)
            messages = self.log.messages(topic, number, start)
            records = [one for message in messages for one in viewed(topic, message.value)]
            await self.view.take(records, number, {topic: start}, {topic: start + len(messages)})

    async def _ends(self) -> Mapping[tuple[Topic, int], int]:
        topics = (Topic.DECIDE_IN, *TOPICS)
        return {(one, n): len(self.log.messages(one, n)) for one in topics for n in range(PARTITIONS)}

    async def _speak(self) -> bool:
        self.outside.append(self._second)
        return True


def _followers(partition: int) -> tuple[Follower, ...]:
    return (Scribe((PlanFellow(PLANS), CaseFellow(CASES)), Book(f"decide-{partition}", KEY)), SwapFollower())
