"""``fenghuo tune``: what other settings would have told, which settings are best, and writing them down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fenghuo.cli.exits import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detectors.settings import DetectSettings
    from fenghuo.tuning.cases import Case
    from fenghuo.tuning.compare import Compared, Kept
    from fenghuo.tuning.search import Proposal


@sentences
def tune(
    counts: Annotated[list[Path] | None, typer.Argument(help="CSV files with the columns timestamp and value.")] = None,
    labels: Annotated[Path | None, typer.Option(help='JSON: {"NAME": [[start, end], ...]} by file name.')] = None,
    change: Annotated[list[str] | None, typer.Option("--set", help="A changed setting: budget.per_week=1.")] = None,
    search: Annotated[int, typer.Option(min=0, help="Trials for each series left out; 0 searches nothing.")] = 0,
    false_cost: Annotated[
        float, typer.Option(min=0.001, max=10, help="What a false warning costs, a missed window being 1.")
    ] = 0.1,
    out: Annotated[Path, typer.Option(help="The page with drawings.")] = Path("tune.html"),
    keep: Annotated[Path, typer.Option(help="Folder where scores are kept for the next time.")] = Path("var/scores"),
    config: Annotated[Path | None, typer.Option(help="Folder with detectors.yaml.")] = None,
    shadow: Annotated[
        int | None, typer.Option("--shadow", min=1, max=3650, help="Compare with the settings on trial: last days.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the changed settings into detectors.yaml.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last written change back.")] = False,
    why: Annotated[str, typer.Option(help="Why they are changed; kept with the change.")] = "",
    by: Annotated[str | None, typer.Option("--by", help="Who changes them; by default your login name.")] = None,
) -> None:
    """Compare settings on past series of counts: warnings gained and lost, precision, recall, delay, false alarms.

    Scores are judged once and kept; thresholds, repeats and allowances are decided again from them at once. Changed
    volume settings are judged anew. With labels, --search looks for the settings that cost least and says what they are
    worth on series that were left out. --shadow needs no file: it compares, over the last so many days of the series
    store, what was told with what the settings on trial (shadow in detectors.yaml) would have told.

    Example: [bold]fenghuo tune a.csv b.csv --labels windows.json --set budget.per_week=1 --out tune.html[/bold]
    """
    from contracts.errors import InvalidSettings
    from fenghuo.cli.configs import config_folder
    from fenghuo.cli.tune_trial import on_trial
    from fenghuo.settings import Runtime, load_config
    from fenghuo.tuning.cases import read_cases
    from fenghuo.tuning.changes import changed, parsed
    from fenghuo.tuning.stored import judged_under

    folder = config_folder(config, Runtime())
    if undo:
        _undo(folder, why, by)
        return
    if shadow is not None:
        on_trial(Runtime().store, shadow)
        return
    if not counts:
        raise InvalidSettings("argument COUNTS", "name at least one CSV file with the columns timestamp and value")
    settings = load_config(folder).detect
    cases = read_cases(counts, labels, keep)
    values = parsed(change or [])
    other = changed(settings, values)
    before = _judged(cases, settings, keep)
    after = before if judged_under(other) == judged_under(settings) else _judged(cases, other, keep)
    proposal = _searched(cases, after, other, search, false_cost) if search else None
    if proposal is not None:
        values |= {f"budget.{name}": value for name, value in proposal.values.items()}
        other = changed(settings, values)
    _report(cases, (before, settings), (after, other), values, proposal, out)
    if apply:
        _apply(folder, values, why, by)


def _judged(cases: Sequence[Case], settings: DetectSettings, keep: Path) -> Kept:
    from fenghuo.cli.progress import bar
    from fenghuo.tuning.stored import kept

    found = {}
    rows = sum(len(case.series.times) for case in cases)
    with bar("judging", rows) as told:
        done = 0
        for case in cases:
            start = done
            found[case.name] = kept(case, settings, keep, lambda row, start=start: told(start + row))  # type: ignore[misc]
            done += len(case.series.times)
            told(done)
    return found


def _searched(cases: Sequence[Case], kept: Kept, settings: DetectSettings, trials: int, false: float) -> Proposal:
    from fenghuo.cli.progress import bar
    from fenghuo.tuning.search import search

    folds = sum(1 for case in cases if case.windows) + 1
    with bar("searching", folds * trials) as told:
        return search(cases, kept, settings.budget, trials=trials, false=false, told=told)


def _report(
    cases: Sequence[Case],
    before: tuple[Kept, DetectSettings],
    after: tuple[Kept, DetectSettings],
    values: dict[str, Any],
    proposal: Proposal | None,
    out: Path,
) -> None:
    from contracts.errors import InvalidFile
    from fenghuo.tuning.compare import compare
    from fenghuo.tuning.page import page

    compared = compare(cases, (before[0], before[1].budget), (after[0], after[1].budget))
    try:
        out.write_text(page(compared, values, proposal), encoding="utf-8")
    except OSError as error:
        raise InvalidFile(str(out), f"cannot be written ({error.strerror}); choose another --out") from error
    _show(compared, values, proposal, out)


def _show(compared: Sequence[Compared], values: dict[str, Any], proposal: Proposal | None, out: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    from fenghuo.tuning.measure import total
    from fenghuo.tuning.page import figures

    console = Console(highlight=False, soft_wrap=True)
    for case in (one.case for one in compared):
        for note in case.series.notes:
            Console(stderr=True, highlight=False).print(f"fenghuo: {case.name}: {note}")
    table = Table("series", "told", "/week", "right", "found", "delay", "false/week", "+", "−")
    for one in compared:
        table.add_row(one.case.name, *figures(one.now), str(len(one.gained)), str(len(one.lost)))
    table.add_section()
    table.add_row("as it is", *figures(total(one.was for one in compared)), "", "")
    table.add_row("changed", *figures(total(one.now for one in compared)), "", "")
    if proposal is not None:
        table.add_row("left out", *figures(proposal.unseen), "", "")
    console.print(table)
    if values:
        console.print("Changed: " + ", ".join(f"{name}={value}" for name, value in values.items()))
    console.print(f"Drawings: {out}")


def _apply(folder: Path, values: dict[str, Any], why: str, by: str | None) -> None:
    from contracts.errors import InvalidSettings

    if not values:
        raise InvalidSettings("option apply", "nothing is changed; give --set or --search")
    _said(_change(folder, why, by, values))


def _undo(folder: Path, why: str, by: str | None) -> None:
    _said(_change(folder, why, by, None))


def _change(folder: Path, why: str, by: str | None, values: dict[str, Any] | None) -> Any:
    from contracts.clock import SystemClock
    from fenghuo.cli.people import person
    from fenghuo.tuning import record

    author, now = person(by), SystemClock().now()
    if values is None:
        return record.undo(folder, author, why, now)
    return record.apply(folder, values, author, why, now)


def _said(made: Any) -> None:
    from rich.console import Console

    what = f"undoes {made.undoes}" if made.undoes is not None else f"{len(made.after)} settings"
    Console(highlight=False, soft_wrap=True).print(
        f"Change {made.number} written by {made.author} ({what}). Workers take it up when they are started again."
    )
