"""Draws the README's picture: the screen of a real replay of a simulated month, as SVG.

    python -m tools.picture

Simulates 28 ordinary days and one with planted incidents (seeded, so the same every time), replays them, and keeps what
`fenghuo replay` prints. Takes a minute or two; run it when what the replay prints has changed.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text
from typer.testing import CliRunner

from fenghuo.cli import app
from tools.docs import ROOT

PICTURE = ROOT / "docs" / "images" / "replay.svg"
COLUMNS = 132
START = "2026-10-05T08:00:00+08:00"
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Fetched from elsewhere by whoever looks; the picture does without."""


def screen(folder: Path) -> str:
    """What the replay prints, with its colours."""
    runner = CliRunner()
    file, out = folder / "demo.ndjson", folder / "out"
    made = runner.invoke(app, ["simulate", "--preset", "demo", "--start", START, "--out", str(file)])
    if made.exit_code:
        raise SystemExit(made.output)
    colours = {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    played = runner.invoke(app, ["replay", str(file), "--out", str(out)], env=colours, color=True)
    if played.exit_code:
        raise SystemExit(played.output)
    return played.stdout.replace(str(out), "out")


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        shown = screen(Path(folder))
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, highlight=False)
        console.print("$ fenghuo replay demo.ndjson --out out", style="bold")
        console.print(Text.from_ansi(shown.strip()))
        picture = console.export_svg(title="fenghuo replay", unique_id="replay")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    plain = FONTS.sub("", picture)
    PICTURE.write_text("\n".join(line.rstrip() for line in plain.splitlines()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
