"""E-mail addresses, found from their @ outwards: work is proportional to the number of @ and bounded for each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.text.private.kinds import Found, Kind

_DOMAIN = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-")
"""What may stand before the @."""
_LONGEST_LOCAL = 64


def mail(plain: str) -> Iterator[Found]:
    """The e-mail addresses of a text.

    >>> list(mail("to A.b@example.com, thanks"))
    [(3, 18, <Kind.EMAIL: '邮箱'>, 'a.b@example.com')]
    """
    done = 0
    at = plain.find("@")
    while at >= 0:
        start = at
        while start > done and at - start < _LONGEST_LOCAL and plain[start - 1] in LOCAL:
            start -= 1
        domain = _DOMAIN.match(plain, at + 1) if start < at else None
        if domain:
            done = domain.end()
            yield start, done, Kind.EMAIL, plain[start:done].lower()
        at = plain.find("@", max(done, at + 1))
