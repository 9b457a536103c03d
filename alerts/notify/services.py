"""Addresses of the apprise library, and where they may lead: no redirect is followed, and kinds with a host of their
own (json, mail, ntfy, …) call only public addresses, or private ones by an allow-list.

The library connects by itself, by many ways, and knows no such list. So every connection that Python makes while it
sends is looked at (an audit hook), with the address that is really connected to: a name that points elsewhere a moment
later gains nothing. A proxy set in the environment is then what is looked at. An address of apprise holds the secret
and is never logged or shown; since the library's own log shows it ("Unparseable URL …"), that log is switched off.
"""

from __future__ import annotations

import logging
import re
import socket
import sys
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from difflib import get_close_matches
from functools import cache
from ipaddress import ip_address
from typing import Any

import apprise
from apprise import plugins
from pydantic import SecretStr

from alerts.notify.addresses import Network, allowed

logging.getLogger("apprise").disabled = True

_KINDS: Any = plugins.N_MGR
_CONNECTS = frozenset({"socket.connect", "socket.sendto"})


class PrivateAddress(PermissionError):
    """It would have called a private address that nobody allowed."""


class Services:
    """What one address of apprise leads to, usually one service.

    Parameters
    ----------
    url
        One that :func:`refusal` has nothing against.
    private
        Private networks that may be called.
    """

    def __init__(self, url: SecretStr, private: Sequence[Network] = ()) -> None:
        self._apprise = apprise.Apprise()
        self._apprise.add(url.get_secret_value())
        self._private = private
        for service in self._apprise:
            service.redirects = False
        self._own_host = any(_own_host(service) for service in self._apprise)
        _watch_connections()

    def notify(self, **message: Any) -> bool:
        """Send as :meth:`apprise.Apprise.notify` does; whether it was taken. Raises :class:`PrivateAddress`."""
        guard = _Guard(self._private) if self._own_host else None
        before = _guard.set(guard)
        try:
            taken = bool(self._apprise.notify(**message))
        finally:
            _guard.reset(before)
        if guard is not None and guard.refused and not taken:
            raise PrivateAddress
        return taken


def refusal(url: SecretStr) -> str:
    """Why apprise can make nothing of an address; empty when it can. It shows the kind and never what follows.

    >>> refusal(SecretStr("dingtlk://TOKEN/"))
    'apprise knows no dingtlk://; did you mean dingtalk://?'
    """
    if apprise.Apprise().add(url.get_secret_value()):
        return ""
    found = re.match(r"\s*([a-z0-9][a-z0-9.+-]{0,19})://", url.get_secret_value(), re.IGNORECASE)
    if found is None:
        return "its url must begin with a kind that apprise knows, like dingtalk://"
    kind = found[1].lower()
    if kind not in _KINDS:
        near = get_close_matches(kind, _KINDS.schemas(), 1)
        return f"apprise knows no {kind}://" + (f"; did you mean {near[0]}://?" if near else "")
    if not _KINDS[kind].enabled:
        return f"{kind}:// needs a library that is not installed"
    return f"apprise cannot use what follows {kind}://; its page on this kind shows what belongs there"


class _Guard:
    """Refuses connections to private addresses that are not on the list."""

    def __init__(self, private: Sequence[Network]) -> None:
        self._private = private
        self.refused = False

    def look_at(self, address: object) -> None:
        """Raise :class:`PrivateAddress` if it may not be called; files (``AF_UNIX``) are none."""
        if isinstance(address, tuple) and not all(allowed(one, self._private) for one in _numeric(address)):
            self.refused = True
            raise PrivateAddress


_guard: ContextVar[_Guard | None] = ContextVar("alerts.notify.services", default=None)


def _numeric(address: tuple[Any, ...]) -> Iterator[str]:
    """The address that is meant, or all that a name has."""
    host = str(address[0])
    try:
        ip_address(host.split("%")[0])
        yield host
    except ValueError:
        yield from (str(one[4][0]) for one in socket.getaddrinfo(host, address[1]))


def _own_host(service: Any) -> bool:
    """Whether its address says which host to call."""
    told = "relay" in service.template_args or hasattr(service, "hostname")
    return told or any("{host}" in str(one) for one in service.templates)


@cache
def _watch_connections() -> None:
    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CONNECTS:
            guard = _guard.get()
            if guard is not None:
                guard.look_at(arguments[1])

    sys.addaudithook(look)
