"""Passwords: argon2id with the library's defaults (RFC 9106's second choice: 64 MiB, three passes)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from contracts.errors import Invalid

LEAST, MOST = 10, 200
"""Characters of a password."""
_HASHER = PasswordHasher()
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$ZmVuZ2h1byBub2JvZHkhIQ$gVqzKwLwNFFDOI7qQGGeCJ6yCTmqSPHcv7qFbGCtbHM"
"""A hash that fits nothing: who does not exist takes as long to refuse as who does."""


def hashed(password: str) -> str:
    """What is kept of it; raises Invalid when it is too short to keep anybody out."""
    if not LEAST <= len(password) <= MOST:
        raise Invalid(f"a password has {LEAST} to {MOST} characters; a sentence is easy to remember")
    return _HASHER.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether it is the password behind a kept hash; takes about as long when there is none.

    >>> fits(hashed("a long enough one"), "a long enough one"), fits(None, "a long enough one")
    (True, False)
    """
    try:
        _HASHER.verify(kept or _NOBODY, password[: MOST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
