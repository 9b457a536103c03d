"""Picks the series store by the settings."""

from __future__ import annotations

from contracts.clock import Clock
from contracts.ports import SeriesStore
from dashboards.settings import StoreSettings
from dashboards.store.memory import MemoryStore
from dashboards.store.sqlite import SqliteStore


def open_store(settings: StoreSettings, clock: Clock) -> SeriesStore:
    """The store that ``settings`` name; call its ``setup`` before anything else.

    >>> from contracts.clock import SystemClock
    >>> store = open_store(StoreSettings(kind="memory"), SystemClock())
    >>> store.setup(), store.series()
    (None, [])
    """
    if settings.kind == "memory":
        return MemoryStore()
    if settings.kind == "sqlite":
        return SqliteStore(settings)
    from dashboards.store.influx import InfluxStore  # half a second to import, and not needed without a server

    return InfluxStore(settings, clock)
