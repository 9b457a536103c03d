"""The webhook: signed, no redirects, private addresses only by an allow-list, answers classified."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr

from alerts.decide import DecideCore
from alerts.notify.addresses import allowed, resolve
from alerts.notify.build import http_client
from alerts.notify.deadline import Deadline
from alerts.notify.receivers import Answer, Rejected, Retry, Sent
from alerts.notify.render import Message, render
from alerts.notify.templates import group
from alerts.notify.webhook import Target, Webhook, classify, payload
from contracts.clock import ManualClock
from contracts.records import IncidentEventKind
from tests.unit.alerts.given import NOON, POLICY, signal

PUBLIC = "93.184.215.14"
EVENT = DecideCore(POLICY).feed(signal(5, 4.0))[0]
Handle = Callable[[httpx.Request], httpx.Response]


async def send(
    handle: Handle, target: Target, addresses: Sequence[str] = (PUBLIC,), message: Message | None = None
) -> Answer:
    async def resolver(host: str, port: int) -> Sequence[str]:
        if not addresses:
            raise OSError("no such host")
        return addresses

    clock = ManualClock(NOON)
    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as client:
        hook = Webhook("hook", target, client, clock, resolver)
        return await hook.send(message or render(EVENT), Deadline(10, clock.monotonic))


def target(url: str = "https://hooks.example.org/a?b=c", **fields: object) -> Target:
    return Target(SecretStr(url), **fields)  # type: ignore[arg-type]


async def test_it_posts_what_machines_and_people_read_to_the_checked_address() -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    assert await send(handle, target(secret=SecretStr("key"))) == Sent()
    (request,) = seen
    assert (request.method, str(request.url)) == ("POST", f"https://{PUBLIC}/a?b=c")
    assert request.headers["host"] == "hooks.example.org"
    assert request.extensions["sni_hostname"] == "hooks.example.org"
    assert request.headers["idempotency-key"] == f"{EVENT.incident}-0"
    body = orjson.loads(request.content)
    assert body["tier"] == "red"
    assert body["scope"] == {"brand": "Delta"}
    stamp = request.headers["x-fenghuo-timestamp"]
    assert stamp == str(int(NOON.timestamp()))
    expected = hmac.new(b"key", stamp.encode() + b"." + request.content, hashlib.sha256).hexdigest()
    assert request.headers["x-fenghuo-signature"] == f"sha256={expected}"


async def test_without_a_secret_nothing_is_signed() -> None:
    seen: list[bool] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append("x-fenghuo-signature" in request.headers)
        return httpx.Response(200)

    await send(handle, target())
    assert seen == [False]


@pytest.mark.parametrize(
    "answer", [301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 409, 410, 413, 422, 100, 600, 408, 425, 429, 500, 503]
)
def test_every_answer_has_its_class(answer: int) -> None:
    again = answer in (408, 425, 429) or answer >= 500
    assert isinstance(classify(answer, None, NOON), Retry if again else Rejected)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("Mon, 02 Mar 2026 12:01:00 GMT", 60.0),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0.0),
        ("Mon, 02 Mar 2026 12:01:00", None),
        ("soon", None),
        ("-5", None),
        ("9" * 5000, 999_999_999.0),
        (None, None),
    ],
)
def test_retry_after_is_understood_or_ignored(header: str | None, seconds: float | None) -> None:
    assert classify(503, header, NOON) == Retry("it answered 503", seconds)


async def test_a_redirect_is_not_followed() -> None:
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": "http://127.0.0.1/admin"})

    answer = await send(handle, target())
    assert isinstance(answer, Rejected)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.8"],
        ["169.254.169.254"],
        ["0.0.0.0"],  # noqa: S104 - an address to be refused
        ["::1"],
        ["fe80::1%eth0"],
        ["fd00::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["224.0.0.1"],
        [PUBLIC, "10.0.0.8"],
    ],
)
async def test_private_addresses_are_not_called(addresses: list[str]) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        raise AssertionError("it was called")

    answer = await send(handle, target(), addresses)
    assert isinstance(answer, Rejected)
    assert "allow_private" in answer.reason


async def test_the_allow_list_opens_one_network() -> None:
    inner = target("http://tickets:8080/x", private=(ip_network("10.1.0.0/16"),))
    assert await send(lambda request: httpx.Response(200), inner, ["10.1.2.3"]) == Sent()
    assert isinstance(await send(lambda request: httpx.Response(200), inner, ["10.2.2.3"]), Rejected)


def test_public_addresses_are_allowed_in_both_families() -> None:
    assert allowed(PUBLIC, ())
    assert allowed("2606:2800:21f:cb07:6820:80da:af6b:8b2c", ())


async def test_a_host_that_cannot_be_found_or_reached_is_tried_again_without_naming_it() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"cannot reach {request.url}")

    for addresses in ([], [PUBLIC]):
        answer = await send(handle, target("https://token@hooks.example.org/secret"), addresses)
        assert isinstance(answer, Retry)
        assert "secret" not in answer.reason
        assert "example" not in answer.reason


async def test_the_real_client_ignores_proxies_and_the_real_resolver_answers() -> None:
    async with http_client() as client:
        assert not client.trust_env
        assert not client.follow_redirects
    assert await resolve("127.0.0.1", 80) == ["127.0.0.1"]


async def test_of_a_message_for_many_a_machine_gets_every_change() -> None:
    (other,) = DecideCore(POLICY).feed(signal(5, 1.0, brand="United"))
    ended = EVENT.model_copy(update={"seq": 1, "event": IncidentEventKind.RESOLVED})
    posted: list[dict[str, Any]] = []

    def handle(request: httpx.Request) -> httpx.Response:
        posted.append(orjson.loads(request.content))
        return httpx.Response(202)

    many = group([EVENT, other, ended])
    for body in ("fenghuo", "alertmanager", "pagerduty"):
        assert await send(handle, target(body=body, secret=SecretStr("key")), message=many) == Sent()
    ours, prometheus, *pages = posted
    assert [one["incident"] for one in ours["changes"]] == [EVENT.incident, other.incident, EVENT.incident]
    assert "changes" not in payload(render(EVENT))
    assert [(one["fingerprint"], one["status"]) for one in prometheus["alerts"]] == [
        (EVENT.incident, "firing"),
        (other.incident, "firing"),
        (EVENT.incident, "resolved"),
    ]
    assert prometheus["status"] == "firing" and "incident" not in prometheus["commonLabels"]
    assert [(one["dedup_key"], one["event_action"]) for one in pages] == [
        (EVENT.incident, "trigger"),
        (other.incident, "trigger"),
        (EVENT.incident, "resolve"),
    ]
    assert {one["payload"]["summary"] for one in pages[:2]} == {render(EVENT).title, render(other).title}


async def test_posting_change_by_change_ends_with_the_first_that_is_not_taken() -> None:
    asked: list[bytes] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request.content)
        return httpx.Response(202 if len(asked) == 1 else 503)

    many = group([EVENT, EVENT, EVENT])
    answer = await send(handle, target(body="pagerduty", secret=SecretStr("key")), message=many)
    assert (answer, len(asked)) == (Retry("it answered 503"), 2)
