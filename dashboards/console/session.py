"""Sessions: a signed cookie that says who and until when, and a token against forged forms that belongs to it.

The cookie holds no secret and no role: what its owner may do is asked anew with every request, so that a person who was
removed is out at once. Signing out ends a session also for a copy of its cookie, as long as this process lives.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

IDLE = timedelta(hours=2)
"""A session ends when it has not been used for so long."""
LONGEST = timedelta(hours=12)
"""A session ends so long after signing in, used or not: a shift."""
RENEW = timedelta(minutes=5)
"""A cookie older than this is written anew."""


@dataclass(frozen=True, slots=True)
class Session:
    """One person's session."""

    id: str
    person: str
    begun: int
    """Seconds since the epoch, as ``used``."""
    used: int


class Sessions:
    """Makes, reads and ends sessions.

    >>> from datetime import UTC
    >>> sessions, noon = Sessions(b"k" * 32), datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> one = sessions.begin("lin", noon)
    >>> cookie = sessions.cookie(one)
    >>> sessions.read(cookie, noon + IDLE).person, sessions.read(cookie, noon + IDLE + timedelta(seconds=1))
    ('lin', None)
    >>> sessions.read(cookie[:-2] + "AA", noon), sessions.genuine(one, sessions.token(one)), sessions.genuine(one, "x")
    (None, True, False)
    """

    def __init__(self, key: bytes, most_ended: int = 10_000) -> None:
        self._key = key
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._most = most_ended

    def begin(self, person: str, now: datetime) -> Session:
        """A new session."""
        at = int(now.timestamp())
        return Session(secrets.token_hex(12), person, at, at)

    def cookie(self, session: Session) -> str:
        """The session as a cookie's value."""
        text = f"{session.id}\n{session.begun}\n{session.used}\n{session.person}"
        return f"{_coded(text.encode())}.{_coded(self._sign(b'session', text))}"

    def read(self, cookie: str, now: datetime) -> Session | None:
        """The session of a cookie; ``None`` when it is forged, over or ended."""
        text, dot, given = cookie.partition(".")
        try:
            known = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
            signature = urlsafe_b64decode(given + "=" * (-len(given) % 4))
        except (ValueError, UnicodeDecodeError):
            return None
        if not dot or not hmac.compare_digest(signature, self._sign(b"session", known)):
            return None
        name, begun, used, person = known.split("\n", 3)
        session = Session(name, person, int(begun), int(used))
        at = now.timestamp()
        fresh = at - session.used <= IDLE.total_seconds() and at - session.begun <= LONGEST.total_seconds()
        return session if fresh and name not in self._ended else None

    def renewed(self, session: Session, now: datetime) -> Session | None:
        """The session as used now, when its cookie should be written anew."""
        at = int(now.timestamp())
        if at - session.used < RENEW.total_seconds():
            return None
        return Session(session.id, session.person, session.begun, at)

    def end(self, session: Session) -> None:
        """Its cookie is good for nothing from now on."""
        self._ended[session.id] = None
        while len(self._ended) > self._most:
            self._ended.popitem(last=False)

    def token(self, session: Session) -> str:
        """What each form of this session carries."""
        return _coded(self._sign(b"form", session.id))

    def genuine(self, session: Session, token: str) -> bool:
        """Whether a form came from a page of this session."""
        return hmac.compare_digest(token.encode(), self.token(session).encode())

    def _sign(self, purpose: bytes, text: str) -> bytes:
        return hmac.new(self._key, purpose + b"\0" + text.encode(), sha256).digest()


def _coded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
