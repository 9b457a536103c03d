"""What commands over files share: options, loading several files as one source, the folder for results."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from contracts.clock import Clock
from contracts.errors import InvalidFile, InvalidSettings, OutOfSpace
from fenghuo.doors import REPLAY_KEY, file_tools
from fenghuo.settings import Config, Runtime
from streams.sources.files import FileOptions
from streams.sources.load import Loaded, load
from streams.sources.mapping import parse_map


def options_from(
    columns: Sequence[str] | None, tz: str | None, encoding: str, brand: str | None, channel: str | None
) -> FileOptions:
    """How to read the files of a command; raises InvalidSettings for a mapping that is none."""
    try:
        chosen = parse_map(columns or ())
    except ValueError as error:
        raise InvalidSettings("option map", str(error)) from None
    return FileOptions(columns=chosen, tz=tz, encoding=encoding, brand=brand, channel=channel)


def load_files(files: Sequence[Path], options: FileOptions, config: Config, runtime: Runtime, clock: Clock) -> Loaded:
    """All files as one source, sorted by time."""
    key = file_key(runtime)
    tools = file_tools(config, key)
    options = replace(options, key=key)
    now = clock.now()
    most = config.sources.intake.max_brands
    parts = [load(path, options, tools, at=now, max_brands=most) for path in files]
    if len(parts) == 1:
        return parts[0]
    folded: Counter[str] = Counter()
    for part in parts:
        folded.update(part.folded)
    return Loaded(
        parts[0].source,
        tuple(heapq.merge(*(part.rows for part in parts), key=lambda row: row.ts)),
        tuple(letter for part in parts for letter in part.letters),
        dict(folded),
        {field: column for part in parts for field, column in part.mapped.items()},
        tuple(sorted({name for part in parts for name in part.ignored})),
    )


def file_key(runtime: Runtime) -> bytes:
    """What hashes authors and cases of files: the installation's key, or one that is the same everywhere."""
    return runtime.secret_key() if runtime.key.get_secret_value() else REPLAY_KEY[:64]


def folder_for(out: Path) -> Path:
    """``out`` as a folder that exists; raises InvalidFile or OutOfSpace."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise InvalidFile(str(out), "is a file; --out takes a folder") from None
    except OSError as error:
        if error.errno == 28:
            raise OutOfSpace(f"no space left to make {out}") from error
        raise InvalidFile(str(out), f"cannot be made ({error.strerror}); choose another --out") from error
    return out
