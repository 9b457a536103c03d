"""Sends a simulation to intake over HTTP: batches of NDJSON, then how far event time has come.

One token plays one source. Several tokens play one source each (``sim-weibo`` and so on, see `speaker.source_of`): then
a dead collector is silent in progress as well, which is how a watcher tells a dead source from a quiet one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import httpx
import orjson

from contracts.errors import Invalid, InvalidFile, Recoverable, Unavailable
from fenghuo.simulator.calendar import from_ms
from fenghuo.simulator.incidents.base import Line
from fenghuo.simulator.simulation import Simulation
from fenghuo.simulator.sinks import ndjson

PATIENCE = 120.0
"""Seconds of waiting after which an intake that does not take a batch is given up."""
ALL = ""
"""The key of a token that stands for all sources."""


class HttpSink:
    """Posts to ``{url}/v1/mentions`` and ``{url}/v1/progress``.

    Parameters
    ----------
    url
        Where intake listens.
    tokens
        Bearer token for each source, or one for all under ``ALL``.
    alive
        Whether a source lives at a time in milliseconds; the dead ones send no progress.
    client, sleep
        Seams for tests.
    """

    def __init__(
        self,
        url: str,
        tokens: Mapping[str, str],
        alive: Callable[[str, int], bool],
        *,
        client: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise Invalid(f"{url} is no address of an intake; write it like http://127.0.0.1:8300")
        self._url, self._tokens, self._alive = url.rstrip("/"), tokens, alive
        self._client = client or httpx.Client(timeout=60)
        self._sleep = sleep
        self._newest = 0
        self.refused = 0
        """Records that intake refused one by one."""

    def send(self, lines: Sequence[Line]) -> None:
        """Post the records of each source, then progress for each source that lives."""
        for source, own in self._by_source(lines):
            answer = self._post("/v1/mentions", source, ndjson(own), "application/x-ndjson")
            self.refused += _refused(answer)
        self._newest = max(self._newest, *(ms for ms, _ in lines))
        body = orjson.dumps({"event_time": from_ms(self._newest).isoformat(timespec="milliseconds")})
        for source in self._tokens:
            if source == ALL or self._alive(source, self._newest):
                self._post("/v1/progress", source, body, "application/json")

    def finish(self, simulation: Simulation) -> None:
        """Nothing more to say."""

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _by_source(self, lines: Sequence[Line]) -> Iterable[tuple[str, Sequence[Line]]]:
        if ALL in self._tokens:
            return [(ALL, lines)]
        groups: dict[str, list[Line]] = {}
        for line in lines:
            groups.setdefault(str(line[1]["source"]), []).append(line)
        return groups.items()

    def _post(self, path: str, source: str, body: bytes, kind: str) -> httpx.Response:
        token = self._tokens.get(source)
        if token is None:
            raise Invalid(f"there is no token for the source {source}; add a line {source}=TOKEN to the token file")
        headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
        waited = 0.0
        while True:
            try:
                answer = self._client.post(f"{self._url}{path}", content=body, headers=headers)
                if answer.status_code not in (429, 503):
                    return _accepted(answer, f"{self._url}{path}")
                pause, why = _retry_after(answer), f"answers {answer.status_code}"
            except httpx.TransportError:
                pause, why = 1.0, "does not answer"
            if waited + pause > PATIENCE:
                raise Unavailable(f"{self._url} {why} after {waited:.0f} s of waiting; is the intake running?")
            self._sleep(pause)
            waited += pause


def read_tokens(path: Path) -> dict[str, str]:
    """Tokens of a file: either one token, or a line ``source=token`` for each source; raises InvalidFile."""
    try:
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no UTF-8 text"
        raise InvalidFile(str(path), f"cannot be read ({reason}); it must hold a token of intake") from None
    lines = [line for line in lines if line and not line.startswith("#")]
    if len(lines) == 1 and not lines[0].startswith("sim-"):
        return {ALL: lines[0]}
    pairs = [line.partition("=") for line in lines]
    if not pairs or any(not token or not source.startswith("sim-") for source, _, token in pairs):
        raise InvalidFile(str(path), "must hold one token, or lines like sim-weibo=TOKEN")
    return {source: token for source, _, token in pairs}


def _accepted(answer: httpx.Response, url: str) -> httpx.Response:
    if answer.is_success:
        return answer
    if answer.status_code in (401, 403):
        raise Invalid(f"{url} refuses the token ({answer.status_code}); give the right one with --token-file")
    if answer.status_code >= 500:
        raise Recoverable(f"{url} failed with {answer.status_code}; see the log of intake")
    raise Invalid(f"{url} refuses the request with {answer.status_code}; is this an intake of Fenghuo?")


def _retry_after(answer: httpx.Response) -> float:
    try:
        return min(60.0, max(0.05, float(answer.headers.get("Retry-After", "1"))))
    except ValueError:
        return 1.0


def _refused(answer: httpx.Response) -> int:
    """How many items the answer names as refused."""
    try:
        refused = answer.json().get("refused", 0)
    except (ValueError, AttributeError):
        return 0
    return len(refused) if isinstance(refused, list) else int(refused)
