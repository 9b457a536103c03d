"""Free space, asked before the start and while it runs: one sentence instead of a broken log."""

from __future__ import annotations

import shutil
from pathlib import Path

from contracts.errors import OutOfSpace

GB = 1_000_000_000
NEEDED = 2 * GB
"""Jars, a day of records, logs and snapshots, with room to spare."""


def free(path: Path) -> int:
    """Free bytes on the disk of ``path``, or of the nearest folder above it that exists."""
    place = path.absolute()
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def check(path: Path, needed: int = NEEDED) -> None:
    """Raise OutOfSpace when the disk of ``path`` has less than ``needed`` bytes free."""
    have = free(path)
    if have < needed:
        raise OutOfSpace(
            f"The disk of {path} has {have / GB:.1f} GB free, but the local stack wants {needed / GB:.1f} GB."
            " Free some space, or name another folder with --var."
        )
