"""Sessions: a signed cookie that says who and until when, and a token against forged forms that belongs to it.

The cookie holds no secret and no role: what its owner may do is asked anew with every request, so that a person who was
removed is out at once. Signing out ends a session also for a copy of its cookie, in every process of the console that
shares its endings; one of them notices within a second.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from contracts.clock import Clock
from contracts.desk import Endings
from contracts.errors import Unavailable

log = logging.getLogger(__name__)

IDLE = timedelta(hours=2)
"""A session ends when it has not been used for so long."""
LONGEST = timedelta(hours=12)
"""A session ends so long after signing in, used or not: a shift."""
RENEW = timedelta(minutes=5)
"""A cookie older than this is written anew."""
LOOK = 1.0
"""Seconds for which a session that was not ended counts as such without asking again."""


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


class Over:
    """Which sessions were ended: here at once, by other processes as their common memory has it.

    While that cannot be asked, what is known here counts, and a session ended elsewhere lasts until it can.
    """

    def __init__(self, endings: Endings | None, clock: Clock, most: int = 10_000) -> None:
        self._endings = endings
        self._clock = clock
        self._most = most
        self._until: OrderedDict[str, float] = OrderedDict()

    async def end(self, session: Session) -> None:
        """It is over for everybody who holds its cookie."""
        self._until.pop(session.id, None)
        if self._endings is not None:
            await self._endings.end(session.id, LONGEST)

    async def over(self, session: Session) -> bool:
        """Whether it was ended elsewhere."""
        now = self._clock.monotonic()
        if self._endings is None or self._until.get(session.id, 0.0) > now:
            return False
        try:
            if await self._endings.ended(session.id):
                return True
        except Unavailable as error:
            log.warning("whether a session was ended elsewhere cannot be asked: %s", error)
        self._until[session.id] = now + LOOK
        self._until.move_to_end(session.id)
        while len(self._until) > self._most:
            self._until.popitem(last=False)
        return False


def _coded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
