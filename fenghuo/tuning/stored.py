"""Scores kept for the next time, so that thresholds and allowances can be decided again at once.

A file holds what stood out of one series under one set of volume settings; its name is a hash of both, so a changed
series or changed settings are judged anew and nothing old is ever taken for it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from detectors.offline import findings
from detectors.redecide import Findings
from detectors.settings import DetectSettings
from fenghuo.tuning import columns
from fenghuo.tuning.cases import Case
from fenghuo.tuning.columns import Columns


def kept(case: Case, settings: DetectSettings, folder: Path, told: Callable[[int], None]) -> Findings:
    """What stands out of ``case``: as kept in ``folder``, or judged now and kept there; ``told`` hears of rows done."""
    path = columns.place(folder, case.name, case.content, judged_under(settings))
    found = _findings(columns.load(path))
    if found is None:
        found = Findings.of(findings(case.series.times, case.series.values, settings=settings, progress=told))
        columns.save(path, found.columns())
    return found


def judged_under(settings: DetectSettings) -> str:
    """All of the settings that scores depend on."""
    return f"{settings.zone} {settings.announced} {settings.volume.model_dump_json()}"


def _findings(found: Columns | None) -> Findings | None:
    if found is None or set(found) != set(Findings.__slots__) or len({one.shape for one in found.values()}) != 1:
        return None
    return Findings(**found)
