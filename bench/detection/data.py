"""The real streams: mention counts of five brands with labelled events, tweets at airlines, messages of citizens.

They lie beside the project, in ``../shared/data``, and are not part of it; without them these parts are left out.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from bench.detection.nab_score import Span
from bench.detection.stream import Stream

HERE = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def labelled(folder: Path) -> list[tuple[Stream, list[Span]]]:
    """Brands with the rows at which their labelled events begin and end."""
    windows = json.loads((folder / "nab" / "windows.json").read_text())
    found = []
    for brand, spans in sorted(windows.items()):
        with (folder / "nab" / f"{brand}.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        times = [_when(row["timestamp"]) for row in rows]
        place = {when: number for number, when in enumerate(times)}
        values = np.array([float(row["value"]) for row in rows])
        stream = Stream(brand, times, values, 300)
        found.append((stream, [(place[_when(first)], place[_when(last)]) for first, last in spans]))
    return found


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text.split(".")[0]).replace(tzinfo=UTC)


def airlines(folder: Path, step: int = 300) -> list[Stream]:
    """Six airlines, eight days of February 2015; ids that stand twice count once."""
    by_brand: dict[str, list[datetime]] = defaultdict(list)
    seen: set[str] = set()
    with (folder / "airline_2015.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["id"] not in seen:
                seen.add(row["id"])
                by_brand[row["brand"]].append(datetime.fromisoformat(row["ts"]))
    every = [when for times in by_brand.values() for when in times]
    return [counted(brand, times, min(every), max(every), step) for brand, times in sorted(by_brand.items())]


def citizens(folder: Path, step: int = 300) -> list[Stream]:
    """Messages to one city hall, half a year of 2019: twelve a day."""
    with (folder / "citizen_messages_2019h1.csv").open(encoding="utf-8-sig", newline="") as file:
        times = [_zoned(row["ts"]) for row in csv.DictReader(file)]
    return [counted("citizens", times, min(times), max(times), step)]


def _zoned(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=SHANGHAI)


def counted(name: str, times: list[datetime], first: datetime, last: datetime, step: int) -> Stream:
    """Counts a step from ``first`` to ``last``, steps on the clock.

    >>> ten = datetime(2026, 1, 5, 10, 2, tzinfo=UTC)
    >>> counted("a", [ten, ten + timedelta(minutes=9)], ten, ten + timedelta(minutes=9), 300).values.tolist()
    [1.0, 0.0, 1.0]
    """
    begin = int(first.timestamp()) // step
    counts = Counter(int(when.timestamp()) // step - begin for when in times)
    size = int(last.timestamp()) // step - begin + 1
    values = np.array([float(counts.get(place, 0)) for place in range(size)])
    start = datetime.fromtimestamp(begin * step, UTC)
    return Stream(name, [start + timedelta(seconds=step * one) for one in range(size)], values, step)
