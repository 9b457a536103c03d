"""A seeded world of brands and people whose incidents are known: `Scenario` in, raw records and truths out."""

from __future__ import annotations

from fenghuo.simulator.cases import case_events
from fenghuo.simulator.presets import PRESETS, calm, demo, everything, steady, storm
from fenghuo.simulator.scenario import Disorder, Drift, Scenario
from fenghuo.simulator.simulation import Simulation, live, records
from fenghuo.simulator.world import BRANDS, CHANNELS, Brand, Channel, brand_named

__all__ = [
    "BRANDS",
    "CHANNELS",
    "PRESETS",
    "Brand",
    "Channel",
    "Disorder",
    "Drift",
    "Scenario",
    "Simulation",
    "brand_named",
    "calm",
    "case_events",
    "demo",
    "everything",
    "live",
    "records",
    "steady",
    "storm",
]
