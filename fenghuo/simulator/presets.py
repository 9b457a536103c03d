"""Ready scenarios: demo, calm, steady, storm, everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from fenghuo.simulator.calendar import ZONE, day_number, day_start, to_ms
from fenghuo.simulator.incidents import (
    AnyIncident,
    CollectionStarts,
    CopyFlood,
    DeadCollector,
    FuriousCase,
    PraiseSurge,
    QuietNight,
    RepeatComplainant,
    SentimentShift,
    SlowRamp,
    SuddenSurge,
    WeightyVoice,
)
from fenghuo.simulator.rhythm import SLOT_MS, SLOTS, profile
from fenghuo.simulator.scenario import Disorder, Drift, Scenario
from fenghuo.simulator.world import BRANDS, Brand

HISTORY_DAYS = 28
STORM_RATE = 20.0
"""Mentions a second in a storm, all brands together."""
DAY = 86_400


def demo(now: datetime, *, seed: int = 1, **changes: Any) -> Scenario:
    """28 days of ordinary history and then 24 h with incidents, ending at ``now``: for ``make up``.

    Nothing is planted in the history. The first surge comes an hour after the start of the 24 h, another
    an hour and a half before ``now``, others between them, so that warnings come early, late and in between.
    """
    day = now - timedelta(days=1)
    start = day - timedelta(days=HISTORY_DAYS)
    planted = _about(_demo_incidents(day), changes)
    return Scenario(seed=seed, start=start, end=now, **{"incidents": planted, **changes})


def _about(incidents: tuple[AnyIncident, ...], changes: dict[str, Any]) -> tuple[AnyIncident, ...]:
    """Only the incidents of brands that take part."""
    names = {brand.name for brand in changes.get("brands", BRANDS)}
    return tuple(one for one in incidents if one.brand is None or one.brand in names)


def _demo_incidents(day: datetime) -> tuple[AnyIncident, ...]:
    def at(hours: float) -> datetime:
        return day + timedelta(hours=hours)

    def by_day(minutes: float, *hours: float) -> datetime:
        """The one of these starts whose span people are most awake in: at night there is little to see."""
        return max((at(one) for one in hours), key=lambda start: _awake(start, minutes))

    return (
        SuddenSurge(brand="云杉航空", start=at(1), minutes=50, factor=10, category="logistics"),
        CopyFlood(brand="晨星商城", start=at(3.5), minutes=30, copies=150),
        SentimentShift(brand="北斗手机", start=by_day(360, 5, 6.25, 8.5, 12, 16.5), minutes=360, share=0.75),
        PraiseSurge(brand="快鹿外卖", start=at(7.5), minutes=45, factor=8),
        WeightyVoice(brand="青禾银行", start=at(9.5)),
        SlowRamp(brand="晨星商城", start=at(11), minutes=600, factor=5),
        FuriousCase(brand="云杉航空", start=at(13), minutes=180),
        DeadCollector(start=by_day(150, 15.25, 4.25, 10.25, 17.25), minutes=150, channel="app_store"),
        RepeatComplainant(brand="青禾银行", start=at(14), minutes=360),
        CollectionStarts(brand="青禾银行", channel="forum", start=by_day(180, 19, 6.75, 12.5)),
        SuddenSurge(brand="快鹿外卖", start=at(22.5), minutes=60, factor=9, category="quality"),
    )


def _awake(start: datetime, minutes: float) -> float:
    """Average of the day profile over a span."""
    first = (to_ms(start) - day_start(day_number(to_ms(start)))) // SLOT_MS
    slots = [(first + step) % SLOTS for step in range(int(minutes) // 5)]
    return float(profile("day")[slots].mean())


def calm(start: datetime, *, days: float = 7, seed: int = 1, **changes: Any) -> Scenario:
    """Ordinary, over-dispersed traffic; every third night of one brand truly quiet. Nothing may fire."""
    end = start + timedelta(days=days)
    brands: tuple[Brand, ...] = changes.get("brands", BRANDS)
    nights = _nights(start, end)[2::3]
    quiet = tuple(QuietNight(brand=brands[0].name, start=night) for night in nights)
    return Scenario(seed=seed, start=start, end=end, **{"incidents": quiet, **changes})


def _nights(start: datetime, end: datetime) -> list[datetime]:
    """01:00 local time of each night wholly between ``start`` and ``end``."""
    first = start.astimezone(ZONE).replace(hour=1, minute=0, second=0, microsecond=0)
    nights = (first + timedelta(days=number) for number in range((end - start).days + 2))
    return [night for night in nights if start <= night and night + timedelta(hours=5) <= end]


def steady(start: datetime, *, days: float = 30, seed: int = 1, **changes: Any) -> Scenario:
    """One brand, 500 a day with the rhythm of hours but not of weekdays, negative share from 0.19 to 0.32."""
    world = {
        "brands": (BRANDS[4],),
        "weekly": False,
        "noise": 0.0,
        "dispersion": 0.0,
        "drift": Drift(first=0.19, last=0.32),
    }
    return Scenario(seed=seed, start=start, end=start + timedelta(days=days), **{**world, **changes})


def storm(start: datetime, *, count: int = 200_000, seed: int = 1, **changes: Any) -> Scenario:
    """For soak: ``count`` distinct mentions at 20 a second, 5 % of them sent again and 5 % late within the lateness.

    Volume and tone of one brand each go wrong in the second half, so that there are incidents to compare.
    """
    seconds = max(60.0, count / STORM_RATE)
    brands: tuple[Brand, ...] = changes.get("brands", BRANDS)
    part = timedelta(seconds=seconds / 8)
    world = {
        "rate": STORM_RATE * DAY / len(brands),
        "hourly": False,
        "weekly": False,
        "noise": 0.0,
        "dispersion": 0.05,
        "disorder": Disorder(repeats=0.05, late=0.05),
        "limit": count,
        "incidents": (
            SuddenSurge(brand=brands[0].name, start=start + 5 * part, minutes=part / timedelta(minutes=1), factor=3),
            SentimentShift(brand=brands[-1].name, start=start + 6 * part, minutes=part / timedelta(minutes=1)),
        ),
    }
    return Scenario(seed=seed, start=start, end=start + timedelta(seconds=1.1 * seconds), **{**world, **changes})


def everything(start: datetime, *, days: float = 35, seed: int = 1, **changes: Any) -> Scenario:
    """Every kind of incident at least once, after four fifths of the span as history (at least three days in all)."""
    if days < 3:
        raise ValueError("everything needs at least 3 days")
    end = start + timedelta(days=days)
    day = end - timedelta(days=max(2.0, days / 5))

    def at(days_in: float, hours: float) -> datetime:
        return day + timedelta(days=days_in, hours=hours)

    planted = (
        *_demo_incidents(day),
        QuietNight(brand="青禾银行", start=_nights(day, end)[-1]),
        SuddenSurge(brand="青禾银行", start=at(1, 4), minutes=90, factor=5, category="policy", channel="weibo"),
        SentimentShift(brand="云杉航空", start=at(1, 6), minutes=480, share=0.6),
        CollectionStarts(brand="快鹿外卖", channel="twitter", start=at(1, 10)),
    )
    return Scenario(seed=seed, start=start, end=end, **{"incidents": _about(planted, changes), **changes})


PRESETS: MappingProxyType[str, Callable[..., Scenario]] = MappingProxyType(
    {"demo": demo, "calm": calm, "steady": steady, "storm": storm, "everything": everything}
)
