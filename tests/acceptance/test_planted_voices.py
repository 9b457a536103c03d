"""What the simulator plants in single voices is found by a replay of its file, at the right tier; nothing else is."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from contracts.clock import SystemClock
from contracts.records import IncidentEvent, SignalKind, Tier
from fenghuo.cli.filework import load_files, options_from
from fenghuo.readers import make_reader
from fenghuo.replay import replay
from fenghuo.settings import Runtime, load_config
from fenghuo.simulator.calendar import ZONE
from fenghuo.simulator.incidents import FuriousCase, Incident, RepeatComplainant, WeightyVoice
from fenghuo.simulator.play import play
from fenghuo.simulator.presets import calm
from fenghuo.simulator.simulation import Simulation
from fenghuo.simulator.sinks import FileSink
from fenghuo.simulator.world import BRANDS

CONFIG = Path(__file__).parents[2] / "config"
START = datetime(2026, 1, 5, tzinfo=ZONE)
NAMES = tuple(brand.name for brand in BRANDS[:3])
PLANTED: dict[SignalKind, Incident] = {
    SignalKind.VOICE_WEIGHTY: WeightyVoice(brand=NAMES[0], start=START + timedelta(days=4, hours=10)),
    SignalKind.REPEAT: RepeatComplainant(brand=NAMES[1], start=START + timedelta(days=4, hours=9), minutes=360),
    SignalKind.CASE_LIGHT: FuriousCase(brand=NAMES[2], start=START + timedelta(days=4, hours=9), minutes=180),
}
KINDS = (*PLANTED, SignalKind.TOPIC_EMERGING, SignalKind.EMOTION_RED)


@cache
def events() -> tuple[IncidentEvent, ...]:
    """Five ordinary days of three small brands, each with one thing planted, through the whole pipeline."""
    scenario = calm(START, days=5, brands=BRANDS[:3], rate=60.0, incidents=tuple(PLANTED.values()))
    config = load_config(CONFIG)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stream.ndjson"
        sink = FileSink(path)
        play(Simulation(scenario), sink, SystemClock())
        sink.close()
        runtime = Runtime()
        loaded = load_files([path], options_from(None, None, "auto", None, None), config, runtime, SystemClock())
        reader = make_reader(runtime.reader, config.taxonomy, config.subjects)
        found = asyncio.run(replay(loaded.rows, loaded.source, config, reader))
    return tuple(one for one in found.events if one.kind in KINDS and one.event in ("opened", "promoted", "reopened"))


def told(brand: str) -> list[IncidentEvent]:
    return [one for one in events() if one.brand == brand]


def test_a_report_by_a_state_medium_is_told_within_a_minute() -> None:
    (event,) = told(NAMES[0])
    planted = PLANTED[SignalKind.VOICE_WEIGHTY]
    assert event.kind is SignalKind.VOICE_WEIGHTY
    assert event.tier is Tier.ORANGE
    assert planted.start <= event.at <= planted.start + timedelta(minutes=1)
    assert event.detail.labels["author_class"] == "state_media"
    assert event.detail.voices


@pytest.mark.parametrize(("brand", "by"), [(NAMES[1], "author"), (NAMES[2], "case")])
def test_whoever_comes_back_a_third_time_is_told_at_blue(brand: str, by: str) -> None:
    first = told(brand)[0]
    assert (first.kind, first.tier, first.observed) == (SignalKind.REPEAT, Tier.BLUE, 3)
    assert first.detail.labels["by"] == by
    assert len(first.detail.voices) == 3


def test_one_furious_case_climbs_to_red_before_its_last_message() -> None:
    found = [one for one in told(NAMES[2]) if one.kind is SignalKind.CASE_LIGHT]
    assert [one.tier for one in found] == [Tier.YELLOW, Tier.RED]
    assert [one.detail.labels["light"] for one in found] == ["burdens", "heat"]
    assert found[-1].at < PLANTED[SignalKind.CASE_LIGHT].end
    assert found[-1].detail.voices


def test_no_light_is_on_in_ordinary_conversations() -> None:
    assert {one.brand for one in events() if one.kind is SignalKind.CASE_LIGHT} == {NAMES[2]}
