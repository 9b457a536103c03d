"""Where the series store lives. Read at the edge (``fenghuo/settings.py``) and handed in, never read from here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

Seconds = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)]


class StoreSettings(BaseModel):
    """Which series store, where, and how long to wait for it.

    ======== =========================================================================================
    kind     needs
    ======== =========================================================================================
    sqlite   ``path``; no server
    influx   ``url``, ``token`` and ``database``; on 1.8 the token is ``user:password``, on 2.x also
             ``org``, and a bucket named ``database/retention``
    memory   nothing, keeps nothing: for tests and for a replay that is not looked at
    ======== =========================================================================================

    >>> StoreSettings(kind="influx", token=SecretStr("reader:secret")).bucket
    'fenghuo/autogen'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["sqlite", "influx", "memory"] = "sqlite"
    """Which store."""
    path: Path = Path("var/series.sqlite")
    """The SQLite file; its folder is made."""
    size_limit_mb: Annotated[int, Field(ge=1)] | None = None
    """The SQLite file grows no further than this and says that space is out."""
    busy_seconds: Seconds = 10.0
    """How long SQLite waits for another process that writes."""
    url: str = "http://127.0.0.1:8086"
    """Address of InfluxDB."""
    token: SecretStr = SecretStr("")
    """On 1.8 ``user:password``."""
    org: str = ""
    """Organisation, on 2.x."""
    database: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")] = "fenghuo"
    """Database of InfluxDB; it must exist or the token must be allowed to make it."""
    retention: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")] = "autogen"
    """The retention policy in the database; the bucket is ``database/retention``."""
    timeout_seconds: Seconds = 10.0
    """How long one request to InfluxDB may take."""
    deadline_seconds: Seconds = 30.0
    """How long one write may take with all its retries before it is given back as Unavailable."""
    batch_lines: Annotated[int, Field(ge=1, le=100_000)] = 5_000
    """How many lines of line protocol one request to InfluxDB carries."""

    raw_days: Annotated[int, Field(ge=1, le=36_500)] = 30
    """InfluxDB: days for which buckets stay as they are, counted back from the newest; then their hours remain."""
    hours_days: Annotated[int, Field(ge=1, le=36_500)] = 730
    """InfluxDB: days for which hours, incidents and cases stay."""
    max_series: Annotated[int, Field(ge=1, le=10_000_000)] = 200_000
    """InfluxDB: rows of further series are left out and counted; each brand's own series is always kept."""

    @model_validator(mode="after")
    def _complete(self) -> StoreSettings:
        if self.kind == "influx" and not self.token.get_secret_value():
            raise ValueError("kind influx needs a token; on InfluxDB 1.8 it is user:password")
        if self.timeout_seconds > self.deadline_seconds:
            raise ValueError("timeout_seconds must not exceed deadline_seconds, which bounds all retries together")
        if self.hours_days < self.raw_days:
            raise ValueError("hours_days must not be below raw_days: hours are what remains of buckets")
        return self

    @property
    def bucket(self) -> str:
        """The bucket that line protocol is written to."""
        return f"{self.database}/{self.retention}"
