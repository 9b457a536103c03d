"""The series store in InfluxDB 1.8 or 2.x: line protocol in by influxdb-client, InfluxQL out over HTTP.

One token serves both: on 1.8 ``user:password``. A write is cut into requests; one that fails for now is tried again
until the write's deadline, and may be repeated as often as one likes, since every point has a key of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Literal

import httpx
import orjson
from influxdb_client.client.influxdb_client import InfluxDBClient
from influxdb_client.client.write_api import SYNCHRONOUS
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from contracts.clock import Clock
from contracts.codec import decode
from contracts.errors import Invalid, Unavailable
from contracts.panes import from_micros
from contracts.records import BucketRow, CaseRow, Counts, DeadLetter, IncidentEvent, LateRow
from dashboards.schema import BUCKETS, LATE, series_of
from dashboards.settings import StoreSettings
from dashboards.store import hours, influxql
from dashboards.store.influx_errors import Busy, translate
from dashboards.store.lines import drawn_lines, lines
from dashboards.store.refuse import RefusedRows, refuse
from dashboards.store.values import added, bucket_row, counts_of, in_order
from dashboards.vitals import Vital

FIRST_WAIT = 0.2
LONGEST_WAIT = 5.0
TOO_LARGE = 413
CONDENSED_AT_ONCE = timedelta(hours=6)
"""How many hours one pair of questions condenses: 60 000 rows for 10 000 series."""


class InfluxStore:
    """A :class:`~contracts.ports.SeriesStore` on a server.

    Parameters
    ----------
    settings
        Where it is, its token, its database, and how long to wait.
    clock
        Measures the deadline of a write.
    sleep
        Waits between two attempts.

    Raises Unavailable for a server that is away, OutOfSpace when its disk is full, Invalid for a wrong token or a
    database of another make, RefusedRows for rows that it does not take (older than its retention, say).
    """

    def __init__(self, settings: StoreSettings, clock: Clock, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._where = f"InfluxDB at {settings.url}"
        token = settings.token.get_secret_value()
        milliseconds = int(settings.timeout_seconds * 1000)
        self._client: Any = InfluxDBClient(url=settings.url, token=token, org=settings.org, timeout=milliseconds)
        self._writer: Any = self._client.write_api(write_options=SYNCHRONOUS)
        self._http = httpx.Client(
            base_url=settings.url,
            headers={"Authorization": f"Token {token}"},
            timeout=settings.timeout_seconds,
            trust_env=False,
        )

    def setup(self) -> None:
        """Prove the token, make the database on 1.8 if it may, and find it; on 2.x the bucket must be there."""
        with suppress(Invalid):  # no administrator, or a 2.x: then it must be there already
            self._query(f'CREATE DATABASE "{self._settings.database}"', method="POST")
        self._query("SHOW MEASUREMENTS LIMIT 1")

    def write(
        self,
        buckets: Sequence[BucketRow] = (),
        late: Sequence[LateRow] = (),
        incidents: Sequence[IncidentEvent] = (),
        cases: Sequence[CaseRow] = (),
    ) -> None:
        """Write all, or raise; then some may be written, and writing them again changes nothing."""
        refuse((*buckets, *late, *incidents, *cases))
        self._write(lines(buckets, late, incidents, cases))

    def draw(self, vitals: tuple[Vital, ...] = (), dead: tuple[DeadLetter, ...] = ()) -> None:
        """Write what only panels show, as :meth:`write` does."""
        self._write(drawn_lines(vitals, dead))

    def condense(self, start: datetime, end: datetime) -> int:
        """Make the hours in [start, end) anew from buckets and corrections; gives back how many points.

        Both must be whole hours. What is condensed twice is written twice, to the same points.
        """
        made = 0
        while start < end:
            until = min(start + CONDENSED_AT_ONCE, end)
            ours = influxql.rows(self._query(influxql.hour_sums_query(BUCKETS, hours.SUMMED, start, until)))
            late = influxql.rows(self._query(influxql.hour_sums_query(LATE, hours.SUMMED_LATE, start, until)))
            points = hours.condensed(ours, late)
            self._write(iter(points))
            made += len(points)
            start = until
        return made

    def edge(self, measurement: str, which: Literal["FIRST", "LAST"]) -> datetime | None:
        """The time of the first or last point that counts mentions, if there is one."""
        found = list(influxql.rows(self._query(influxql.edge_query(measurement, which))))
        return from_micros(found[0][1]["time"] // 1000) if found else None

    def delete(self, measurement: str, before: datetime) -> None:
        """Let go of all points of a measurement before a time."""
        self._query(influxql.delete_query(measurement, before), method="POST")

    def _write(self, todo: Iterator[str]) -> None:
        deadline = self._clock.monotonic() + self._settings.deadline_seconds
        refused: RefusedRows | None = None
        while batch := list(islice(todo, self._settings.batch_lines)):
            try:
                self._send(batch, deadline)
            except RefusedRows as error:  # the other batches go first, so that one bad row holds up none
                every = error.all and (refused is None or refused.all)
                refused = RefusedRows(error.place, error.reason, all=every)
            else:
                refused = refused and RefusedRows(refused.place, refused.reason, all=False)
        if refused is not None:
            raise refused

    def counts(self, series: str, start: datetime, end: datetime) -> Mapping[datetime, Counts]:
        """Counts by bucket in [start, end), late ones added."""
        rows = ((row.bucket, row.counts) for row in self.buckets(series, start, end))
        return added((*rows, *self.late(series, start, end).items()))

    def late(self, series: str, start: datetime, end: datetime) -> Mapping[datetime, Counts]:
        """The late part of :meth:`counts` alone."""
        found = influxql.rows(self._query(influxql.late_query(series, start, end)))
        return added((from_micros(values["bucket"]), counts_of(values)) for _, values in found)

    def buckets(self, series: str, start: datetime, end: datetime) -> list[BucketRow]:
        """Whole rows in [start, end) by time."""
        found = influxql.rows(self._query(influxql.buckets_query(series, start, end)))
        return [bucket_row(series, from_micros(values["time"] // 1000), values) for _, values in found]

    def series(self, brand: str | None = None) -> list[str]:
        """All series keys, sorted; of one brand if given."""
        queries = ";".join(influxql.series_query(measurement, brand) for measurement in (BUCKETS, LATE))
        return sorted({series_of(tags) for tags, _ in influxql.rows(self._query(queries))})

    def incidents(self, start: datetime, end: datetime) -> list[IncidentEvent]:
        """Incident events in [start, end), in the order of ``incidents.ndjson``."""
        found = influxql.rows(self._query(influxql.incidents_query(start, end)))
        return in_order([decode(IncidentEvent, values["record"].encode()) for _, values in found])

    def cases(self, brand: str, start: datetime, end: datetime) -> list[CaseRow]:
        """Case rows of one brand in [start, end), by time, case and id."""
        found = influxql.rows(self._query(influxql.cases_query(brand, start, end)))
        rows = [decode(CaseRow, values["record"].encode()) for _, values in found]
        return sorted(rows, key=lambda row: (row.ts, row.case_id, row.id))

    def close(self) -> None:
        """Let go of the connections."""
        self._writer.close()
        self._client.close()
        self._http.close()

    def _send(self, batch: Sequence[str], deadline: float) -> None:
        """One request, again and again until the deadline; a batch that is too large goes in halves."""
        wait = FIRST_WAIT
        while True:
            try:
                split = self._post(batch, deadline - self._clock.monotonic())
                break
            except Busy:
                raise
            except Unavailable:
                if deadline - self._clock.monotonic() <= wait:
                    raise
                self._sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
        if split:
            self._send(batch[: len(batch) // 2], deadline)
            self._send(batch[len(batch) // 2 :], deadline)

    def _post(self, batch: Sequence[str], left: float) -> bool:
        """Write once, with ``left`` seconds to go; true if the server finds it too large and it can be split."""
        milliseconds = int(1000 * max(0.1, min(left, self._settings.timeout_seconds)))
        try:
            self._writer.write(bucket=self._settings.bucket, record="\n".join(batch), _request_timeout=milliseconds)
        except ApiException as error:
            if error.status == TOO_LARGE and len(batch) > 1:
                return True
            after = str(dict(error.headers or {}).get("Retry-After", ""))
            raise translate(
                self._where, error.status or 0, _text(error), lines=len(batch), retry_after=after
            ) from error
        except (HTTPError, OSError) as error:
            raise Unavailable(f"{self._where}: does not answer ({type(error).__name__})") from error
        return False

    def _query(self, query: str, *, method: str = "GET") -> dict[str, Any]:
        params = {"db": self._settings.database, "rp": self._settings.retention, "epoch": "ns", "q": query}
        if query.startswith("CREATE"):
            params = {"q": query}
        try:
            answer = self._http.request(method, "/query", params=params)
        except httpx.HTTPError as error:
            raise Unavailable(f"{self._where}: does not answer ({type(error).__name__})") from error
        body = _body(answer.content)
        said = influxql.error_of(body) or str(body.get("message", ""))
        if answer.is_error or said or "results" not in body:
            raise translate(self._where, answer.status_code, said or answer.text)
        return body


def _text(error: ApiException) -> str:
    """What the server said of a write."""
    told = _body(str(error.body or ""))
    return str(told.get("message") or told.get("error") or error.body or error.reason or "")


def _body(content: bytes | str) -> dict[str, Any]:
    """An answer as JSON; empty if it is none."""
    try:
        told = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}
