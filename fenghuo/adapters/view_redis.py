"""The live view in Redis (Valkey): cards and timelines as JSON by key, changes by publish and subscribe.

Each partition of the log writes in transactions of its own (``WATCH`` on its turn), together with how far the log was
read: whoever writes second, or after the view was emptied, is refused and reads again. So the view is the same
whoever fills it, and an emptied Redis is filled from the beginning of the log by itself.

Keys begin with the pipeline's prefix, the version of what they hold (another version is another view) and a generation
(emptying the view begins another at once, and what the last one left is swept up afterwards).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError, WatchError

from alerts.view.fold import Delta, Known, Named
from alerts.view.shelf import MOST_ENDED, MOST_LINES, FoldedView
from contracts.codec import encode
from contracts.errors import Moved, Unavailable
from contracts.records import IncidentEvent, Standing, Told
from contracts.view import Change, ChangeKind, IncidentCard, RunCard

log = logging.getLogger(__name__)

M = TypeVar("M", bound=BaseModel)
VERSION = 1
"""Of what the keys hold: a change of the cards that older code cannot read needs another."""
KEPT_SECONDS = 90 * 86_400
"""Timelines that nothing was added to for so long (wall clock) are forgotten."""
LONGEST_WAIT = 5.0

_TRIM = """
local prefix, most, lines = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
for _, kind in ipairs({'cards', 'runs'}) do
  local over = redis.call('ZCARD', prefix .. 'ended:' .. kind) - most
  if over > 0 then
    for _, name in ipairs(redis.call('ZRANGE', prefix .. 'ended:' .. kind, 0, over - 1)) do
      redis.call('HDEL', prefix .. kind, name)
      redis.call('ZREM', prefix .. 'ended:' .. kind, name)
      redis.call('UNLINK', prefix .. 'events:' .. name, prefix .. 'told:' .. name)
    end
  end
end
for index = 4, #ARGV do
  for _, kind in ipairs({'events:', 'told:'}) do
    local key = prefix .. kind .. ARGV[index]
    local over = redis.call('HLEN', key) - lines
    if over > 0 then
      local fields = redis.call('HKEYS', key)
      local function number_of(field) return tonumber(string.match(field, '^%d+')) end
      table.sort(fields, function(a, b) return number_of(a) < number_of(b) end)
      for number = 1, over do redis.call('HDEL', key, fields[number]) end
    end
  end
