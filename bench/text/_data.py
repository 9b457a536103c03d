"""Where the real texts lie that some parts measure with; they are not shipped."""

from __future__ import annotations

import csv
import os
from pathlib import Path

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Where they lie if nothing is said."""


class NoData(Exception):
    """The folder of real texts is missing."""


def folder(given: str | None = None) -> Path:
    """The folder of real texts: ``given``, else ``FENGHUO_DATA``, else beside the repository; raises NoData."""
    found = Path(given or os.environ.get("FENGHUO_DATA") or BESIDE)
    if not found.is_dir():
        raise NoData("this part needs the folder of real texts: name it with --data or FENGHUO_DATA")
    return found


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, by column."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
