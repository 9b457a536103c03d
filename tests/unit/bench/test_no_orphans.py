"""What a measurement starts ends with it, also when somebody ends the measurement itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil
import pytest

from tests.integration.stack import ROOT

MEASURES = """
import sys, time
from pathlib import Path
from tests.integration.stack import WorkerProcess
one = WorkerProcess("w", [sys.executable, "-S", "-c", "import time; time.sleep(600)"], {}, Path("/dev/null"))
one.start()
print(one.process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_its_processes_end_when_it_is_ended(by: signal.Signals) -> None:
    command = [sys.executable, "-c", MEASURES]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as measures:
        assert measures.stdout is not None
        worker = psutil.Process(int(measures.stdout.readline()))
        assert worker.is_running()
        os.kill(measures.pid, by)
        measures.wait(20)
    assert psutil.wait_procs([worker], timeout=20) == ([worker], [])
