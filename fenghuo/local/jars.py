"""Kafka's jars: fetched from Maven by jgo into a folder of ours, checked against the hashes in ``kafka-jars.txt``.

The list pins every jar with its size and SHA-256, so that nothing is resolved at run time (walking the POMs takes up to
half a minute) and a jar that was cut off or exchanged is noticed. ``python -m fenghuo.local.jars`` writes it anew.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from jgo.config import GlobalSettings
from jgo.constants import MAVEN_CENTRAL_URL
from jgo.maven import MavenContext

from contracts.errors import Unavailable
from fenghuo.local.lock import in_turn

KAFKA = "org.apache.kafka:kafka_2.13:4.1.0"
LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3"
LIST = Path(__file__).with_name("kafka-jars.txt")
PARALLEL = 8
TRIES = 3

Progress = Callable[[int, int], None]
"""Called with bytes had so far and bytes in all."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar: Maven coordinate, size in bytes, SHA-256."""

    coordinate: str
    size: int
    sha256: str

    def place(self, folder: Path) -> Path:
        """Where it lies under ``folder``, flat.

        >>> Jar("org.lz4:lz4-java:1.8.0", 1, "").place(Path("jars")).as_posix()
        'jars/lz4-java-1.8.0.jar'
        """
        _, artifact, version = self.coordinate.split(":")
        return folder / f"{artifact}-{version}.jar"


def pinned(text: str | None = None) -> list[Jar]:
    """The jars of ``kafka-jars.txt``.

    >>> pinned("a:b:1 10 ff")
    [Jar(coordinate='a:b:1', size=10, sha256='ff')]
    """
    lines = (LIST.read_text() if text is None else text).splitlines()
    fields = (line.split() for line in lines if line and not line.startswith("#"))
    return [Jar(coordinate, int(size), digest) for coordinate, size, digest in fields]


def missing(folder: Path, jars: Sequence[Jar]) -> list[Jar]:
    """Those not yet in ``folder`` in full length (a jar is moved there only after its hash was right)."""
    return [jar for jar in jars if not (jar.place(folder).exists() and jar.place(folder).stat().st_size == jar.size)]


def fetch(folder: Path, progress: Progress = lambda had, total: None) -> list[Path]:
    """Make sure that all jars are in ``folder`` and return their paths; raises Unavailable with what to do."""
    jars = pinned()
    if missing(folder, jars):
        with in_turn(folder / "lock"):
            _fetch_all(missing(folder, jars), folder, progress)
    return [jar.place(folder) for jar in jars]


def _fetch_all(wanted: Sequence[Jar], folder: Path, progress: Progress) -> None:
    tally = _Tally(sum(jar.size for jar in wanted), progress)
    with ThreadPoolExecutor(PARALLEL, thread_name_prefix="jars") as pool:
        list(pool.map(lambda jar: _fetch_one(jar, folder, tally), sorted(wanted, key=lambda jar: -jar.size)))


class _Tally:
    """Adds up bytes over threads."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._lock = threading.Lock()
        self._had = 0
        self._total = total
        self._progress = progress
        progress(0, total)

    def add(self, size: int) -> None:
        with self._lock:
            self._had += size
            self._progress(self._had, self._total)


def _fetch_one(jar: Jar, folder: Path, tally: _Tally) -> None:
    context = _context(folder / "maven")
    group, artifact_id, version = jar.coordinate.split(":")
    artifact = context.project(group, artifact_id).at_version(version).artifact()
    reason = ""
    for _ in range(TRIES):
        try:
            path = artifact.resolve()
        except (RuntimeError, OSError) as error:
            reason = f"{type(error).__name__}: {error}"
            if artifact.cached_path is not None:
                artifact.cached_path.unlink(missing_ok=True)
            continue
        if hashlib.sha256(path.read_bytes()).hexdigest() == jar.sha256:
            path.replace(jar.place(folder))
            tally.add(jar.size)
            return
        reason = "what came was cut off or is another file (its SHA-256 differs from the pinned one)"
        path.unlink()
    raise Unavailable(
        f"Kafka's {artifact_id} {version} could not be fetched from Maven ({reason}). Check the network, or name"
        " a mirror under repositories in ~/.config/jgo.conf, and start again: what is already fetched is kept."
    )


def _context(cache: Path) -> MavenContext:
    """Maven as the user's jgo settings say, but with a cache of our own: nothing is written to the home directory."""
    remotes = dict(GlobalSettings.load().repositories)
    remotes.setdefault("central", MAVEN_CENTRAL_URL)
    return MavenContext(repo_cache=cache, remote_repos=remotes, timeout=30)


def resolve(cache: Path) -> list[Jar]:
    """What Maven says belongs to Kafka today, with hashes; only for writing the list anew."""
    context = _context(cache)
    inputs, transitive = context.resolver.resolve([context.create_dependency(KAFKA)])
    artifacts = [one.artifact for one in (*inputs, *transitive)]
    artifacts.append(context.create_dependency(LOGGING).artifact)
    found = []
    for artifact in artifacts:
        payload = artifact.resolve().read_bytes()
        coordinate = f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}"
        found.append(Jar(coordinate, len(payload), hashlib.sha256(payload).hexdigest()))
    return sorted(found, key=lambda jar: jar.coordinate)


if __name__ == "__main__":
    head = f"# {KAFKA} and {LOGGING} with all they need at run time: coordinate, bytes, SHA-256\n"
    rows = [f"{jar.coordinate} {jar.size} {jar.sha256}\n" for jar in resolve(Path("var/maven-lock"))]
    LIST.write_text(head + "".join(rows))
