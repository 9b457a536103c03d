"""Series keys: named dimensions, always with a brand.

A key is written ``brand=Delta`` or ``brand=Delta,channel=weibo``: the brand first, then the other
dimensions in alphabetical order; ``%``, ``,`` and ``=`` inside a value are percent-encoded.

>>> key = series_key({"channel": "weibo", "brand": "a,b"})
>>> key
'brand=a%2Cb,channel=weibo'
>>> series_dims(key)
{'brand': 'a,b', 'channel': 'weibo'}
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

DIMENSIONS = ("channel", "category", "product", "region", "source", "author_class", "stage", "emotion")
"""Dimensions that may stand beside ``brand``."""

OTHER = "other"
"""What values are folded into when there are too many of them."""


def series_key(dims: Mapping[str, str]) -> str:
    """The key of the series with these dimensions; ``brand`` must be among them."""
    rest = sorted(name for name in dims if name != "brand")
    return ",".join(f"{name}={escape(dims[name])}" for name in ("brand", *rest))


def series_dims(key: str) -> dict[str, str]:
    """The dimensions of a key."""
    pairs = (part.split("=", 1) for part in key.split(","))
    return {name: unescape(value) for name, value in pairs}


def escape(value: str) -> str:
    """Encode the three characters that structure a key."""
    if "%" in value or "," in value or "=" in value:
        return value.replace("%", "%25").replace(",", "%2C").replace("=", "%3D")
    return value


def unescape(value: str) -> str:
    """The reverse of :func:`escape`."""
    if "%" not in value:
        return value
    return value.replace("%2C", ",").replace("%3D", "=").replace("%25", "%")


def partition_of(key: str, partitions: int) -> int:
    """The partition that ``key`` belongs to, the same on every machine and in every process.

    A hash whose low bits are good: by CRC-32 all brands with names of four characters may fall on even partitions,
    which one worker of two owns.

    >>> partition_of("Delta", 6)
    3
    """
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little") % partitions
