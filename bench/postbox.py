"""A receiver outside: an HTTP server that takes every message at once and counts how often each came.

>>> with Postbox() as box:
...     box.url.startswith("http://127.0.0.1:"), dict(box.got)
(True, {})
"""

from __future__ import annotations

from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Self


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A sender that was killed leaves its connection as it is."""


class Postbox:
    """Listens on a free port of this machine while entered; messages are known by their ``Idempotency-Key``."""

    def __init__(self) -> None:
        self.got: Counter[str] = Counter()
        self._lock = Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where to post."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def count(self, key: str) -> None:
        """One message more."""
        with self._lock:
            self.got[key] += 1

    def seen(self) -> Counter[str]:
        """How often each came so far."""
        with self._lock:
            return Counter(self.got)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        box = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                box.count(self.headers["Idempotency-Key"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler
