"""The acknowledgement page over the running pipeline: links from pages lead to it, its button gives the command.

Whoever serves people from outside mounts it: the console, and the intake where no console runs.
"""

from __future__ import annotations

import logging
from functools import partial

from fastapi import APIRouter
from redis.asyncio import Redis

from alerts.api import AckPage, Refuse, Send, ack_router
from alerts.notify.links import Claim, Links
from alerts.refused import RefusedLinks
from contracts.clock import Clock
from contracts.errors import Recoverable
from contracts.ports import Bus
from fenghuo.adapters.once_redis import OnceInRedis
from fenghuo.adapters.view_redis import redis_view
from fenghuo.commands import give, new_id
from fenghuo.settings import Runtime

log = logging.getLogger(__name__)


def make_links(runtime: Runtime) -> Links | None:
    """Makes and reads the links of pages; none while nobody has said where people reach this installation."""
    return Links(runtime.secret_key(), runtime.url) if runtime.url else None


def ack_pages(runtime: Runtime, bus: Bus, clock: Clock) -> APIRouter | None:
    """The page's routes; none while pages carry no links (``FENGHUO_URL`` is not set)."""
    links = make_links(runtime)
    if links is None:
        return None
    redis = Redis.from_url(runtime.redis.get_secret_value())
    once = OnceInRedis(redis, runtime.prefix, clock)
    send = partial(give, bus=bus, partitions=runtime.partitions)
    view = redis_view(redis, runtime.prefix)
    return ack_router(AckPage(links, send, clock, once, view, recorder(send, clock)))


def recorder(send: Send, clock: Clock) -> Refuse:
    """Writes refused links into the process log and into the ledger; while the log is away into the first alone."""
    refused = RefusedLinks(f"refused-{new_id()}")

    async def record(why: str, claim: Claim | None) -> None:
        log.warning("an acknowledgement link was refused: %s %s", why, "" if claim is None else claim.id)
        command = refused.note(why, claim, clock.now())
        if command is None:
            return
        try:
            await send(command)
        except Recoverable as error:
            log.warning("the ledger does not know of a refused acknowledgement link: %s", error)

    return record
