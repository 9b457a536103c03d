"""Saying outside that all is well: asking a web address, or an address of apprise."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from pydantic import SecretStr

from alerts.deadman import DeadManSettings
from contracts.errors import InvalidSettings

if TYPE_CHECKING:
    import httpx

SECONDS = 10.0
SENTENCE = "烽火的每一级都在运行。Every stage of Fenghuo moves."


def speaker(settings: DeadManSettings, client: httpx.AsyncClient) -> Callable[[], Awaitable[bool]]:
    """Says it to everybody the settings name; whether all of them heard it.

    An address may hold a secret, so it never stands in a log.
    """
    url, tell = settings.url, None if settings.address is None else teller(settings.address, "FENGHUO_DEADMAN")

    async def speak() -> bool:
        heard = url is None or await _asked(client, url.get_secret_value())
        return (tell is None or await asyncio.to_thread(tell, SENTENCE)) and heard

    return speak


def teller(address: SecretStr, setting: str) -> Callable[[str], bool]:
    """Sends a text to an address of apprise; raises InvalidSettings when it is none."""
    import apprise

    sender = apprise.Apprise()
    if not sender.add(address.get_secret_value()):
        raise InvalidSettings("environment", f"{setting}: apprise does not know this kind of address")
    return lambda text: bool(sender.notify(body=text, title="烽火 Fenghuo"))


async def _asked(client: httpx.AsyncClient, url: str) -> bool:
    from httpx import HTTPError

    try:
        return (await client.get(url, timeout=SECONDS)).is_success
    except HTTPError:
        return False
