"""A signed JSON POST to one address."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpx
import orjson
from pydantic import SecretStr

from alerts.notify.addresses import PRIVATE, Network, Resolve, allowed, resolve
from alerts.notify.bodies import alertmanager, pagerduty
from alerts.notify.deadline import Deadline
from alerts.notify.receivers import Answer, Rejected, Retry, Sent
from alerts.notify.render import Message
from contracts.clock import Clock

AGAIN = frozenset({408, 425, 429})
"""Answers below 500 that mean "later"."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to, signed with what, and which private networks it may be in."""

    url: SecretStr
    secret: SecretStr | None = None
    private: Sequence[Network] = ()
    body: Literal["fenghuo", "pagerduty", "alertmanager"] = "fenghuo"


class Webhook:
    """Posts the event as JSON with title and text.

    Headers: ``Idempotency-Key`` (incident and number), ``X-Fenghuo-Timestamp`` (seconds), and with a secret
    ``X-Fenghuo-Signature: sha256=…``, the HMAC of timestamp, a dot and the body. Redirects are not followed.
    Only public addresses are called, or private ones that the settings allow.

    Parameters
    ----------
    client
        Made with ``trust_env=False``: a proxy would undo the check of addresses.
    """

    def __init__(
        self, name: str, target: Target, client: httpx.AsyncClient, clock: Clock, resolver: Resolve = resolve
    ) -> None:
        self.name = name
        self._target = target
        self._client = client
        self._clock = clock
        self._resolve = resolver

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        """One attempt: resolve, check, post, classify the answer."""
        url = httpx.URL(self._target.url.get_secret_value())
        try:
            address = await self._address(url)
            if address is None:
                return Rejected(PRIVATE)
            for body in self._bodies(message):
                answer = await self._post(url, address, message, orjson.dumps(body), deadline)
                if not isinstance(answer, Sent):
                    return answer
            return Sent()
        except httpx.HTTPError as error:
            return Retry(f"no answer ({type(error).__name__})")
        except OSError:
            return Retry("its host cannot be resolved")

    async def _address(self, url: httpx.URL) -> str | None:
        """The first address of the host if all of them may be called."""
        port = url.port or (443 if url.scheme == "https" else 80)
        found = await self._resolve(url.host, port)
        return found[0] if found and all(allowed(one, self._target.private) for one in found) else None

    async def _post(self, url: httpx.URL, address: str, message: Message, body: bytes, deadline: Deadline) -> Answer:
        request = self._client.build_request(
            "POST",
            url.copy_with(host=address),
            content=body,
            headers={"Host": url.netloc.decode("ascii"), **self._headers(message, body)},
            timeout=max(deadline.remaining(), 0.001),
            extensions={"sni_hostname": url.host},
        )
        response = await self._client.send(request, stream=True, follow_redirects=False)
        try:
            return classify(response.status_code, response.headers.get("retry-after"), self._clock.now())
        finally:
            await response.aclose()

    def _bodies(self, message: Message) -> list[dict[str, Any]]:
        """What is posted, one after the other."""
        secret = self._target.secret
        match self._target.body:
            case "pagerduty":
                return pagerduty(message, secret.get_secret_value() if secret else "")
            case "alertmanager":
                return [alertmanager(message, self.name)]
        return [payload(message)]

    def _headers(self, message: Message, body: bytes) -> dict[str, str]:
        stamp = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "fenghuo",
            "Idempotency-Key": f"{message.event.incident}-{message.event.seq}",
            "X-Fenghuo-Timestamp": stamp,
        }
        if self._target.secret is not None and self._target.body != "pagerduty":
            headers["X-Fenghuo-Signature"] = sign(self._target.secret.get_secret_value(), stamp, body)
        return headers


def sign(secret: str, stamp: str, body: bytes) -> str:
    """The signature header's value; the receiver computes the same and compares in constant time.

    >>> sign("key", "0", b"{}")[:20]
    'sha256=7314351dd949a'
    """
    return "sha256=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, "sha256").hexdigest()


def payload(message: Message) -> dict[str, object]:
    """The posted object: the keys of ``incidents.ndjson``, and what a person reads; in a message for many those of the
    gravest, and all of them as ``changes``."""
    return {
        **message.event.line(),
        "title": message.title,
        "text": message.text,
        **({"acknowledge": message.link} if message.link else {}),
        **({"changes": [one.line() for one in message.group]} if message.group else {}),
    }


def classify(status: int, retry_after: str | None, now: datetime) -> Answer:
    """What an HTTP answer means.

    >>> from datetime import UTC
    >>> classify(503, "7", datetime(2026, 1, 1, tzinfo=UTC))
    Retry(reason='it answered 503', after=7.0)
    """
    if 200 <= status < 300:
        return Sent()
    if status in AGAIN or status >= 500:
        return Retry(f"it answered {status}", _seconds(retry_after, now))
    if 300 <= status < 400:
        return Rejected(f"it answered {status}, a redirect, and those are not followed; set the final address")
    return Rejected(f"it answered {status}")


def _seconds(value: str | None, now: datetime) -> float | None:
    """Retry-After in seconds: a number or a date."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value[:9])
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):
        return None
