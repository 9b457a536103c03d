"""``python -m bench.detection``: what the detectors find, what they cost in false alarms, beside the usual rules.

    python -m bench.detection                          everything
    python -m bench.detection nab planted              some parts
    python -m bench.detection budget --markdown FILE   the tables as Markdown
    python -m bench.detection --into docs/detection.md    each part's tables in their place of that page

Parts: nab, jitter, planted, budget, poison, small, steady, cost, redecide. Same seed, same figures, but for the last
two.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from rich.console import Console

from bench.detection import data
from bench.detection.show import Shown, document, into
from contracts.errors import FenghuoError

PARTS = ("nab", "jitter", "planted", "budget", "poison", "small", "steady", "cost", "redecide")
REAL = ("nab", "jitter")
"""Parts that are about real streams alone."""
console = Console(highlight=False)


def main(words: Sequence[str] | None = None) -> int:
    """Run the chosen parts; 0, or 1 with a sentence when something is missing."""
    asked = _asked(words)
    tables: list[Shown] = []
    for part in asked.parts or PARTS:
        if part in REAL and not (asked.data / "nab").is_dir():
            console.print(f"{part}: left out, {asked.data / 'nab'} is not here; say with --data where it is.")
            continue
        try:
            found = _part(part)(asked.data)
        except FenghuoError as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
        for one in found:
            one.print(console)
        tables += found
        if asked.into is not None:
            asked.into.write_text(into(asked.into.read_text("utf-8"), part, found), "utf-8")
    if asked.markdown is not None:
        asked.markdown.write_text(document(tables), encoding="utf-8")
    return 0


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.detection", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="what to measure; everything if left out")
    parser.add_argument("--data", type=Path, default=data.HERE, help="folder of the real streams")
    parser.add_argument("--markdown", type=Path, help="write the tables here as well")
    parser.add_argument("--into", type=Path, help="page whose marked tables are replaced")
    return parser.parse_args(words)


def _part(name: str) -> Callable[[Path], list[Shown]]:
    run: Callable[[Path], list[Shown]] = import_module(f"bench.detection.{name}").run
    return run


if __name__ == "__main__":
    sys.exit(main())
