"""The apprise receiver against a real HTTP server on this machine."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pydantic import SecretStr

from alerts.decide import DecideCore
from alerts.notify.by_apprise import Apprise
from alerts.notify.deadline import Deadline
from alerts.notify.receivers import Retry, Sent
from alerts.notify.render import render
from contracts.clock import ManualClock
from tests.unit.alerts.given import NOON, POLICY, signal

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
"""Apprise loads it while it loads its services."""

MESSAGE = render(DecideCore(POLICY).feed(signal(5, 4.0))[0])


@dataclass
class Door:
    """A server that answers with ``status`` and keeps what was posted."""

    status: int = 200
    port: int = 0
    got: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def door() -> Iterator[Door]:
    """A :class:`Door` on a free port."""
    given = Door()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given.got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(given.status)
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


def deadline(seconds: float = 10) -> Deadline:
    return Deadline(seconds, ManualClock(NOON).monotonic)


async def test_it_sends_title_text_and_colour(door: Door) -> None:
    receiver = Apprise("chat", SecretStr(f"json://127.0.0.1:{door.port}/"))
    assert await receiver.send(MESSAGE, deadline()) == Sent()
    (posted,) = door.got
    assert (posted["title"], posted["message"], posted["type"]) == (MESSAGE.title, MESSAGE.text, "failure")


async def test_a_failing_service_is_tried_again_and_its_address_stays_out_of_the_log(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    door.status = 500
    receiver = Apprise("chat", SecretStr(f"json://user:TOKEN@127.0.0.1:{door.port}/"))
    with caplog.at_level(logging.INFO):
        answer = await receiver.send(MESSAGE, deadline())
    assert isinstance(answer, Retry)
    assert "TOKEN" not in caplog.text + answer.reason


async def test_without_time_nothing_is_sent(door: Door) -> None:
    receiver = Apprise("chat", SecretStr(f"json://127.0.0.1:{door.port}/"))
    assert isinstance(await receiver.send(MESSAGE, deadline(0)), Retry)
    assert door.got == []
