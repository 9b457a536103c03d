"""One series of counts offline: bursts, silences and climbs are told, calm and what is small is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from detectors.offline import alarms, scores
from detectors.redecide import Alarm

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
Counts = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def times(rows: int, minutes: float = 5) -> list[datetime]:
    return [MONDAY + timedelta(minutes=minutes * row) for row in range(rows)]


def rhythm(rows: int, minutes: float = 5) -> Counts:
    """A day's rhythm with calmer weekends, mean about 1."""
    hours = np.arange(rows) * minutes / 60
    day = 1 + 0.6 * np.cos((hours - 15) / 24 * 2 * np.pi)
    return np.asarray(day * np.where(hours // 24 % 7 >= 5, 0.7, 1.1))


def steady(rows: int, rate: float, seed: int = 1, minutes: float = 5) -> Counts:
    return np.random.default_rng(seed).poisson(rate * rhythm(rows, minutes)).astype(float)


def found(values: Counts, minutes: float = 5, per_week: float | None = None) -> list[Alarm]:
    return alarms(times(len(values), minutes), values.tolist(), per_week=per_week)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_steady_stream_gives_no_warning_in_a_month(seed: int) -> None:
    assert found(steady(30 * 288, 500 / 288, seed)) == []


@pytest.mark.parametrize(("minutes", "rate"), [(5.0, 3.0), (15.0, 9.0), (60.0, 36.0)])
def test_a_burst_is_told_once_at_any_length_of_bucket(minutes: float, rate: float) -> None:
    day = round(1440 / minutes)
    values = steady(14 * day, rate, minutes=minutes)
    start = round(12.5 * day)
    values[start : start + max(1, round(120 / minutes))] += 5 * rate
    told = found(values, minutes)
    assert [one.kind for one in told] == ["volume.spike"]
    assert 0 <= (told[0].at - times(len(values), minutes)[start]).total_seconds() <= 3600
    assert told[0].score >= 1


def test_the_same_incident_is_told_again_after_one_three_and_seven_days() -> None:
    values = steady(35 * 288, 3.0)
    starts = [round((21 + day) * 288 + 144) for day in (0, 3, 10)]
    for start in starts:
        values[start : start + 12] += 15.0
    told = [(one.at - MONDAY) / timedelta(minutes=5) for one in found(values)]
    assert len(told) == 3
    assert all(0 <= row - start <= 12 for row, start in zip(told, starts, strict=True))


def test_a_level_that_stays_is_accepted() -> None:
    values = steady(28 * 288, 3.0)
    values[14 * 288 :] = np.random.default_rng(3).poisson(9.0 * rhythm(28 * 288)[14 * 288 :])
    told = found(values)
    assert 1 <= len(told) <= 3
    assert all(one.at < MONDAY + timedelta(days=21) for one in told)


def test_a_series_gone_quiet_is_told() -> None:
    values = steady(21 * 288, 6.0)
    values[round(17.5 * 288) : round(18.2 * 288)] = 0
    told = found(values)
    assert told
    assert told[0].kind == "volume.silence"
    assert told[0].expected > 0


def test_rows_that_are_missing_are_no_silence() -> None:
    values, at = steady(21 * 288, 6.0), times(21 * 288)
    gap = slice(round(17.5 * 288), round(18.2 * 288))
    del at[gap]
    assert alarms(at, np.delete(values, gap).tolist()) == []


def test_a_slow_climb_over_a_day_is_told() -> None:
    values = steady(21 * 288, 5.0)
    climb = 1 + 2 * np.arange(288) / 288
    values[18 * 288 : 19 * 288] = np.random.default_rng(4).poisson(5.0 * rhythm(21 * 288)[18 * 288 : 19 * 288] * climb)
    assert any(one.at.date() in {(MONDAY + timedelta(days=18)).date()} for one in found(values))


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_a_constant_series_is_silent(value: float) -> None:
    assert found(np.full(10 * 288, value)) == []


def test_few_rows_are_too_few() -> None:
    assert alarms([], []) == []
    assert alarms(times(3), [1.0, 500.0, 2.0]) == []


def test_scores_are_one_a_row_and_stand_out_in_a_burst() -> None:
    values = steady(8 * 288, 3.0)
    values[2000:2012] += 20
    raw = scores(times(len(values)), values.tolist())
    assert len(raw) == len(values)
    assert max(raw) == max(raw[2000:2040]) > 1


def test_nothing_behind_a_row_changes_what_was_told_before() -> None:
    values = steady(12 * 288, 3.0)
    values[2500:2510] += 25
    cut = 10 * 288
    assert [one for one in found(values) if one.at < times(cut + 1)[cut]] == found(values[:cut])
