"""The apprise receiver against a real HTTP server on this machine."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network

import pytest
from pydantic import SecretStr

from alerts.decide import DecideCore
from alerts.notify.addresses import PRIVATE
from alerts.notify.by_apprise import Apprise
from alerts.notify.deadline import Deadline
from alerts.notify.lint import problems
from alerts.notify.receivers import Rejected, Retry, Sent
from alerts.notify.render import render
from alerts.notify.services import refusal
from alerts.settings import ReceiverSettings
from contracts.clock import ManualClock
from tests.unit.alerts.given import NOON, POLICY, signal

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
"""Apprise loads it while it loads its services."""

HERE = [ip_network("127.0.0.0/8")]
MESSAGE = render(DecideCore(POLICY).feed(signal(5, 4.0))[0])


@dataclass
class Door:
    """A server that answers with ``status`` and keeps what was posted."""

    status: int = 200
    elsewhere: str = ""
    """Where it sends whoever comes."""
    port: int = 0
    got: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def opened() -> Iterator[Door]:
    """A :class:`Door` on a free port."""
    given = Door()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given.got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(given.status)
            if given.elsewhere:
                self.send_header("Location", given.elsewhere)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        given.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield given
        server.shutdown()
        thread.join()


@pytest.fixture
def door() -> Iterator[Door]:
    with opened() as given:
        yield given


def deadline(seconds: float = 10) -> Deadline:
    return Deadline(seconds, ManualClock(NOON).monotonic)


async def test_it_sends_title_text_and_colour(door: Door) -> None:
    receiver = Apprise("chat", SecretStr(f"json://127.0.0.1:{door.port}/"), HERE)
    assert await receiver.send(MESSAGE, deadline()) == Sent()
    (posted,) = door.got
    assert (posted["title"], posted["message"], posted["type"]) == (MESSAGE.title, MESSAGE.text, "failure")


async def test_a_failing_service_is_tried_again_and_its_address_stays_out_of_the_log(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    door.status = 500
    receiver = Apprise("chat", SecretStr(f"json://user:TOKEN@127.0.0.1:{door.port}/"), HERE)
    with caplog.at_level(logging.INFO):
        answer = await receiver.send(MESSAGE, deadline())
    assert isinstance(answer, Retry)
    assert "TOKEN" not in caplog.text + answer.reason


async def test_without_time_nothing_is_sent(door: Door) -> None:
    receiver = Apprise("chat", SecretStr(f"json://127.0.0.1:{door.port}/"), HERE)
    assert isinstance(await receiver.send(MESSAGE, deadline(0)), Retry)
    assert door.got == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("kind", ["json", "xml", "form", "ntfy"])
async def test_a_private_address_is_called_only_by_the_allow_list(door: Door, kind: str, host: str) -> None:
    after = "topic" if kind == "ntfy" else ""
    receiver = Apprise("chat", SecretStr(f"{kind}://{host}:{door.port}/{after}"))
    assert await receiver.send(MESSAGE, deadline()) == Rejected(PRIVATE)
    elsewhere = Apprise("chat", SecretStr(f"{kind}://{host}:{door.port}/{after}"), [ip_network("10.0.0.0/8")])
    assert await elsewhere.send(MESSAGE, deadline()) == Rejected(PRIVATE)
    assert door.got == []


async def test_mail_within_the_house_needs_the_allow_list_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = SecretStr(f"mailto://fenghuo:TOKEN@example.org?smtp=127.0.0.1&port={server.getsockname()[1]}")
        assert await Apprise("mail", url).send(MESSAGE, deadline()) == Rejected(PRIVATE)
        server.settimeout(0.05)
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize("asked", ["", "?redirect=yes"])
@pytest.mark.parametrize("status", [302, 307])
async def test_a_redirect_is_not_followed(door: Door, asked: str, status: int) -> None:
    with opened() as other:
        door.status, door.elsewhere = status, f"http://127.0.0.1:{other.port}/"
        receiver = Apprise("chat", SecretStr(f"json://127.0.0.1:{door.port}/{asked}"), HERE)
        assert isinstance(await receiver.send(MESSAGE, deadline()), Retry)
        assert (len(door.got), other.got) == (1, [])


def test_other_connections_of_the_process_are_nobodys_business(door: Door) -> None:
    Apprise("chat", SecretStr("json://example.org/"))
    with socket.create_connection(("127.0.0.1", door.port)) as free:
        assert free.getpeername()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("dingtlk://TOKEN/", "apprise knows no dingtlk://; did you mean dingtalk://?"),
        ("TOKEN", "its url must begin with a kind that apprise knows, like dingtalk://"),
        ("slack://TOKEN", "apprise cannot use what follows slack://; its page on this kind shows what belongs there"),
        ("growl://TOKEN", "growl:// needs a library that is not installed"),
        ("qqqqqqqq://TOKEN", "apprise knows no qqqqqqqq://"),
        ("json://example.org", ""),
    ],
)
def test_an_address_that_cannot_be_used_is_explained_without_showing_it(url: str, why: str) -> None:
    assert refusal(SecretStr(url)) == why
    settings = ReceiverSettings.model_validate(
        {"receivers": [{"name": "chat", "type": "apprise", "url": url}], "routes": [{"to": ["chat"]}]}
    )
    assert problems(settings) == ([f"receivers.yaml: receiver chat: {why}"] if why else [])
