"""A stand-in of InfluxDB's two doors that answers what a test tells it, for what the real one says rarely."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

MAX_BODY = 20_000


@dataclass
class Answer:
    """What to answer once."""

    status: int = 204
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    raw: str = ""


@dataclass
class FakeInflux:
    """What it was sent, and what it will answer; when nothing is left to answer it takes everything."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    too_large: int = MAX_BODY

    @property
    def lines(self) -> list[str]:
        """All lines that were taken."""
        return [line for body in self.bodies for line in body.split("\n")]

    def take(self, body: str) -> Answer:
        """The answer to a write."""
        if self.answers:
            return self.answers.pop(0)
        if len(body) > self.too_large:
            return Answer(413, "Request Entity Too Large")
        self.bodies.append(body)
        return Answer()

    def ask(self, query: str) -> Answer:
        """The answer to a question: no rows, unless it was told otherwise."""
        self.queries.append(query)
        return self.answers.pop(0) if self.answers else Answer(200)


@contextmanager
def fake_influx() -> Iterator[FakeInflux]:
    """Runs on a free port of 127.0.0.1."""
    fake = FakeInflux()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            self._answer(fake.take(body) if self.path.startswith("/api/v2/write") else fake.ask(self._query()))

        def do_GET(self) -> None:
            self._answer(fake.ask(self._query()))

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def _query(self) -> str:
            return parse_qs(urlsplit(self.path).query)["q"][0]

        def _answer(self, answer: Answer) -> None:
            fake.tokens.append(self.headers.get("Authorization", ""))
            said: dict[str, object] = {"results": [{}]} if answer.status == 200 else {}
            if answer.message:
                said |= {"message": answer.message, "error": answer.message}
            body = b"" if answer.status == 204 else answer.raw.encode() or json.dumps(said).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
