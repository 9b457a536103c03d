"""What InfluxDB answers, as our errors: a pure table from status and text."""

from __future__ import annotations

import re

from contracts.errors import FenghuoError, Invalid, OutOfSpace, Unavailable
from dashboards.store.refuse import RefusedRows

_DROPPED = re.compile(r"dropped=(\d+)")
_FULL = re.compile(r"no space left|disk (is )?full|disk quota|insufficient storage", re.IGNORECASE)


class Busy(Unavailable):
    """The server named the time before which it is not to be asked again."""


def translate(where: str, status: int, text: str, *, lines: int = 0, retry_after: str = "") -> FenghuoError:
    """Our error for an answer that is none of 2xx.

    Parameters
    ----------
    where
        What was asked of whom, for people.
    status, text
        The answer's HTTP status and message.
    lines
        How many lines were written, to tell whether all were refused; 0 for a question.
    retry_after
        The header of that name: whole seconds, as InfluxDB writes it.

    >>> translate("InfluxDB at host", 507, "")
    OutOfSpace('InfluxDB at host: its disk is full; make room and restart it (1.8 does not go on by itself)')
    """
    said = " ".join(text.split())[:300]
    if status == 507 or _FULL.search(text):
        return OutOfSpace(f"{where}: its disk is full; make room and restart it (1.8 does not go on by itself)")
    if status in (401, 403):
        return Invalid(f"{where}: refuses the token (HTTP {status}: {said}); check token and rights of its user")
    if "field type conflict" in text:
        return Invalid(
            f"{where}: a field has another type there ({said}); the database was filled by something else:"
            " take another database name, or drop that measurement"
        )
    if "database not found" in text or status == 404:
        return Invalid(
            f"{where}: database or bucket is missing ({said}); create it, on 2.x as a bucket named database/retention"
        )
    if lines and status in (400, 413, 422):
        dropped = _DROPPED.search(text)
        every = lines == 1 or (dropped is not None and int(dropped[1]) >= lines)
        return RefusedRows(where, f"HTTP {status}: {said}", all=every)
    if status in (408, 429) or status >= 500:
        sentence = f"{where}: cannot take it now (HTTP {status}: {said})"
        return Busy(sentence, retry_after=float(retry_after)) if retry_after.isdecimal() else Unavailable(sentence)
    return Invalid(f"{where}: unexpected answer (HTTP {status}: {said}); is this an InfluxDB?")
