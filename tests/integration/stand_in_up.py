"""``up`` with real Kafka and Valkey, but small stand-ins for intake, workers and import: run by test_up.py."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from contracts.errors import FenghuoError
from contracts.records import IncidentEvent
from fenghuo.local.children import Children
from fenghuo.local.process import Program
from fenghuo.local.run import Options, Run
from fenghuo.local.stack import Stack

INTAKE = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Door(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        print(self.path, body.count(b"\\n"), flush=True)
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_):
        pass
HTTPServer(("127.0.0.1", int(sys.argv[1])), Door).serve_forever()
"""
SLEEP = "import time; time.sleep(600)"
DIES = "raise SystemExit('the settings are wrong')"


class Plain:
    """A screen of lines."""

    def say(self, sentence: str) -> None:
        print(sentence, flush=True)

    def warning(self, event: IncidentEvent) -> None:
        print(f"WARNING {event.brand} {event.tier.value} {event.reason}", flush=True)

    def progress(self, what: str, done: float, total: float) -> None:
        """Bars are for terminals."""


def child(name: str, code: str, *arguments: str) -> Callable[..., Program]:
    def build(stack: Stack, number: object = "") -> Program:
        called = f"{name}-{number}" if isinstance(number, int) else name
        argv = (sys.executable, "-c", code, *(word.format(port=stack.port) for word in arguments))
        return Program(called, argv, stack.layout.logs / f"{called}.log")

    return build


def main(var: Path, port: int, jars: Path, worker: str, days: int) -> int:
    var.mkdir(exist_ok=True)
    if not (var / "jars").exists():
        (var / "jars").symlink_to(jars)
    children = Children(
        intake=child("intake", INTAKE, "{port}"),
        worker=child("worker", DIES if worker == "dies" else SLEEP),
        import_history=child("import-history", "print('read')"),
        watchdog=lambda stack: None,
        console=lambda stack: None,
    )
    options = Options(var, Path("config").absolute(), port, 2, 2, days, 100_000.0)
    try:
        asyncio.run(Run(options, Plain(), children).go())
    except FenghuoError as error:
        print(f"ERROR {error}", flush=True)
        return 1
    print("ended", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], int(sys.argv[5])))
