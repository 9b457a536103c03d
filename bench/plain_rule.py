"""What a plain threshold finds in a file of mentions: an alarm when an hour has more than three times the hour before.

The yardstick beside ``fenghuo replay`` in ``docs/replay-findings.md``: the rule that most teams start with. It reads a
CSV with the columns ``ts`` and, if there is one, ``brand``; ids that stand twice count once, as they do in a replay.

    python -m bench.plain_rule FILE.csv [--factor 3] [--least 10] [--zone UTC]

>>> from datetime import UTC, datetime
>>> hours = {datetime(2026, 1, 5, hour, tzinfo=UTC): n for hour, n in ((9, 4), (10, 13), (11, 20), (14, 11))}
>>> [(one.hour.hour, one.count, one.before) for one in alarms(hours, factor=3, least=10)]
[(10, 13, 4), (14, 11, 0)]
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One hour that the rule calls too full."""

    hour: datetime
    count: int
    before: int
    """Mentions in the hour before."""


def alarms(hours: Mapping[datetime, int], *, factor: float, least: int) -> list[Alarm]:
    """Hours with at least ``least`` mentions and more than ``factor`` times the hour before, by time."""
    found = (Alarm(hour, count, hours.get(hour - HOUR, 0)) for hour, count in sorted(hours.items()))
    return [one for one in found if one.count >= least and one.count > factor * one.before]


def by_brand(rows: Iterable[Mapping[str, str]], zone: ZoneInfo) -> dict[str, Counter[datetime]]:
    """Distinct mentions by brand and hour."""
    seen: set[tuple[str, str]] = set()
    counts: dict[str, Counter[datetime]] = {}
    for number, row in enumerate(rows):
        brand = row.get("brand") or "all"
        key = (brand, row.get("id") or f"row {number}")
        if key in seen:
            continue
        seen.add(key)
        when = datetime.fromisoformat(row["ts"])
        local = (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(zone)
        counts.setdefault(brand, Counter())[local.replace(minute=0, second=0, microsecond=0)] += 1
    return counts


def lines(path: Path, *, factor: float, least: int, zone: ZoneInfo) -> Iterator[str]:
    """The report, brand by brand."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        counts = by_brand(csv.DictReader(file), zone)
    total = 0
    for brand, hours in sorted(counts.items()):
        found = alarms(hours, factor=factor, least=least)
        total += len(found)
        yield f"{brand}: {sum(hours.values()):,} mentions, {len(found)} alarms"
        yield from (f"  {one.hour:%Y-%m-%d %H:%M %z}  {one.count} after {one.before}" for one in found)
    yield f"{total} alarms in all"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.plain_rule", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--factor", type=float, default=3.0)
    parser.add_argument("--least", type=int, default=10)
    parser.add_argument("--zone", type=ZoneInfo, default=ZoneInfo("UTC"))
    given = parser.parse_args()
    for line in lines(given.file, factor=given.factor, least=given.least, zone=given.zone):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
