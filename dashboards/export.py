"""``incidents.ndjson``: the one writer of it, so that recorder and replay give equal bytes."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable
from pathlib import Path

from contracts.errors import InvalidFile, OutOfSpace
from contracts.records import IncidentEvent


def write_incidents(events: Iterable[IncidentEvent], path: Path) -> int:
    """Write ``events`` to ``path``, in order, in place of what was there; gives back how many lines.

    Of two events with one (incident, seq) the later counts, as in a store. The file is whole or untouched.
    Raises OutOfSpace, or InvalidFile when the place cannot be written.
    """
    kept = {(event.incident, event.seq): event for event in events}
    text = "".join(map(incident_line, sorted(kept.values(), key=IncidentEvent.sort_key)))
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            beside.write_text(text, encoding="utf-8", newline="\n")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace(f"{path}: the disk is full; make room and export again") from error
        raise InvalidFile(str(path), f"cannot be written ({error.strerror}); choose another folder") from error
    return len(kept)


def incident_line(event: IncidentEvent) -> str:
    """One line of the file, its end included: the eleven keys in their order, compact, in UTF-8.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> event = IncidentEvent(incident="0123abcd", seq=0, event="opened", at=at, tier="blue", kind="volume.spike",
    ...     scope={"brand": "达美"}, reason="first", observed=50, expected=12.3456789, score=1.5)
    >>> print(incident_line(event).split(',"kind":"volume.spike",')[1], end="")
    "scope":{"brand":"达美"},"reason":"first","observed":50.0,"expected":12.3457,"score":1.5}
    """
    return json.dumps(event.line(), ensure_ascii=False, separators=(",", ":")) + "\n"
