"""E-mail addresses, found from their @ outwards: work is proportional to the number of @ and bounded for each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from streams.text.private.kinds import Form, Found, Kind

_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
    r"|[\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff-]{0,30}\.(?:cn|com|net|org|中国|公司|网络)(?![A-Za-z])"
)
LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-'") | frozenset(
    char for char in map(chr, range(0xC0, 0x250)) if char.isalpha()
)
"""What may stand before the @."""
_LONGEST_LOCAL = 64
_WRITTEN_OUT = re.compile(
    r"(?<![A-Za-z0-9._-])[A-Za-z0-9][A-Za-z0-9._-]{0,63} ?[\[(] ?at ?[\])] ?[A-Za-z0-9-]{1,63}"
    r"(?: ?[\[(] ?dot ?[\])] ?[A-Za-z]{2,24}|\.[A-Za-z]{2,24}){1,4}",
    re.IGNORECASE,
)
_AT, _DOT = re.compile(r" ?[\[(] ?at ?[\])] ?", re.IGNORECASE), re.compile(r" ?[\[(] ?dot ?[\])] ?", re.IGNORECASE)


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
        while start < at and plain[start] == "'":
            start += 1
        domain = _DOMAIN.match(plain, at + 1) if start < at else None
        if domain:
            done = domain.end()
            yield start, done, Kind.EMAIL, plain[start:done].lower()
        at = plain.find("@", max(done, at + 1))


def written_out(plain: str) -> Iterator[Found]:
    """Addresses whose signs are written as words in brackets.

    >>> [found[3] for found in written_out("me: john [at] gmail [dot] com")]
    ['john@gmail.com']
    """
    for found in _WRITTEN_OUT.finditer(plain):
        yield *found.span(), Kind.EMAIL, _DOT.sub(".", _AT.sub("@", found[0])).lower()


MAILS = (
    Form(
        written_out,
        tuple(f"{left}at{right}" for left in ("[", "[ ", "(", "( ") for right in ("]", " ]", ")", " )")),
        digits=0,
    ),
)
"""The form that needs no @."""
