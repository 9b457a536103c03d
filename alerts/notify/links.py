"""Links by which a paged person acknowledges: a token bound to incident, person and step, which expires. Pure.

Opening a link changes nothing; the page behind it has a button (:mod:`alerts.api`). The token is signed, so nobody can
make one, and its mark (:attr:`Claim.id`) is the id of the command it gives, so that the log takes it once.

>>> from datetime import UTC
>>> links = Links(b"k" * 32, "https://fenghuo.example.org")
>>> claim = Claim("0123456789abcdef", "Delta", "lin", 1, datetime(2026, 1, 1, tzinfo=UTC))
>>> links.read(links.token(claim), datetime(2025, 12, 31, tzinfo=UTC)) == claim
True
>>> links.read(links.token(claim), datetime(2026, 1, 2, tzinfo=UTC))
'expired'
>>> links.read(links.token(claim)[:-2] + "xx", datetime(2025, 12, 31, tzinfo=UTC))
'forged'
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Literal

import orjson

from contracts.records import IncidentEvent

LASTS = timedelta(hours=12)
MOST_CHARS = 2_000
Refused = Literal["forged", "expired"]


@dataclass(frozen=True, slots=True)
class Claim:
    """Who may acknowledge what, until when."""

    incident: str
    brand: str
    person: str
    step: int
    expires: datetime

    @property
    def id(self) -> str:
        """Names the token without giving it away."""
        return "link-" + blake2b(_body(self), digest_size=12).hexdigest()


class Links:
    """Makes and reads links.

    Parameters
    ----------
    key
        At least 16 bytes, known to nobody else.
    base
        Where people reach the page, for instance ``https://fenghuo.example.org``.
    lasts
        How long a link can be used.
    """

    def __init__(self, key: bytes, base: str, lasts: timedelta = LASTS) -> None:
        if len(key) < 16:
            raise ValueError("the key of links must have at least 16 bytes")
        self._key = blake2b(key, digest_size=32, person=b"ack-link").digest()
        self._base = base.rstrip("/")
        self._lasts = lasts

    def make(self, event: IncidentEvent, person: str, now: datetime) -> str:
        """The link for one person and page."""
        expires = (now + self._lasts).astimezone(UTC).replace(microsecond=0)
        claim = Claim(event.incident, event.brand, person, event.detail.step or 0, expires)
        return f"{self._base}/ack/{self.token(claim)}"

    def token(self, claim: Claim) -> str:
        """The claim with its signature, fit for an address."""
        body = _body(claim)
        return urlsafe_b64encode(self._sign(body) + body).rstrip(b"=").decode()

    def read(self, token: str, now: datetime) -> Claim | Refused:
        """The claim, or why it is none: every mistake in the token is ``forged``."""
        if len(token) > MOST_CHARS or not token.isascii():
            return "forged"
        try:
            raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            signature, body = raw[:32], raw[32:]
            if not hmac.compare_digest(signature, self._sign(body)):
                return "forged"
            incident, brand, person, step, expires = orjson.loads(body)
        except ValueError:
            return "forged"
        claim = Claim(incident, brand, person, step, datetime.fromtimestamp(expires, UTC))
        return claim if now < claim.expires else "expired"

    def _sign(self, body: bytes) -> bytes:
        return hmac.new(self._key, body, "sha256").digest()


def _body(claim: Claim) -> bytes:
    given = [claim.incident, claim.brand, claim.person, claim.step, int(claim.expires.timestamp())]
    return orjson.dumps(given)
