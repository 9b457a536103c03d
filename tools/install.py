"""Makes `.venv` and brings it to exactly what a lock file says; run by make with any Python from 3.11 on.

Only the standard library is used here. uv does the work because it takes seconds where pip takes a minute; where uv
cannot be used, pip does the same. An index, certificate or link folder that pip was told of is handed on to uv.
A stamp (hash of the lock and of the Python) makes the next run instant.

    python3 tools/install.py requirements.lock          what `make up` needs
    python3 tools/install.py requirements-dev.lock      that, and what tests and linters need
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
UV_LOCK = "requirements-uv.lock"
DEV_LOCK = "requirements-dev.lock"
USED = (
    "aiokafka.admin, apprise, faust, fastapi, httpx, influxdb_client, jgo, openpyxl, psutil, redis, rich.progress,"
    " river.stats, scipy.stats, typer, uvicorn, watchfiles"
)
HANDED_ON = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}


def main(lock: str) -> None:
    """Do nothing if the stamp agrees, everything otherwise."""
    if installed(lock):
        return
    if not PYTHON.exists():
        say("making .venv")
        make()
    say(f"installing what {lock} names (once; this takes about half a minute)")
    install(lock)
    make_command()
    compile_used()
    STAMP.write_text(f"{lock} {digest(lock)}\n")


def installed(lock: str) -> bool:
    """Whether the stamp is for this lock, or for the development lock that contains it."""
    if not (PYTHON.exists() and STAMP.exists()):
        return False
    stamp = STAMP.read_text().split()
    return any(stamp == [name, digest(name)] for name in {lock, DEV_LOCK})


def digest(lock: str) -> str:
    """Changes with the lock, with uv's and with this file."""
    parts = (ROOT / lock, ROOT / UV_LOCK, Path(__file__))
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def make() -> None:
    """A virtual environment with pip, or one sentence why not."""
    try:
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    except (OSError, subprocess.CalledProcessError) as error:
        fail(f"{sys.executable} cannot make a virtual environment ({error}). On Debian: apt-get install python3-venv")


def install(lock: str) -> None:
    """By uv, or by pip when uv is not to be had or fails."""
    if not works([*pip(), "--version"]):
        fail(".venv has no working pip; delete .venv and start again")
    if works([*pip(), "install", "--quiet", "--require-hashes", "-r", str(ROOT / UV_LOCK)]):
        uv = [str(PYTHON), "-m", "uv", "pip", "sync", "--require-hashes"]
        if works([*uv, "--python", str(PYTHON), str(ROOT / lock)], handed_on()):
            return
        say("uv could not do it; trying pip")
    if not works([*pip(), "install", "--require-hashes", "-r", str(ROOT / lock)]):
        fail(f"the packages of {lock} could not be installed; what pip said stands above")


def make_command() -> None:
    """`.venv/bin/fenghuo`, and our packages importable from anywhere, straight from this folder."""
    command = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - our own
    Path(site, "fenghuo.pth").write_text(f"{ROOT}\n")
    script = VENV / "bin" / "fenghuo"
    script.write_text(f"#!{PYTHON}\nfrom fenghuo.cli import main\n\nmain()\n")
    script.chmod(0o755)


def compile_used() -> None:
    """Write the byte code of what every process imports (three seconds saved at each start), even where the
    environment says not to: the folder is ours."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [str(PYTHON), "-c", f"import {USED}"]
    subprocess.run(command, env=environment, check=False, capture_output=True)  # noqa: S603 - our own


def pip() -> list[str]:
    """The environment's own pip."""
    return [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]


def handed_on() -> dict[str, str]:
    """pip's settings of index, links and certificate, in uv's words; what uv itself was told wins."""
    command = [*pip(), "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 - our own
    settings: dict[str, str] = {}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        word = HANDED_ON.get(name.rpartition(".")[2])
        if word:
            settings[word] = ",".join(value.strip("'\"").split()) if word == "UV_FIND_LINKS" else value.strip("'\"")
    return {word: value for word, value in settings.items() if word not in os.environ}


def works(command: list[str], extra: dict[str, str] | None = None) -> bool:
    """Whether the command ends well; what it prints is shown."""
    environment = {**os.environ, **(extra or {}), "VIRTUAL_ENV": str(VENV)}
    try:
        done = subprocess.run(command, env=environment, stdout=sys.stderr, check=False)  # noqa: S603 - our own
        return done.returncode == 0
    except OSError:
        return False


def say(sentence: str) -> None:
    """To the terminal, not into a pipe."""
    sys.stderr.write(f"fenghuo: {sentence}\n")


def fail(sentence: str) -> None:
    """One sentence, exit code 1."""
    say(sentence)
    raise SystemExit(1)


if __name__ == "__main__":
    main(sys.argv[1])
