"""The later life of complaints: assigned, replied, perhaps reopened, resolved, rated.

Follows a scenario's mentions that open a case. The events of a case are a function of (seed, case) alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Any

from fenghuo.simulator.calendar import from_ms
from fenghuo.simulator.chance import generator
from fenghuo.simulator.scenario import Scenario
from fenghuo.simulator.simulation import Simulation

DEPARTMENTS = ("客户服务部", "质量部", "物流部", "财务部", "门店运营部", "法务部")
MINUTE_MS = 60_000

Event = tuple[int, dict[str, Any]]


def case_events(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Case events in event-time order up to the scenario's end; cases still open then have no further events.

    >>> from datetime import UTC, datetime
    >>> span = {"start": datetime(2026, 3, 2, tzinfo=UTC), "end": datetime(2026, 3, 3, tzinfo=UTC)}
    >>> first = next(case_events(Scenario(**span)))
    >>> first["event"], first["id"] == first["case_id"] + "-1"
    ('opened', True)
    """
    waiting: list[tuple[int, str, dict[str, Any]]] = []
    end = scenario.end
    known: set[str] = set()
    for ms, record in Simulation(scenario.model_copy(update={"disorder": None})).lines():
        while waiting and waiting[0][0] <= ms:
            yield heappop(waiting)[2]
        case = record.get("case_id")
        if case is None or case in known:
            continue
        known.add(case)
        for at, event in life(scenario.seed, ms, record):
            if from_ms(at) < end:
                heappush(waiting, (at, event["id"], event))
    while waiting:
        yield heappop(waiting)[2]


def life(seed: int, ms: int, record: dict[str, Any]) -> Iterator[Event]:
    """All events of the case that this mention opens; one case in fifteen is never resolved."""
    rng = generator(seed, "case", record["case_id"])
    department = DEPARTMENTS[int(rng.integers(len(DEPARTMENTS)))]
    steps = [("opened", 0.1), ("assigned", float(rng.lognormal(2.3, 0.8))), ("replied", float(rng.lognormal(4.5, 1.2)))]
    if rng.random() < 0.2:
        steps.append(("waiting", float(rng.lognormal(5, 0.8))))
    if rng.random() < 14 / 15:
        steps.append(("resolved", float(rng.lognormal(6.5, 1.0))))
        if rng.random() < 0.06:
            steps += [("reopened", float(rng.lognormal(6, 0.7))), ("resolved", float(rng.lognormal(6.2, 0.7)))]
        if rng.random() < 0.45:
            steps.append(("rated", float(rng.lognormal(6, 1.0))))
    rating = min(10, max(0, round(float(rng.normal(5.5, 2.5)))))
    for number, (event, minutes) in enumerate(steps, 1):
        ms += 1 + int(minutes * MINUTE_MS)
        body = {
            "id": f"{record['case_id']}-{number}",
            "ts": from_ms(ms).isoformat(timespec="milliseconds"),
            "source": record["source"],
            "channel": record["channel"],
            "brand": record["brand"],
            "case_id": record["case_id"],
            "event": event,
        }
        if event != "opened":
            body["department"] = department
        if event == "rated":
            body["rating"] = rating
        yield ms, body