end
"""


class RedisShelf:
    """Implements :class:`alerts.view.shelf.Shelf`.

    Parameters
    ----------
    redis
        A client for a server (Valkey, or Redis 7 and newer).
    prefix
        Put before every key; one prefix for one pipeline.
    """

    def __init__(self, redis: Redis, prefix: str, most_ended: int = MOST_ENDED, most_lines: int = MOST_LINES) -> None:
        self._redis = redis
        self._prefix = f"{prefix}view:{VERSION}:"
        self._generation = f"{self._prefix}generation"
        self._channel = f"{self._prefix}changes"
        self._trim: AsyncScript = redis.register_script(_TRIM)
        self._most = (most_ended, most_lines)

    async def update(self, partition: int, wanted: Named, change: Callable[[Known], Delta]) -> None:
        """Put what ``change`` makes of what is held, in one transaction."""

        async def put() -> tuple[str, Delta]:
            async with self._redis.pipeline(transaction=True) as pipe:
                await pipe.watch(self._generation)
                base = self._base(await _awaited(pipe.get(self._generation)))
                await pipe.watch(f"{base}turn:{partition}")
                delta = change(await _known(pipe, base, partition, wanted))
                pipe.multi()  # type: ignore[no-untyped-call]
                pipe.incr(f"{base}turn:{partition}")
                _fill(pipe, base, partition, delta)
                for notice in delta.changes.values():
                    pipe.publish(self._channel, notice.model_dump_json(exclude_defaults=True))
                await pipe.execute()
                return base, delta

        base, delta = await asked(put)
        names = sorted({one.incident for one in (*delta.events, *delta.told)})
        ended = any(not one.open for one in delta.cards.values()) or any(one.closed for one in delta.runs.values())
        if names or ended:
            await asked(lambda: self._trim(args=[base, *self._most, *names]))

    async def positions(self, partition: int) -> Mapping[str, int]:
        """The next message to take, by topic."""
        base = await self._current()
        return _positions(await asked(lambda: _awaited(self._redis.hgetall(f"{base}positions:{partition}"))))

    async def cards(self) -> list[IncidentCard]:
        """Every card."""
        return await self._all("cards", IncidentCard)

    async def card(self, incident: str) -> IncidentCard | None:
        """One card."""
        base = await self._current()
        found = await asked(lambda: _awaited(self._redis.hget(f"{base}cards", incident)))
        return None if found is None else next(iter(_read(IncidentCard, [found])), None)

    async def timeline(self, incident: str) -> tuple[Sequence[IncidentEvent], Sequence[Told]]:
        """The events of one incident, and who was told of them."""
        return await self._all(f"events:{incident}", IncidentEvent), await self._all(f"told:{incident}", Told)

    async def runs(self) -> list[RunCard]:
        """Every run."""
        return await self._all("runs", RunCard)

    async def standings(self) -> list[Standing]:
        """The last standing of every brand."""
        return await self._all("standings", Standing)

    async def reached(self) -> datetime | None:
        """The latest event time that was put."""
        base = await self._current()
        score = await asked(lambda: _awaited(self._redis.zscore(f"{base}reached", "all")))
        return None if score is None else datetime.fromtimestamp(float(score), UTC)

    async def clear(self) -> None:
        """Begin another generation; whoever is writing is refused and begins again."""
        base = await self._current()
        await asked(lambda: _awaited(self._redis.incr(self._generation)))
        notice = Change(kind=ChangeKind.EMPTIED).model_dump_json(exclude_defaults=True)
        await asked(lambda: _awaited(self._redis.publish(self._channel, notice)))

        async def sweep() -> None:
            names = [name async for name in self._redis.scan_iter(match=_literal(base) + "*", count=1_000)]
            for start in range(0, len(names), 1_000):
                await self._redis.unlink(*names[start : start + 1_000])

        await asked(sweep)

    async def changes(self) -> AsyncIterator[Change]:
        """Notices for ever; each time it begins to listen (again), ``missed``."""
        wait = 0.1
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(self._channel)
                    async for change in _heard(channel):
                        wait = 0.1
                        yield change
            except (RedisError, OSError) as error:
                log.warning("Redis does not tell of changes (%s); trying again", type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    async def _all(self, key: str, kind: type[M]) -> list[M]:
        base = await self._current()
        return _read(kind, await asked(lambda: _awaited(self._redis.hvals(base + key))))

    async def _current(self) -> str:
        return self._base(await asked(lambda: _awaited(self._redis.get(self._generation))))

    def _base(self, generation: bytes | str | None) -> str:
        """What the keys of one generation begin with."""
        return f"{self._prefix}{int(generation or 0)}:"


async def _known(pipe: Pipeline, base: str, partition: int, wanted: Named) -> Known:
    """Read while the turn is watched: commands of such a pipeline run at once."""
    incidents, runs = sorted(wanted.incidents), sorted(wanted.runs)
    positions = await _awaited(pipe.hgetall(f"{base}positions:{partition}"))
    cards = await _awaited(pipe.hmget(f"{base}cards", incidents)) if incidents else []
    known_runs = await _awaited(pipe.hmget(f"{base}runs", runs)) if runs else []
    new = [name for name, found in zip(incidents, cards, strict=True) if found is None]
    told = {name: _read(Told, await _awaited(pipe.hvals(f"{base}told:{name}"))) for name in new}
    return Known(
        _positions(positions),
        {one.incident: one for one in _read(IncidentCard, cards)},
        {one.run: one for one in _read(RunCard, known_runs)},
        told,
    )


def _fill(pipe: Pipeline, base: str, partition: int, delta: Delta) -> None:
    for card in delta.cards.values():
        _card(pipe, base, "cards", card.incident, card, card.ended)
    for run in delta.runs.values():
        _card(pipe, base, "runs", run.run, run, run.closed)
    for event in delta.events:
        _line(pipe, f"{base}events:{event.incident}", str(event.seq), encode(event))
    for one in delta.told:
        _line(pipe, f"{base}told:{one.incident}", f"{one.seq}|{one.receiver}", encode(one))
    for brand, standing in delta.standings.items():
        if standing.tells:
            pipe.hset(f"{base}standings", brand, encode(standing))
        else:
            pipe.hdel(f"{base}standings", brand)
    if delta.positions:
        pipe.hset(
            f"{base}positions:{partition}", mapping={topic: str(place) for topic, place in delta.positions.items()}
        )
    if delta.reached is not None:
        pipe.zadd(f"{base}reached", {"all": delta.reached.timestamp()}, gt=True)


def _card(pipe: Pipeline, base: str, kind: str, name: str, card: BaseModel, ended: datetime | None) -> None:
    pipe.hset(f"{base}{kind}", name, card.model_dump_json(exclude_defaults=True))
    if ended is None:
        pipe.zrem(f"{base}ended:{kind}", name)
    else:
        pipe.zadd(f"{base}ended:{kind}", {name: ended.timestamp()})


def _line(pipe: Pipeline, key: str, field: str, value: bytes) -> None:
    pipe.hset(key, field, value)
    pipe.expire(key, KEPT_SECONDS)


def redis_view(redis: Redis, prefix: str) -> FoldedView:
    """The view of one pipeline."""
    return FoldedView(RedisShelf(redis, prefix))


async def asked(ask: Callable[[], Awaitable[Any]]) -> Any:
    """What Redis answers; raises Unavailable, and Moved when somebody else wrote first."""
    try:
        return await ask()
    except WatchError as error:
        raise Moved("somebody else wrote this partition of the live view", retry_after=0.1) from error
    except (RedisError, OSError) as error:
        reason = f"Redis does not answer ({type(error).__name__}); is it running, and is FENGHUO_REDIS right?"
        raise Unavailable(reason, retry_after=1.0) from error


async def _heard(channel: Any) -> AsyncIterator[Change]:
    """Notices of one subscription. A client that connects again by itself subscribes again, and is told so."""
    while True:
        message = await channel.get_message(ignore_subscribe_messages=False, timeout=10.0)
        if message is None:
            await channel.ping()
        elif message["type"] == "subscribe":
            yield Change(kind=ChangeKind.MISSED)
        elif message["type"] == "message":
            for change in _read(Change, [message["data"]]):
                yield change


def _read(kind: type[M], found: Sequence[bytes | str | None]) -> list[M]:
    """What is stored; what this version cannot read is passed over."""
    made = []
    for one in found:
        try:
            if one is not None:
                made.append(kind.model_validate_json(one))
        except ValidationError:
            log.warning("the live view holds a %s that cannot be read; fenghuo rebuild mends it", kind.__name__)
    return made


def _positions(found: Mapping[Any, Any]) -> dict[str, int]:
    return {(key.decode() if isinstance(key, bytes) else key): int(value) for key, value in found.items()}


def _literal(text: str) -> str:
    """``text`` for a pattern of Redis."""
    return "".join(f"\\{one}" if one in "*?[]\\^" else one for one in text)


def _awaited(answer: Any) -> Awaitable[Any]:
    """The client's types say that an answer may come at once; that of this client never does."""
    waiting: Awaitable[Any] = answer
    return waiting
