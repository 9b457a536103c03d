"""How a pipeline does, asked of its parts from outside: Kafka, topics, each stage's commits, Redis, store, disk.

Everything that stages remember travels with their commits (FAUST.md), so the commits tell where each stands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from alerts.view.reads import TOPICS
from contracts.clock import Clock
from contracts.errors import FenghuoError, InvalidSettings, InvalidSnapshot
from contracts.panes import Panes
from contracts.ports import SeriesStore, SnapshotStore
from contracts.topics import Topic
from fenghuo.local import space, topics
from fenghuo.settings import Runtime
from fenghuo.viewing import group_of

MUCH_LAG = 20_000
"""Messages a stage may be behind before it is called a problem."""
READS = {
    "learn": Topic.LESSONS,
    "count": Topic.MENTIONS,
    "detect": Topic.COUNTS,
    "decide": Topic.DECIDE_IN,
    "notify": Topic.INCIDENTS,
    "record": Topic.SERIES,
}
"""Which topic each stage of the workers' group reads."""
DEAD = "dead"
"""Draws dead letters, where the series store can: in an InfluxDB."""
VIEW = "view"
"""Fills the live view, in a consumer group of its own, from several topics."""
SNAPSHOTS = ("learn", "detect", "decide")


def reads(runtime: Runtime) -> dict[str, Topic]:
    """Which topic each stage reads that the workers of this pipeline run.

    >>> "dead" in reads(Runtime())
    False
    """
    return {**READS, DEAD: Topic.DEAD} if runtime.store.kind == "influx" else dict(READS)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, what was found, and in one sentence what is wrong and what to do (or nothing)."""

    name: str
    found: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class StagePart:
    """Where one stage stands in one partition."""

    stage: str
    partition: int
    lag: int
    """Messages not yet read."""
    mark: str = ""
    """Event time up to which it has closed."""
    snapshot: str = ""
    """Reference of its last snapshot."""


@dataclass(frozen=True, slots=True)
class Health:
    """All that was found."""

    parts: tuple[Part, ...]
    stages: tuple[StagePart, ...]

    @property
    def problems(self) -> list[str]:
        """One sentence each."""
        return [part.problem for part in self.parts if part.problem]


def stand(stage: str, partition: int, end: int, committed: tuple[int, str] | None, panes: Panes) -> StagePart:
    """Where a stage stands, from the end of its partition and its last commit (offset, metadata).

    >>> stand("count", 0, 120, (90, '{"closed": 355104000, "next": 118}'), Panes())
    StagePart(stage='count', partition=0, lag=2, mark='2026-04-07T00:00:00+00:00', snapshot='')
    >>> stand("notify", 1, 7, None, Panes()).lag
    7
    """
    if committed is None:
        return StagePart(stage, partition, end)
    offset, metadata = committed
    noted = _noted(metadata)
    closed = noted.get("closed")
    mark = panes.start_of(closed).isoformat() if isinstance(closed, int) and closed > 0 else noted.get("mark") or ""
    reached = noted.get("next", offset)
    behind = end - (reached if isinstance(reached, int) else offset)
    return StagePart(stage, partition, max(0, behind), str(mark), str(noted.get("snapshot") or ""))


def judge(stages: Sequence[StagePart], members: int) -> list[Part]:
    """What the stages' standing means.

    >>> [part.problem for part in judge([StagePart("count", 2, 50_000)], members=1)]
    ['', 'count is 50,000 messages behind in partition 2; start another worker (at most one for each partition).']
    """
    found = [Part("workers", f"{members} in the group")]
    if members == 0:
        waiting = sum(one.lag for one in stages if one.stage != VIEW)
        what = f"No worker runs and {waiting:,} messages wait; start one with `fenghuo worker` or `fenghuo up`."
        return [Part("workers", "none in the group", what)]
    for name in (*READS, DEAD, VIEW):
        worst = max((one for one in stages if one.stage == name), key=lambda one: one.lag, default=None)
        if worst is not None and worst.lag > MUCH_LAG:
            what = f"{name} is {worst.lag:,} messages behind in partition {worst.partition}"
            sentence = f"{what}; start another worker (at most one for each partition)."
            found.append(Part(name, f"{worst.lag:,} behind", sentence))
    return found


async def examine(
    runtime: Runtime, panes: Panes, open_store: Callable[[], SeriesStore], snapshots: SnapshotStore, clock: Clock
) -> Health:
    """Ask every part; never raises for a part that is down."""
    parts, stages = await _kafka(runtime, panes)
    parts.extend(_snapshots(stages, snapshots))
    parts.append(await asyncio.to_thread(_redis, runtime))
    parts.append(await asyncio.to_thread(_store, open_store, clock.now()))
    parts.append(_disk(runtime))
    return Health(tuple(parts), tuple(stages))


async def _kafka(runtime: Runtime, panes: Panes) -> tuple[list[Part], list[StagePart]]:
    try:
        found = await topics.counts(runtime.kafka, prefix=runtime.prefix)
        parts = [Part("Kafka", f"answers on {runtime.kafka}"), _topics(runtime, found)]
        if not found:
            return parts, []
        stages, members = await _stages(runtime, panes, found)
        return [*parts, *judge(stages, members)], stages
    except (FenghuoError, KafkaError, OSError):
        problem = f"Kafka does not answer on {runtime.kafka}; is it running, and is FENGHUO_KAFKA right?"
        return [Part("Kafka", "no answer", problem)], []


def _topics(runtime: Runtime, found: Mapping[str, int]) -> Part:
    missing = [topic.value for topic in Topic if runtime.prefix + topic not in found]
    if missing:
        sentence = (
            f"Topics {', '.join(missing)} are missing under the prefix {runtime.prefix!r}; `fenghuo up` makes them."
        )
        return Part("topics", f"{len(missing)} missing", sentence)
    try:
        topics.verify(found, runtime.partitions, prefix=runtime.prefix)
    except InvalidSettings as error:
        return Part("topics", "unequal partitions", str(error))
    return Part("topics", f"{len(found)} with {runtime.partitions} partitions each")


async def _stages(runtime: Runtime, panes: Panes, found: Mapping[str, int]) -> tuple[list[StagePart], int]:
    workers = f"{runtime.prefix}workers"
    read = [(stage, workers, topic) for stage, topic in reads(runtime).items()]
    read += [(VIEW, group_of(runtime.prefix), topic) for topic in TOPICS]
    places = [
        (stage, group, TopicPartition(runtime.prefix + topic, number))
        for stage, group, topic in read
        for number in range(found.get(runtime.prefix + topic, 0))
    ]
    consumer = AIOKafkaConsumer(bootstrap_servers=runtime.kafka)
    admin = AIOKafkaAdminClient(bootstrap_servers=runtime.kafka)
    try:
        await asyncio.gather(consumer.start(), admin.start())
        ends = await consumer.end_offsets([place for _, _, place in places])
        commits = {group: await admin.list_consumer_group_offsets(group) for group in {one[1] for one in read}}
        members = _members(await admin.describe_consumer_groups([workers]))
    finally:
        await asyncio.gather(consumer.stop(), admin.close())
    stages: dict[tuple[str, int], StagePart] = {}
    for stage, group, place in places:
        made = commits[group].get(place)
        committed = None if made is None or made.offset < 0 else (made.offset, made.metadata or "")
        one = stand(stage, place.partition, ends[place], committed, panes)
        earlier = stages.get((stage, place.partition))
        stages[stage, place.partition] = one if earlier is None else replace(one, lag=one.lag + earlier.lag)
    return list(stages.values()), members


def _members(answers: Any) -> int:
    return sum(len(group[5]) for answer in answers for group in answer.groups)


def _snapshots(stages: Sequence[StagePart], store: SnapshotStore) -> list[Part]:
    named = [one for one in stages if one.stage in SNAPSHOTS and one.snapshot]
    bad = []
    for one in named:
        try:
            store.load(f"{one.stage}-{one.partition}", one.snapshot)
        except InvalidSnapshot:
            bad.append(f"{one.stage} {one.partition}")
    if bad:
        sentence = (
            f"Snapshots of {', '.join(bad)} are missing or not genuine; the next start reads the log from its beginning"
            " instead, which takes longer. Is the snapshot folder the one that workers use?"
        )
        return [Part("snapshots", f"{len(bad)} of {len(named)} unusable", sentence)]
    return [Part("snapshots", f"{len(named)} committed and readable")]


def _redis(runtime: Runtime) -> Part:
    client = Redis.from_url(runtime.redis.get_secret_value(), socket_timeout=3, retry=Retry(NoBackoff(), 0))
    try:
        client.ping()
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy", "unknown")
    except (RedisError, OSError) as error:
        sentence = f"Redis does not answer ({type(error).__name__}); is it running, and is FENGHUO_REDIS right?"
        return Part("Redis", "no answer", sentence)
    finally:
        client.close()
    if policy != "noeviction":
        sentence = f"Redis may forget ids (maxmemory-policy {policy}): counts would be too high; set it to noeviction."
        return Part("Redis", f"policy {policy}", sentence)
    return Part("Redis", "answers, policy noeviction")


def _store(open_store: Callable[[], SeriesStore], now: datetime) -> Part:
    try:
        store = open_store()
        try:
            store.setup()
            store.incidents(now, now)
            known = len(store.series())
        finally:
            store.close()
    except FenghuoError as error:
        return Part("series store", "no answer", f"The series store cannot be used: {error}")
    return Part("series store", f"answers, {known:,} series")


def _disk(runtime: Runtime) -> Part:
    free = f"{space.free(runtime.var) / space.GB:.1f} GB free"
    try:
        space.check(runtime.var, space.NEEDED // 4)
    except FenghuoError as error:
        return Part("disk", free, str(error))
    return Part("disk", free)


def _noted(metadata: str) -> dict[str, Any]:
    try:
        noted = orjson.loads(metadata or "{}")
    except orjson.JSONDecodeError:
        return {}
    return noted if isinstance(noted, dict) else {}
