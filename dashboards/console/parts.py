"""What the console is made of; ``fenghuo/wiring`` puts it together."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from contracts.clock import Clock
from contracts.desk import Casework, Commands, Endings, Letters, Papers, People, Texts, Tuning, Vocabulary
from contracts.ports import SeriesStore
from contracts.view import LiveView


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything the console reads, and everything it can do. A page whose part is missing says so."""

    view: LiveView
    store: SeriesStore
    people: People
    commands: Commands
    clock: Clock
    key: bytes = field(repr=False)
    """Signs sessions; at least 16 bytes."""
    libraries: Path
    """Folder that :func:`dashboards.console.libraries.fetch` gave."""
    vocabulary: Vocabulary = Vocabulary()
    papers: Papers | None = None
    letters: Letters | None = None
    texts: Texts | None = None
    casework: Casework | None = None
    tuning: Tuning | None = None
    endings: Endings | None = None
    """Shared by all processes of the console; without, signing out holds in one process alone."""
    zone: ZoneInfo = ZoneInfo("Asia/Shanghai")
    """In whose time people read."""
    secure: bool = False
    """Whether people come by https, so that cookies may travel by nothing else."""
    hint: str = ""
    """A line under the sign-in form, for instance where the local stack keeps its passwords."""
