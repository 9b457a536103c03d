"""Event time cut into panes and buckets.

A *pane* is the smallest span that is counted (5 s by default); it is named by its number since the epoch.
A *bucket* is a whole number of panes (60 s by default). All numbers are plain integers, so that two
workers never disagree by a rounding.

>>> panes = Panes(pane_seconds=5, bucket_seconds=60)
>>> when = datetime(2026, 1, 1, 0, 0, 59, tzinfo=UTC)
>>> pane = panes.pane_of(when)
>>> panes.start_of(pane).isoformat(), panes.bucket_of(pane) == panes.bucket_of(pane + 1)
('2026-01-01T00:00:55+00:00', False)
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field, model_validator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Panes(BaseModel):
    """The widths of pane and bucket, and the arithmetic between them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pane_seconds: int = Field(default=5, ge=1, le=3600)
    """The smallest span that is counted; a signal can come at the end of each."""
    bucket_seconds: int = Field(default=60, ge=1, le=86_400)
    """What rows of the series store and detectors work in; a whole number of panes."""

    @model_validator(mode="after")
    def _whole(self) -> Panes:
        if self.bucket_seconds % self.pane_seconds:
            raise ValueError("bucket_seconds must be a whole number of panes")
        return self

    @property
    def panes_per_bucket(self) -> int:
        """How many panes make a bucket."""
        return self.bucket_seconds // self.pane_seconds

    def pane_of(self, when: datetime) -> int:
        """The number of the pane that holds ``when``."""
        return micros(when) // (self.pane_seconds * 1_000_000)

    def start_of(self, pane: int) -> datetime:
        """The first instant of ``pane``, in UTC; it is also the end of the pane before."""
        return EPOCH + timedelta(seconds=pane * self.pane_seconds)

    def bucket_of(self, pane: int) -> int:
        """The number of the bucket that holds ``pane``."""
        return pane // self.panes_per_bucket

    def first_pane(self, bucket: int) -> int:
        """The first pane of ``bucket``."""
        return bucket * self.panes_per_bucket

    def bucket_start(self, bucket: int) -> datetime:
        """The first instant of ``bucket``, in UTC."""
        return EPOCH + timedelta(seconds=bucket * self.bucket_seconds)


def micros(when: datetime) -> int:
    """Whole microseconds from the epoch to ``when`` (zone-aware), exact."""
    return (when - EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """The instant ``value`` microseconds after the epoch, in UTC."""
    return EPOCH + timedelta(microseconds=value)
