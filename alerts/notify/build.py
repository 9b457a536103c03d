"""Receivers from settings: the only place where addresses and secrets are opened."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from alerts.notify.by_apprise import Apprise
from alerts.notify.receivers import Receiver, Terminal
from alerts.notify.webhook import Target, Webhook
from alerts.settings import AnyReceiver, AppriseSettings, ReceiverSettings, TerminalSettings
from contracts.clock import Clock


def build(
    settings: ReceiverSettings, client: httpx.AsyncClient, clock: Clock, show: Callable[[str], None]
) -> list[Receiver]:
    """All receivers of the settings; raises :class:`~contracts.errors.InvalidSettings`.

    ``client`` must be made by :func:`http_client`; the caller closes it. ``show`` prints one line.
    """
    return [_one(one, client, clock, show) for one in settings.receivers]


def http_client() -> httpx.AsyncClient:
    """A client for webhooks: no proxies, no redirects, nothing from the environment, no kept connections.

    Connections go to checked addresses, so one kept for one host must not serve another that shares its address.
    """
    limits = httpx.Limits(max_connections=20, max_keepalive_connections=0)
    return httpx.AsyncClient(trust_env=False, follow_redirects=False, limits=limits)


def _one(one: AnyReceiver, client: httpx.AsyncClient, clock: Clock, show: Callable[[str], None]) -> Receiver:
    if isinstance(one, TerminalSettings):
        return Terminal(one.name, show)
    if isinstance(one, AppriseSettings):
        return Apprise(one.name, one.url, one.allow_private)
    return Webhook(one.name, Target(one.url, one.secret, one.allow_private, one.body), client, clock)
