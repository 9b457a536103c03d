"""The supervisor brings back what dies, gives up in words, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from contracts.errors import Unavailable
from fenghuo.local import pidfiles
from fenghuo.local.process import Process, Program
from fenghuo.local.restarts import Restarts
from fenghuo.local.supervisor import Supervisor

SLEEP = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
FORKS = (
    "import subprocess, sys, time;"
    "p = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(600)']);"
    "print(p.pid, flush=True); time.sleep(600)"
)


def python(tmp_path: Path, code: str, name: str = "child") -> Program:
    return Program(name, (sys.executable, "-S", "-c", code), tmp_path / f"{name}.log")


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


def spoke(program: Program) -> bool:
    return program.log.exists() and program.log.read_text().endswith("\n")


@pytest_asyncio.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    one = Supervisor(tmp_path / "run", rule=Restarts(limit=3))
    yield one
    await one.stop(0.2)


async def test_a_killed_child_is_started_again_and_it_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(tmp_path / "run", said.append)
    first = supervisor.start(python(tmp_path, SLEEP, "worker-1")).pid
    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.children["worker-1"].process.pid != first)
    assert said == ["worker-1 ended (killed by signal 9) and is started again."]
    await supervisor.stop(0.2)


async def test_after_some_quick_deaths_it_gives_up_with_one_sentence(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.start(python(tmp_path, "print('no settings found'); raise SystemExit(3)", "intake"))
    async with asyncio.timeout(20):
        with pytest.raises(Unavailable, match=r"intake died 3 times in a row \(exit code 3: no settings found\)"):
            await supervisor.failed()


async def test_a_child_that_ignores_sigterm_is_killed_after_the_grace(tmp_path: Path, supervisor: Supervisor) -> None:
    program = python(tmp_path, STUBBORN)
    process = supervisor.start(program)
    await until(lambda: spoke(program))
    await supervisor.stop(0.1)
    assert process.returncode() == -signal.SIGKILL


async def test_what_a_child_forked_goes_with_it(tmp_path: Path, supervisor: Supervisor) -> None:
    program = python(tmp_path, FORKS)
    supervisor.start(program)
    await until(lambda: spoke(program))
    grandchild = int(program.log.read_text())
    await supervisor.stop(1)
    assert pidfiles.wait_gone(grandchild, 5.0)


async def test_stop_removes_the_pid_files_and_ends_kinds_in_reverse(tmp_path: Path, supervisor: Supervisor) -> None:
    for name in ("Kafka", "worker-1", "worker-2"):
        supervisor.start(python(tmp_path, SLEEP, name))
    assert sorted(p.stem for p in (tmp_path / "run").glob("*.pid")) == ["Kafka", "worker-1", "worker-2"]
    await supervisor.stop(1)
    assert list((tmp_path / "run").iterdir()) == []
    await supervisor.stop(1)


async def test_a_program_that_does_not_exist_is_refused_in_words(tmp_path: Path, supervisor: Supervisor) -> None:
    with pytest.raises(Unavailable, match="intake could not be started: No such file or directory"):
        supervisor.start(Program("intake", (str(tmp_path / "missing"),), tmp_path / "log"))


def test_leftovers_of_a_crashed_run_are_ended_and_strangers_spared(tmp_path: Path) -> None:
    ours = Process(python(tmp_path, SLEEP, "worker-1"))
    stranger = Process(python(tmp_path, SLEEP, "stranger"))
    run = tmp_path / "run"
    pidfiles.write(run, "worker-1", ours.pid)
    pidfiles.write(run, "worker-2", stranger.pid)
    recycled = (run / "worker-2.pid").read_text().replace('"created": ', '"created": 1')
    (run / "worker-2.pid").write_text(recycled)
    (run / "worker-3.pid").write_text("{cut off")
    assert pidfiles.end_leftovers(run, 0.2) == ["worker-1"]
    assert not ours.alive() and stranger.alive()
    assert list(run.iterdir()) == []
    stranger.kill()


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    code = f"""
import sys, time
from pathlib import Path
from fenghuo.local.process import Process, Program
child = Process(Program("child", (sys.executable, "-S", "-c", {SLEEP!r}), Path({str(log)!r})))
print(child.pid, flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert psutil.pid_exists(child)
        parent.kill()
    assert pidfiles.wait_gone(child, 10.0)
