"""``fenghuo simulate``: plays a preset of the simulator to a file, to intake over HTTP, or to a Kafka topic."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from contracts.clock import Clock, SystemClock
from contracts.errors import FenghuoError, Invalid
from fenghuo.cli.simulate_kafka import Send

OpenKafka = Callable[[], AbstractContextManager[Send]]
"""Opens a sender of Kafka messages; handed in by the command line, which knows the brokers."""


class Preset(StrEnum):
    """Ready scenarios."""

    DEMO = "demo"
    CALM = "calm"
    STEADY = "steady"
    STORM = "storm"
    EVERYTHING = "everything"


def simulate_command(open_kafka: OpenKafka | None = None, clock: Clock | None = None) -> Callable[..., None]:
    """The command function, with the Kafka sender it may use."""
    now = clock or SystemClock()

    def simulate(
        preset: Annotated[Preset, typer.Option(help="Which scenario.")] = Preset.CALM,
        seed: Annotated[int, typer.Option(min=0, help="Same seed and options, same bytes.")] = 1,
        days: Annotated[float | None, typer.Option(min=0.01, help="Length (calm 7, steady 30, everything 35).")] = None,
        start: Annotated[
            str | None, typer.Option(help="First instant, ISO with zone. Default 2026-01-05 +08:00; demo ends now.")
        ] = None,
        brands: Annotated[
            str | None, typer.Option(help="Names with commas between. Default: the five of config/.")
        ] = None,
        rate: Annotated[float | None, typer.Option(min=0.01, help="Mentions a day and brand, 500 by default.")] = None,
        count: Annotated[int | None, typer.Option(min=1, help="Distinct mentions; for storm 200000.")] = None,
        out: Annotated[Path | None, typer.Option(help="Write NDJSON here, and FILE.truth.json beside it.")] = None,
        http: Annotated[
            str | None, typer.Option(help="Address of an intake, for instance http://127.0.0.1:8710.")
        ] = None,
        token_file: Annotated[
            Path | None, typer.Option(help="One token, or a line sim-CHANNEL=TOKEN for each source.")
        ] = None,
        cases: Annotated[
            Path | None, typer.Option(help="Write the later life of complaints here too, for replay --cases.")
        ] = None,
        kafka: Annotated[str | None, typer.Option(help="A topic that intake's bridge reads.")] = None,
        speed: Annotated[float, typer.Option(min=0, help="Event time faster than life; 0 = as fast as possible.")] = 0,
        labels: Annotated[bool, typer.Option("--labels", help="Add the true sentiment, category and planted.")] = False,
    ) -> None:
        """Make a stream of complaints and mentions whose incidents are known."""
        from fenghuo.cli.simulate_run import opened, played, scenario_for, write_cases
        from fenghuo.simulator.simulation import Simulation

        console = Console(stderr=True)
        try:
            scenario = scenario_for(preset, seed, days, start, brands, rate, count, labels, now)
            simulation = Simulation(scenario)
            with ExitStack() as stack:
                sink = opened(simulation, out, http, token_file, kafka, open_kafka, stack)
                played(simulation, sink, now, speed, console)
            if cases is not None:
                write_cases(scenario, cases)
        except Invalid as error:
            _fail(console, str(error), 2)
        except FenghuoError as error:
            _fail(console, str(error), 1)
        except KeyboardInterrupt:
            _fail(console, "stopped before the end", 1)

    return simulate


def _fail(console: Console, message: str, code: int) -> NoReturn:
    console.print(message, style="red", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(code)
