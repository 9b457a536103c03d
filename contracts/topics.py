"""The topics and what each carries. All have the same number of partitions."""

from __future__ import annotations

from enum import StrEnum


class Topic(StrEnum):
    """A Kafka topic; the value is its name, before the tenant's prefix."""

    MENTIONS = "mentions"
    """:class:`~contracts.records.Batch` by hash of mention id; progress and end marks in every partition."""
    LESSONS = "lessons"
    """What people teach the reader: commands of kind ``teach``, all in the first partition."""
    COUNTS = "counts"
    """Pane counts and evidence by brand; how far each partition of mentions has closed, in every partition."""
    DECIDE_IN = "decide.in"
    """Signals, marks and commands by brand. Their order is the truth."""
    INCIDENTS = "incidents"
    """Incident events by brand, how each brand stands, and swaps on duty."""
    SERIES = "series"
    """Bucket rows and corrections by brand, for the series store."""
    NOTIFIED = "notified"
    """The notification log: which incident event was told to whom, by brand."""
    DEAD = "dead"
    """Refused records: place, reason, masked preview."""


PIPELINE = (Topic.MENTIONS, Topic.COUNTS, Topic.DECIDE_IN, Topic.INCIDENTS, Topic.SERIES)
"""The topics that workers read, in order of flow."""
