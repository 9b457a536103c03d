"""A worker process: the Faust app with its stages, until a signal or a loss ends it."""

from __future__ import annotations

import logging
import sys
from typing import Any

import faust
from faust.types import TP

from fenghuo.collecting import collect_rarely
from fenghuo.settings import Config, Runtime
from fenghuo.shell import StageShell
from fenghuo.stages import STAGES
from fenghuo.wiring import WorkerParts, make_worker, topic_name

SWITCH = 0.001
"""Seconds after which a thread that judges lets the event loop go on, a fifth of what Python does by itself: a message
on its way from a signal to a person crosses the loop many times."""


def run_worker(runtime: Runtime, config: Config, chosen: tuple[str, ...] = STAGES) -> None:
    """Run until SIGTERM or SIGINT; never returns otherwise. The supervisor starts it again after a loss."""
    logging.basicConfig(level=runtime.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.captureWarnings(True)
    (runtime.var / "faust").mkdir(parents=True, exist_ok=True)
    parts = make_worker(runtime, config, chosen)
    _hand_over_when_revoked(parts, runtime)
    collect_rarely()
    sys.setswitchinterval(SWITCH)
    worker = faust.Worker(
        parts.app,
        loglevel=runtime.log_level,
        override_logging=False,
        redirect_stdouts=False,
        quiet=True,
        debug=False,
    )
    worker.execute_from_commandline()


def _hand_over_when_revoked(parts: WorkerParts, runtime: Runtime) -> None:
    def of(shell: StageShell, partitions: set[TP]) -> list[int]:
        return sorted(tp.partition for tp in partitions if tp.topic == topic_name(runtime, shell.stage.topic))

    async def revoked(app: Any, partitions: set[TP], *_: Any, **__: Any) -> None:
        for shell in parts.shells:
            mine = of(shell, partitions)
            if mine:
                await shell.hand_over(mine)

    async def assigned(app: Any, partitions: set[TP], *_: Any, **__: Any) -> None:
        for shell in parts.shells:
            shell.assigned(of(shell, partitions))

    async def stopping(app: Any, *_: Any, **__: Any) -> None:
        for shell in parts.shells:
            await shell.hand_over(range(runtime.partitions))
        await parts.bus.stop()

    connect: tuple[tuple[Any, Any], ...] = (
        (parts.app.on_partitions_revoked, revoked),
        (parts.app.on_partitions_assigned, assigned),
        (parts.app.on_before_shutdown, stopping),
    )
    for hook, told in connect:
        hook.connect(told, weak=False)
