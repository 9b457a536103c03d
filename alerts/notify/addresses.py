"""Which addresses a receiver may call: public ones, and private ones only by an allow-list.

The host is resolved here and the connection goes to the address that was checked, so that a name which points
elsewhere a moment later gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
PRIVATE = "it is at a private address that allow_private does not name"
"""Why a message was refused."""
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host by the system's resolver; raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def allowed(address: str, private: Sequence[Network]) -> bool:
    """Whether a receiver may call this address.

    >>> from ipaddress import ip_network
    >>> allowed("93.184.215.14", ()), allowed("127.0.0.1", ()), allowed("127.0.0.1", [ip_network("127.0.0.0/8")])
    (True, False, True)
    """
    plain = _plain(ip_address(address.split("%")[0]))
    if any(plain in network for network in private if network.version == plain.version):
        return True
    return plain.is_global and not plain.is_multicast


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one wraps, if it wraps one."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _nat64(address)
        return inner or address
    return address


def _nat64(address: IPv6Address) -> IPv4Address | None:
    wrapped = address in IPv6Network("64:ff9b::/96")
    return IPv4Address(int(address) & 0xFFFF_FFFF) if wrapped else None
