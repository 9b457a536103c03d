"""Tokens of the simulated sources, derived from one secret, so that each source is told apart and none is stored."""

from __future__ import annotations

import hashlib
import hmac

from streams.settings import Sources

SIMULATED = "sim-"
"""Sources whose names begin like this are the simulator's."""


def source_token(secret: str, source: str) -> str:
    """The bearer token of one simulated source.

    >>> source_token("s", "sim-web") == source_token("s", "sim-web") != source_token("s", "sim-mail")
    True
    """
    return hmac.new(secret.encode(), source.encode(), "sha256").hexdigest()


def simulated(sources: Sources) -> list[str]:
    """Names of the simulated sources among the configured ones, sorted."""
    return sorted(one.name for one in sources.sources if one.name.startswith(SIMULATED))


def with_tokens(sources: Sources, secret: str) -> Sources:
    """A copy in which each simulated source has its token."""
    for name in simulated(sources):
        digest = hashlib.sha256(source_token(secret, name).encode()).hexdigest()
        sources = sources.with_token(name, digest)
    return sources
