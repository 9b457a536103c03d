"""``python -m bench``: what Fenghuo can take, and what the time goes into. ``docs/performance.md`` tells what came out.

    make bench                                all of it, about ten minutes
    make bench ARGS="core"                    the counting core, beside bytewax if that is installed
    make bench ARGS="worker --mentions 300000 --size 500"

Parts: core, steps, worker, latency, memory. How busy the machine was stands beside every figure.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench import latency, memory, rival, steps, throughput, worker
from bench.servers import Servers, machine, servers
from contracts.errors import FenghuoError

PARTS = ("core", "steps", "worker", "latency", "memory")
console = Console(highlight=False)


def main(words: Sequence[str] | None = None) -> int:
    """Run the chosen parts; 0, or 1 with a sentence when a server can not be started."""
    asked = _asked(words)
    console.print(f"Machine: {machine()}.")
    try:
        if set(asked.parts) - {"memory"}:
            with servers() as running:
                for part in asked.parts:
                    _part(part, running, asked)
        if "memory" in asked.parts:
            _memory(asked)
    except FenghuoError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    console.print(f"Machine: {machine()}.")
    return 0


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="what to measure; everything if left out")
    parser.add_argument("--mentions", type=int, default=1_000_000, help="put into the topic for a worker")
    parser.add_argument("--core-mentions", type=int, default=60_000, help="for each round of the core")
    parser.add_argument("--rounds", type=int, default=5, help="of the core")
    parser.add_argument("--size", type=int, default=100, help="mentions in one message, at most 500")
    parser.add_argument("--rate", type=int, default=2_000, help="mentions a second, for latency")
    parser.add_argument("--seconds", type=int, default=90, help="of latency")
    parser.add_argument("--workers", type=int, default=2, help="of latency")
    parser.add_argument("--brands", type=int, nargs=2, default=(2, 22), help="few and many, for memory")
    asked = parser.parse_args(words)
    asked.parts = asked.parts or list(PARTS)
    return asked


def _part(part: str, running: Servers, asked: argparse.Namespace) -> None:
    if part == "core":
        _core(running, asked)
    elif part == "steps":
        _steps(running)
    elif part == "worker":
        _worker(running, asked)
    elif part == "latency":
        _latency(running, asked)


def _core(running: Servers, asked: argparse.Namespace) -> None:
    table = _table(f"Counting core, arrays of {asked.size}, median of {asked.rounds} rounds")
    for name in ("way", "mentions/s", "mentions/processor second", "of bytewax in arrays"):
        table.add_column(name, justify="left" if name == "way" else "right")
    for one in throughput.measure(asked.core_mentions, asked.size, asked.rounds, running.valkey.url):
        share = "" if one.against_bytewax is None else f"{one.against_bytewax:.2f}"
        table.add_row(one.name, f"{one.per_second:,.0f}", f"{one.per_cpu_second:,.0f}", share)
    console.print(table)
    if not rival.available():
        console.print("bytewax is not installed, so nothing is compared; `pip install bytewax==0.21.1` brings it.")


def _steps(running: Servers) -> None:
    table = _table("What the time goes into, quickest of many runs")
    table.add_column("step")
    table.add_column("µs a mention", justify="right")
    for name, value in steps.measure(running.valkey.url).items():
        table.add_row(name, f"{value:.2f}")
    console.print(table)


def _worker(running: Servers, asked: argparse.Namespace) -> None:
    table = _table(f"One worker, {asked.mentions:,} mentions in Kafka, arrays of {asked.size}")
    for name in ("reader", "mentions/s", "mentions/processor second", "memory MB"):
        table.add_column(name, justify="left" if name == "reader" else "right")
    rates = worker.measure(running, count=asked.mentions, size=asked.size, readers=("thirty-words", "lexicon"))
    for one in asyncio.run(rates):
        table.add_row(one.reader, f"{one.per_second:,.0f}", f"{one.per_cpu_second:,.0f}", f"{one.memory_mb:.0f}")
    console.print(table)


def _latency(running: Servers, asked: argparse.Namespace) -> None:
    found = asyncio.run(latency.measure(running, seconds=asked.seconds, workers=asked.workers, rate=asked.rate))
    table = _table(
        f"HTTP to webhook at {found.per_second:,.0f} mentions/s: {found.heard} of {found.bursts} bursts told"
    )
    for name in ("seconds", "p50", "p95", "p99", "longest"):
        table.add_column(name, justify="left" if name == "seconds" else "right")
    table.add_row(f"first mention to webhook (bound {latency.BOUND:.0f})", *_seconds(found.first))
    table.add_row("end of the pane to webhook", *_seconds(found.end))
    table.add_row("one request of fifty mentions", *_seconds(found.request))
    console.print(table)
    console.print("median seconds after the end of the pane: " + _pairs(found.steps))
    console.print("processor seconds a second: " + _pairs(found.busy))


def _memory(asked: argparse.Namespace) -> None:
    few, many = memory.measure(*asked.brands)
    console.print(
        f"Memory: {few.memory_mb:.0f} MB with {few.series} series, {many.memory_mb:.0f} MB with {many.series}; "
        f"{memory.per_series_kb(few, many):.1f} kB a series (bound {memory.BOUND_MB:.0f} MB and "
        f"{memory.BOUND_KB:.0f} kB a series)."
    )


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left")


def _seconds(values: Sequence[float]) -> list[str]:
    return [f"{value:.2f}" for value in values]


def _pairs(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in values.items())


if __name__ == "__main__":
    sys.exit(main())
