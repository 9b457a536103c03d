"""What the live view reads of the log: which topics, and which records of a message. Pure."""

from __future__ import annotations

from contracts.codec import decode, decode_mixed
from contracts.errors import InvalidRecord
from contracts.records import IncidentEvent, LedgerEntry, Standing, Told
from contracts.topics import Topic
from contracts.view import Viewed

TOPICS = (Topic.INCIDENTS, Topic.NOTIFIED, Topic.SERIES)
_ENTRIES = b'[{"type":"LedgerEntry"'


def viewed(topic: str, payload: bytes | None) -> list[Viewed]:
    """The records of one message that the view is made of; rows of the topic ``series`` cost next to nothing.

    >>> viewed("series", b'[{"type":"BucketRow","record":{}}]'), viewed("incidents", b"no json"), viewed("counts", b"")
    ([], [], [])
    """
    if not payload:
        return []
    try:
        if topic == Topic.NOTIFIED:
            return [decode(Told, payload)]
        if topic == Topic.INCIDENTS:
            return [one for one in decode_mixed(payload) if isinstance(one, IncidentEvent | Standing)]
        if topic == Topic.SERIES and payload.startswith(_ENTRIES):
            return [one for one in decode_mixed(payload) if isinstance(one, LedgerEntry)]
    except InvalidRecord:
        return []
    return []
