"""The yardstick of ``docs/replay-findings.md``: what a plain threshold calls an alarm."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from bench.plain_rule import lines

UTC = ZoneInfo("UTC")


def _file(folder: Path, rows: list[tuple[str, str, str]]) -> Path:
    path = folder / "mentions.csv"
    path.write_text("id,ts,brand\n" + "".join(f"{','.join(row)}\n" for row in rows), encoding="utf-8")
    return path


def _hour(hour: int, count: int) -> list[tuple[str, str, str]]:
    return [(f"{hour}-{number}", f"2026-01-05T{hour:02}:{number:02}:00+00:00", "Delta") for number in range(count)]


def test_more_than_three_times_the_hour_before_and_at_least_ten(tmp_path: Path) -> None:
    file = _file(tmp_path, [*_hour(8, 3), *_hour(9, 9), *_hour(10, 28), *_hour(11, 30)])
    shown = list(lines(file, factor=3, least=10, zone=UTC))
    assert shown == ["Delta: 70 mentions, 1 alarms", "  2026-01-05 10:00 +0000  28 after 9", "1 alarms in all"]


def test_an_id_that_stands_twice_counts_once(tmp_path: Path) -> None:
    file = _file(tmp_path, [*_hour(8, 6), *_hour(8, 6)])
    assert list(lines(file, factor=3, least=10, zone=UTC)) == ["Delta: 6 mentions, 0 alarms", "0 alarms in all"]
