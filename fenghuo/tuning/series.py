"""Series kept as they were read: a year of five-minute rows is read again in a hundredth of the time."""

from __future__ import annotations

from array import array
from datetime import timedelta, timezone
from pathlib import Path

import numpy as np

from fenghuo.counts import CountSeries, Times, read_counts
from fenghuo.tuning import columns
from fenghuo.tuning.columns import Columns


def kept_series(path: Path, name: str, folder: Path) -> tuple[CountSeries, str]:
    """The series in ``path`` and a name for its content: as kept in ``folder``, or read now and kept there.

    Raises as ``read_counts`` does.
    """
    if not path.is_file():
        read_counts(path)
    held = columns.content(path)
    kept = columns.place(folder, name, held, "series")
    found = columns.load(kept)
    series = None if found is None else _series(found)
    if series is None:
        series = read_counts(path)
        columns.save(kept, _columns(series))
    return series, held


def _columns(series: CountSeries) -> Columns:
    offset = None if series.times.zone is None else series.times.zone.utcoffset(None)
    return {
        "micros": np.frombuffer(series.times.micros, dtype=np.int64),
        "values": np.asarray(series.values, dtype=np.float64),
        "zone": np.array([] if offset is None else [offset.total_seconds()]),
        "separator": np.array([series.times.separator]),
        "notes": np.array(series.notes, dtype=str),
    }


def _series(found: Columns) -> CountSeries | None:
    try:
        micros, values = array("q"), array("d")
        micros.frombytes(found["micros"].tobytes())
        values.frombytes(found["values"].tobytes())
        zone = timezone(timedelta(seconds=float(found["zone"][0]))) if len(found["zone"]) else None
        times = Times(micros, zone, str(found["separator"][0]))
        return CountSeries(times, values, [str(one) for one in found["notes"]])
    except (LookupError, ValueError):
        return None
