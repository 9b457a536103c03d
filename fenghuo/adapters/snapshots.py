"""Snapshots as files in a folder that every worker can reach, each signed with the installation's key.

A snapshot is written beside its final name, flushed to the disk, then renamed: a kill leaves the old one or the
new one. Its reference holds its own hash, so that a late writer cannot replace what a commit names. A few older
ones are kept.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import os
import re
from pathlib import Path

from contracts.errors import InvalidSnapshot, OutOfSpace, Unavailable

KEEP = 4
_REFERENCE = re.compile(r"[0-9a-f]{24}")


class FileSnapshots:
    """Implements :class:`contracts.ports.SnapshotStore`.

    Parameters
    ----------
    folder
        Shared by all workers; made when missing.
    key
        Secret of this installation; a file signed with another key is not loaded.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key

    def save(self, name: str, payload: bytes) -> str:
        """Write durably; returns the reference to commit. Raises OutOfSpace or Unavailable."""
        signature = hmac.digest(self._key, name.encode() + b"\0" + payload, "sha256")
        reference = hashlib.blake2b(signature, digest_size=12).hexdigest()
        target = self._path(name, reference)
        draft = target.with_suffix(f".{os.getpid()}.draft")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(signature + payload)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        except OSError as error:
            draft.unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise OutOfSpace(f"no space left for the snapshot of {name} in {self._folder}") from error
            raise Unavailable(f"the snapshot of {name} cannot be written: {error.strerror}") from error
        self._sweep(name, keep=target)
        return reference

    def load(self, name: str, reference: str) -> bytes:
        """The payload, if it is there and genuine; raises InvalidSnapshot."""
        if not _REFERENCE.fullmatch(reference):
            raise InvalidSnapshot(f"{name}: the commit's reference is not one of ours")
        try:
            content = self._path(name, reference).read_bytes()
        except OSError as error:
            raise InvalidSnapshot(f"{name}: cannot be read ({error.strerror})") from error
        signature, payload = content[:32], content[32:]
        if not hmac.compare_digest(signature, hmac.digest(self._key, name.encode() + b"\0" + payload, "sha256")):
            raise InvalidSnapshot(f"{name}: the signature does not fit; it was changed, cut off, or is of another key")
        return payload

    def _path(self, name: str, reference: str) -> Path:
        return self._folder / f"{name}.{reference}.snapshot"

    def _sweep(self, name: str, keep: Path) -> None:
        found = []
        for path in self._folder.glob(f"{name}.*.snapshot"):
            try:
                found.append((path.stat().st_mtime_ns, path))
            except FileNotFoundError:
                continue  # another worker swept it
        for _, path in sorted(found, reverse=True)[KEEP:]:
            if path != keep:
                path.unlink(missing_ok=True)
