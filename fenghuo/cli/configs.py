"""Where the settings lie."""

from __future__ import annotations

from pathlib import Path

import fenghuo
from fenghuo.settings import Runtime


def config_folder(given: Path | None, runtime: Runtime) -> Path:
    """``--config`` if given, else ``FENGHUO_CONFIG``, else ``config`` here, else the one beside the code."""
    if given is not None:
        return given
    if runtime.config.is_dir() or "config" in runtime.model_fields_set:
        return runtime.config
    beside = Path(fenghuo.__file__).resolve().parents[1] / "config"
    return beside if beside.is_dir() else runtime.config
