"""Generated passwords, keys and tokens of the local stack: one file each under ``var/secrets``, readable by the owner.

They are made at the first start and read again at the next, so that data written under a key stays readable.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from contracts.errors import InvalidSettings

NAMES = ("valkey", "intake", "key")
"""Valkey's password, the simulator's token at intake, the installation's key (``FENGHUO_KEY``)."""


def token(size: int = 32) -> str:
    """A fresh secret of ``size`` random bytes, as text that is safe in addresses.

    >>> len(token()) >= 43 and token() != token()
    True
    """
    return secrets.token_urlsafe(size)


def keep(folder: Path, name: str) -> str:
    """The secret ``name`` of ``folder``: made at the first call, the same ever after; raises InvalidSettings."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(token())
    return _read(path)


def keep_all(folder: Path) -> dict[str, str]:
    """All of :data:`NAMES`."""
    return {name: keep(folder, name) for name in NAMES}


def _read(path: Path) -> str:
    if path.stat().st_mode & 0o077:
        raise InvalidSettings(str(path), "others can read this secret; run chmod 600 on it, or delete it for a new one")
    text = path.read_text().strip()
    if len(text) < 32:
        raise InvalidSettings(str(path), "this secret is cut off; delete the file for a new one")
    return text
