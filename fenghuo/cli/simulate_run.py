"""What ``fenghuo simulate`` does: the scenario that its options describe, where it goes, and playing it.

Apart from the command itself, because the simulator takes most of a second to import and every command imports that.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from contracts.clock import Clock
from contracts.errors import Invalid
from contracts.plain import first_of
from fenghuo.cli.simulate import OpenKafka, Preset
from fenghuo.simulator.calendar import ZONE, from_ms, to_ms
from fenghuo.simulator.cases import case_events
from fenghuo.simulator.http import HttpSink, read_tokens
from fenghuo.simulator.play import BATCH, play
from fenghuo.simulator.presets import HISTORY_DAYS, PRESETS
from fenghuo.simulator.scenario import Scenario
from fenghuo.simulator.simulation import Simulation
from fenghuo.simulator.sinks import FileSink, KafkaSink, Sink, ndjson
from fenghuo.simulator.world import brand_named

DEFAULT_START = datetime(2026, 1, 5, tzinfo=ZONE)
"""A Monday; a fixed one, so that the same command gives the same bytes on any day."""
FILE_BATCH = 2_000


def scenario_for(
    preset: Preset, seed: int, days: float | None, start: str | None, brands: str | None, rate: float | None,
    count: int | None, labels: bool, clock: Clock,
) -> Scenario:  # fmt: skip
    """The scenario that the options describe; raises Invalid with what to change."""
    changes: dict[str, Any] = {"labels": labels}
    if brands is not None:
        changes["brands"] = tuple(brand_named(name.strip()) for name in brands.split(",") if name.strip())
        if not changes["brands"]:
            raise Invalid("--brands names no brand; write them like --brands 云杉航空,青禾银行")
    if rate is not None:
        changes["rate"] = rate
    if days is not None and preset in (Preset.DEMO, Preset.STORM):
        raise Invalid(f"--days does not go with {preset}: demo always lasts 29 days, storm as long as --count needs")
    if days is not None:
        changes["days"] = days
    if count is not None:
        changes["count" if preset is Preset.STORM else "limit"] = count
    first = _start(start)
    if preset is Preset.DEMO:
        first = clock.now() if first is None else first + timedelta(days=HISTORY_DAYS + 1)
    try:
        return PRESETS[preset](first or DEFAULT_START, seed=seed, **changes)
    except (ValidationError, ValueError, OverflowError) as error:
        raise Invalid(f"these options make no scenario: {_plain(error)}") from None


def _start(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"--start {text} is no time; write it like 2026-01-05T00:00:00+08:00") from None
    return when.replace(tzinfo=ZONE) if when.tzinfo is None else when


def _plain(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return first_of(error)
    return str(error)


def opened(
    simulation: Simulation, out: Path | None, http: str | None, token_file: Path | None, kafka: str | None,
    open_kafka: OpenKafka | None, stack: ExitStack,
) -> Sink:  # fmt: skip
    """The one place to send to."""
    if sum(one is not None for one in (out, http, kafka)) != 1:
        raise Invalid("say where to: exactly one of --out FILE, --http URL, --kafka TOPIC")
    if out is not None:
        return stack.enter_context(closing(FileSink(out)))
    if http is not None:
        if token_file is None:
            raise Invalid("--http needs --token-file with a token that intake knows")
        return stack.enter_context(closing(HttpSink(http, read_tokens(token_file), simulation.alive)))
    if open_kafka is None or kafka is None:
        raise Invalid("--kafka needs a running Kafka, and this command was started without one; use --out or --http")
    return KafkaSink(kafka, stack.enter_context(open_kafka()))


def played(simulation: Simulation, sink: Sink, clock: Clock, speed: float, console: Console) -> None:
    """Play the simulation into the sink, with a bar; exit code 1 if intake refused some."""
    scenario = simulation.scenario
    first, last = to_ms(scenario.start), to_ms(scenario.end)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("simulating", total=last - first)

        def told(ms: int, sent: int) -> None:
            bar.update(task, completed=ms - first, description=f"{from_ms(ms):%Y-%m-%d %H:%M} {sent:,} mentions")

        sent = play(
            simulation, sink, clock, speed=speed, batch=FILE_BATCH if isinstance(sink, FileSink) else BATCH, told=told
        )
    refused = sink.refused if isinstance(sink, HttpSink) else 0
    tail = f", {refused:,} of them refused by intake" if refused else ""
    console.print(f"{sent:,} mentions sent{tail}; {len(simulation.truths)} incidents planted")
    if refused:
        raise typer.Exit(1)


def write_cases(scenario: Scenario, path: Path) -> None:
    """The case events of a scenario, one a line."""
    with path.open("wb") as file:
        for event in case_events(scenario):
            file.write(ndjson([(0, event)]))
