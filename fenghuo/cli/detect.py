"""``fenghuo detect``: one series of counts, its warnings; no options needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fenghuo.cli.exits import sentences

if TYPE_CHECKING:
    from detectors.redecide import Alarm
    from detectors.settings import DetectSettings
    from fenghuo.counts import CountSeries

_LONG = 50_000
"""Rows from which on a progress bar is worth its line."""


@sentences
def detect(
    counts: Annotated[Path, typer.Argument(help="CSV with the columns timestamp and value; .gz too.")],
    budget: Annotated[
        str | None, typer.Option(help="Warnings allowed, like 1/week, 2/day or 1/month; else as in detectors.yaml.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the warnings go; else they are only shown.")] = None,
    config: Annotated[Path | None, typer.Option(help="Folder with detectors.yaml.")] = None,
) -> None:
    """Find spikes, ramps and silences in one series of counts.

    The file holds one row a bucket, in order of time; all buckets have one length, which is found. Missing rows are
    buckets that were not watched. The result has a row for each warning: timestamp, kind, score (1 is the limit) and
    expected, what that bucket should have held.

    Example: [bold]fenghuo detect counts.csv --budget 1/week --out alarms.csv[/bold]
    """
    from contracts.workdays import lacking
    from detectors.settings import DetectSettings
    from fenghuo.cli.configs import config_folder
    from fenghuo.counts import per_week, read_counts
    from fenghuo.settings import Runtime, load_config

    allowed = None if budget is None else per_week(budget)
    series = read_counts(counts)
    folder = config_folder(config, Runtime())
    settings = load_config(folder).detect if config is not None or folder.is_dir() else DetectSettings()
    years = range(series.times[0].year, series.times[-1].year + 1)
    for year in lacking(years, settings.volume.country):
        series.notes.append(f"the holidays of {year} are not known yet; weekdays stand in")
    found = _found(series, settings, allowed)
    if out is not None:
        _write(series, found, out)
    _say(series, found, out)


def _found(series: CountSeries, settings: DetectSettings, allowed: float | None) -> list[Alarm]:
    from detectors.offline import alarms
    from fenghuo.cli.progress import bar

    if len(series.times) < _LONG:
        return alarms(series.times, series.values, settings=settings, per_week=allowed)
    with bar("judging", len(series.times)) as told:
        return alarms(series.times, series.values, settings=settings, per_week=allowed, progress=told)


def _write(series: CountSeries, found: list[Alarm], out: Path) -> None:
    import csv

    from contracts.errors import InvalidFile

    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("timestamp", "kind", "score", "expected"))
            for one in found:
                writer.writerow((series.times.written(one.at), one.kind, f"{one.score:.6g}", f"{one.expected:.6g}"))
    except OSError as error:
        raise InvalidFile(str(out), f"cannot be written ({error.strerror}); choose another --out") from error


def _say(series: CountSeries, found: list[Alarm], out: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for note in series.notes:
        Console(stderr=True).print(f"fenghuo: {note}", highlight=False)
    if out is None and found:
        table = Table("timestamp", "kind", "score", "expected")
        for one in found:
            table.add_row(series.times.written(one.at), one.kind, f"{one.score:.2f}", f"{one.expected:.2f}")
        console.print(table)
    where = f"; written to {out}" if out is not None else ""
    console.print(f"{len(found)} warnings in {len(series.times)} rows{where}", highlight=False, soft_wrap=True)
