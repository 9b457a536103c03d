"""Settings of the intake: which sources there are, and what each may send (``config/sources.yaml``)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from contracts.series import OTHER

MAX_SOURCES = 99
"""One fewer than a partition's watermark keeps: the last place belongs to intake's own heartbeat."""

HEARTBEAT = "fenghuo"
"""The name of intake's own marks; no source may bear it."""


class Kind(StrEnum):
    """How a source delivers, which decides how long it is waited for."""

    PUSH = "push"
    """Sends each mention as it happens."""
    POLLED = "polled"
    """Is asked, or asks elsewhere, every few minutes."""
    BATCH = "batch"
    """Delivers a day or a week at once; each delivery is sorted and closed as a whole."""
    CLOCKED = "clocked"
    """Brings its own time by ``POST /v1/progress``: simulators, and collectors that know how far they are."""
    FILE = "file"
    """A file given on the command line or found in the watched folder."""


LATENESS: dict[Kind, float] = {
    Kind.PUSH: 15.0,
    Kind.POLLED: 600.0,
    Kind.BATCH: 0.0,
    Kind.CLOCKED: 15.0,
    Kind.FILE: 0.0,
}
"""Seconds a record may trail its source's largest time; batches and files are sorted, so nothing trails."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RateLimit(_Frozen):
    """A token bucket: ``burst`` items at once, refilled by ``per_second``."""

    per_second: Annotated[float, Field(gt=0, le=10**6, allow_inf_nan=False)] = 5_000.0
    burst: Annotated[float, Field(gt=0, le=10**7, allow_inf_nan=False)] = 50_000.0


class SourceSettings(_Frozen):
    """One source: who may send, what it may leave out, and how its time is understood.

    >>> SourceSettings(name="weibo", kind="polled").lateness
    600.0
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
    kind: Kind = Kind.PUSH
    lateness: Annotated[float, Field(ge=0, le=10**9, allow_inf_nan=False)] = 15.0
    """Seconds; when left out, by kind (see :data:`LATENESS`)."""
    rhythm: Annotated[float, Field(gt=0, le=10**7, allow_inf_nan=False)] = 60.0
    """Seconds for which a call is a sign of life: so long marks are written for the source. When silence is said to be
    ``source.down`` is up to ``sources`` in detectors.yaml."""
    token_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """SHA-256 of the source's token in hexadecimal; without it nothing is taken over HTTP."""
    tz: str | None = None
    """Zone of times that carry none, for instance ``Asia/Shanghai``; without it they are refused."""
    channel: Annotated[str, Field(min_length=1, max_length=200)] = OTHER
    """Channel of mentions that name none."""
    brand: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Brand of mentions that name none."""
    extra: tuple[Annotated[str, Field(min_length=1, max_length=64)], ...] = ()
    """Fields outside the usual ones that are kept."""
    rate: RateLimit = RateLimit()

    @model_validator(mode="before")
    @classmethod
    def _lateness_by_kind(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("lateness") is None and data.get("kind", Kind.PUSH) in set(Kind):
            return {**data, "lateness": LATENESS[Kind(data.get("kind", Kind.PUSH))]}
        return data

    @field_validator("name")
    @classmethod
    def _not_ours(cls, value: str) -> str:
        if value == HEARTBEAT:
            raise ValueError(f"{HEARTBEAT} is the name of intake's own marks; choose another")
        return value

    @field_validator("tz")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            zone(value)
        return value

    @field_validator("extra")
    @classmethod
    def _no_labels(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        wrong = sorted(set(value) & LABELS)
        if wrong:
            raise ValueError(f"{', '.join(wrong)}: labels are never read; take them out of extra")
        return value


LABELS = frozenset({"sentiment", "category", "polarity", "emotion", "heat", "stage", "label", "stars", "signature"})
"""What others have judged of a text: never read, so that measuring with it stays honest."""


def zone(name: str) -> ZoneInfo:
    """The time zone ``name``; raises ValueError saying what a zone looks like.

    >>> zone("Asia/Shanghai").key
    'Asia/Shanghai'
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no such time zone {name[:64]!r}; write it like Asia/Shanghai or UTC") from None


class IntakeSettings(_Frozen):
    """Limits of the door."""

    max_body: Annotated[int, Field(ge=1_000, le=100_000_000)] = 10_000_000
    """Bytes of one request as sent."""
    max_unpacked: Annotated[int, Field(ge=1_000, le=500_000_000)] = 50_000_000
    """Bytes of one gzip request when unpacked."""
    max_items: Annotated[int, Field(ge=1, le=1_000_000)] = 50_000
    """Items in one request."""
    gather_seconds: Annotated[float, Field(ge=0, le=0.1)] = 0.05
    """How long items wait for others, so that they travel in arrays."""
    max_waiting: Annotated[int, Field(ge=500, le=1_000_000)] = 100_000
    """Items that may wait for the log; beyond it senders hear 503."""
    max_brands: Annotated[int, Field(ge=1, le=10_000)] = 200
    """Brands kept of one file; the smallest beyond are counted under ``other``."""


class Sources(_Frozen):
    """All of ``sources.yaml``."""

    sources: Annotated[tuple[SourceSettings, ...], Field(max_length=MAX_SOURCES)] = ()
    intake: IntakeSettings = IntakeSettings()

    @model_validator(mode="after")
    def _distinct(self) -> Sources:
        for what in ("name", "token_sha256"):
            values = [getattr(one, what) for one in self.sources if getattr(one, what) is not None]
            repeated = sorted({one.name for one in self.sources if values.count(getattr(one, what)) > 1})
            if repeated:
                raise ValueError(f"sources {', '.join(repeated)} have the same {what}; each needs its own")
        return self

    def with_token(self, name: str, token_sha256: str) -> Sources:
        """A copy in which the source ``name`` has this token; raises KeyError if there is no such source."""
        if name not in {one.name for one in self.sources}:
            raise KeyError(name)
        changed = tuple(_tokened(one, token_sha256) if one.name == name else one for one in self.sources)
        return Sources(sources=changed, intake=self.intake)


def _tokened(source: SourceSettings, token_sha256: str) -> SourceSettings:
    return SourceSettings.model_validate({**source.model_dump(), "token_sha256": token_sha256})
