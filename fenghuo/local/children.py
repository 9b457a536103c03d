"""The commands of the stack's own children: one function each, so that what a process needs is said in one place."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import fenghuo
from contracts.errors import Unavailable
from fenghuo.local.process import Program
from fenghuo.local.stack import Stack
from fenghuo.settings import Runtime

log = logging.getLogger(__name__)
API_ONLY = "--api-only"
ROOT = Path(fenghuo.__file__).resolve().parents[1]


def settings(stack: Stack) -> dict[str, Any]:
    """The fields of :class:`fenghuo.settings.Runtime` for this stack."""
    return {
        "kafka": stack.bootstrap,
        "redis": stack.valkey().url,
        "prefix": stack.prefix,
        "partitions": stack.partitions,
        "config": str(stack.config.absolute()),
        "var": str(stack.var.absolute()),
        "store": {"path": str(stack.layout.store.absolute())},
        "key": stack.secrets["key"],
        "url": Runtime().url or stack.console_url,
    }


def environment(stack: Stack) -> dict[str, str]:
    """The same as children read it from their environment; secrets never stand on a command line, where others can
    see them."""
    fields = {
        f"FENGHUO_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in settings(stack).items()
    }
    return {**fields, "FENGHUO_SIMULATOR_TOKEN": stack.secrets["intake"], "PYTHONUNBUFFERED": "1"}


def intake(stack: Stack) -> Program:
    """``fenghuo intake``."""
    return _fenghuo(stack, "intake", "intake", "--port", str(stack.port), "--no-heartbeat")


def worker(stack: Stack, number: int) -> Program:
    """``fenghuo worker``, one of several. Its name makes it a static member: started again at once after a death, it
    gets its partitions back without a rebalance."""
    name = f"worker-{number}"
    program = _fenghuo(stack, name, "worker")
    return replace(program, env={**program.env, "FENGHUO_MEMBER": name})


def watchdog(stack: Stack) -> Program | None:
    """``fenghuo watchdog``, where somebody outside is named who hears it."""
    return _fenghuo(stack, "watchdog", "watchdog") if Runtime().deadman.wanted else None


def console(stack: Stack) -> Program | None:
    """``fenghuo console``; without pages where what browsers need cannot be fetched. Fetching may take a while."""
    from dashboards.console.libraries import fetch

    only: tuple[str, ...] = ()
    try:
        fetch(stack.var / "console")
    except Unavailable as error:
        log.warning("%s", error)
        only = (API_ONLY,)
    return _fenghuo(stack, "console", "console", "--port", str(stack.port + 1), *only)


def import_history(stack: Stack, file: Path) -> Program:
    """``fenghuo import-history``: ends when the file is in Kafka."""
    return _fenghuo(stack, "import-history", "import-history", str(file.absolute()))


def _fenghuo(stack: Stack, name: str, *arguments: str) -> Program:
    argv = (sys.executable, "-m", "fenghuo", *arguments)
    return Program(name, argv, (stack.layout.logs / f"{name}.log").absolute(), environment(stack), ROOT)


@dataclass(frozen=True, slots=True)
class Children:
    """The table that ``up`` works by; tests hand in their own."""

    intake: Callable[[Stack], Program] = intake
    worker: Callable[[Stack, int], Program] = worker
    import_history: Callable[[Stack, Path], Program] = import_history
    watchdog: Callable[[Stack], Program | None] = watchdog
    console: Callable[[Stack], Program | None] = console
