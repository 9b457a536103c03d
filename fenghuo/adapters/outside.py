"""Saying outside that all is well: asking a web address, or an address of apprise."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from pydantic import SecretStr

from alerts.deadman import DeadManSettings
from contracts.errors import InvalidSettings

if TYPE_CHECKING:
    import httpx

    from alerts.notify.addresses import Network

log = logging.getLogger(__name__)

SECONDS = 10.0
SENTENCE = "烽火的每一级都在运行。Every stage of Fenghuo moves."


def speaker(
    settings: DeadManSettings, client: httpx.AsyncClient, private: Sequence[Network] = ()
) -> Callable[[], Awaitable[bool]]:
    """Says it to everybody the settings name; whether all of them heard it.

    An address may hold a secret, so it never stands in a log. ``private`` as in :func:`teller`.
    """
    url, address = settings.url, settings.address
    tell = None if address is None else teller(address, "FENGHUO_DEADMAN", private)

    async def speak() -> bool:
        heard = url is None or await _asked(client, url.get_secret_value())
        return (tell is None or await asyncio.to_thread(tell, SENTENCE)) and heard

    return speak


def teller(address: SecretStr, setting: str, private: Sequence[Network] = ()) -> Callable[[str], bool]:
    """Sends a text to an address of apprise; raises InvalidSettings when it is none.

    ``private`` are the networks that a kind with a host of its own may call besides public addresses.
    """
    from alerts.notify.services import PrivateAddress, Services, refusal

    why = refusal(address)
    if why:
        raise InvalidSettings("environment", f"{setting}: {why}")
    services = Services(address, private)

    def tell(text: str) -> bool:
        try:
            return services.notify(body=text, title="烽火 Fenghuo")
        except PrivateAddress:
            log.warning("%s: its address is private, and FENGHUO_ALLOW_PRIVATE does not name it", setting)
            return False

    return tell


async def _asked(client: httpx.AsyncClient, url: str) -> bool:
    from httpx import HTTPError

    try:
        return (await client.get(url, timeout=SECONDS)).is_success
    except HTTPError:
        return False
