"""Scores kept beside the series they were made from, so that thresholds and allowances can be decided again at once.

A file holds what stood out of one series under one set of volume settings; its name is a hash of both, so a changed
series or changed settings are judged anew and nothing old is ever taken for it.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import orjson

from contracts.errors import InvalidFile
from contracts.records import State
from detectors.offline import Finding, findings
from detectors.protocol import Reason, Score
from detectors.settings import DetectSettings
from fenghuo.tuning.cases import Case

_VERSION = 1


def kept(case: Case, settings: DetectSettings, folder: Path, told: Callable[[int], None]) -> list[Finding]:
    """What stands out of ``case``: read from ``folder``, or judged now and kept there; ``told`` hears of rows done."""
    path = folder / f"{case.name}-{_name(case, settings)}.ndjson.gz"
    if path.exists():
        found = _load(path)
        if found is not None:
            return found
    found = list(findings(case.series.times, case.series.values, settings=settings, progress=told))
    _save(path, found)
    return found


def _name(case: Case, settings: DetectSettings) -> str:
    what = hashlib.blake2b(digest_size=8)
    what.update(f"{_VERSION} {settings.zone} {settings.volume.model_dump_json()}".encode())
    what.update(case.path.read_bytes())
    return what.hexdigest()


def _load(path: Path) -> list[Finding] | None:
    """What a file holds; ``None`` when it is damaged, and then it is made anew."""
    try:
        with gzip.open(path, "rb") as file:
            return [_finding(orjson.loads(line)) for line in file]
    except (OSError, EOFError, ValueError, TypeError, LookupError):
        return None


def _finding(row: list[object]) -> Finding:
    at, kind, score, expected = row
    if not isinstance(at, str) or not isinstance(score, list) or not isinstance(expected, float):
        raise ValueError("not a row of stored scores")
    made = Score(*score)
    return Finding(
        datetime.fromisoformat(at),
        str(kind),
        made._replace(state=State(made.state), reason=Reason(made.reason)),
        expected,
    )


def _save(path: Path, found: list[Finding]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(path, "wb", compresslevel=5) as file:
            for one in found:
                row = [one.at.isoformat(), one.kind, list(one.score), float(one.expected)]
                file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    except OSError as error:
        raise InvalidFile(str(path), f"cannot be written ({error.strerror}); choose another --keep") from error
