"""Columns of numbers in a file of their own, whole or not at all: what tuning keeps for the next time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from contracts.errors import InvalidFile

Columns = dict[str, npt.NDArray[Any]]
_VERSION = 2


def content(path: Path) -> str:
    """A name for what ``path`` holds; raises :class:`~contracts.errors.InvalidFile`."""
    what = hashlib.blake2b(digest_size=8)
    try:
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                what.update(part)
    except OSError as error:
        raise InvalidFile(str(path), f"cannot be read ({error.strerror})") from error
    return what.hexdigest()


def place(folder: Path, name: str, held: str, more: str) -> Path:
    """Where what is made of a file holding ``held`` and of ``more`` is kept."""
    made = hashlib.blake2b(f"{_VERSION} {held} {more}".encode(), digest_size=8).hexdigest()
    return folder / f"{name}-{made}.npz"


def load(path: Path) -> Columns | None:
    """What ``path`` holds; ``None`` when there is no such file or it is damaged, and then it is made anew."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, EOFError, ValueError, BadZipFile):
        return None


def save(path: Path, columns: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write ``columns`` to ``path``; raises :class:`~contracts.errors.InvalidFile`."""
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            np.savez(file, allow_pickle=False, **columns)
        os.replace(fresh, path)
    except OSError as error:
        raise InvalidFile(str(path), f"cannot be written ({error.strerror}); choose another --keep") from error
