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


def open_kept(settings: StoreSettings, clock: Clock, member: str) -> SeriesStore:
    """As :func:`open_store`, for one who writes all the time: an InfluxDB with hours, retention and vitals.

    ``member`` names the writer. What comes back then also draws dead letters (:class:`dashboards.vitals.Drawing`).
    """
    store = open_store(settings, clock)
    if settings.kind != "influx":
        return store
    from dashboards.upkeep import kept

    return kept(store, settings, clock, member)
