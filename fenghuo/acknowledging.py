"""The acknowledgement page over the running pipeline: links from pages lead to it, its button gives the command.

Whoever serves people from outside mounts it: the console, and the intake where no console runs.
"""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from redis.asyncio import Redis

from alerts.api import ack_router
from alerts.notify.links import Links
from contracts.clock import Clock
from contracts.ports import Bus
from fenghuo.adapters.once_redis import OnceInRedis
from fenghuo.commands import give
from fenghuo.settings import Runtime


def make_links(runtime: Runtime) -> Links | None:
    """Makes and reads the links of pages; none while nobody has said where people reach this installation."""
    return Links(runtime.secret_key(), runtime.url) if runtime.url else None


def ack_pages(runtime: Runtime, bus: Bus, clock: Clock) -> APIRouter | None:
    """The page's routes; none while pages carry no links (``FENGHUO_URL`` is not set)."""
    links = make_links(runtime)
    if links is None:
        return None
    once = OnceInRedis(Redis.from_url(runtime.redis.get_secret_value()), runtime.prefix, clock)
    return ack_router(links, partial(give, bus=bus, partitions=runtime.partitions), clock, once)
