"""The screen of ``fenghuo up``: sentences, warnings coloured by tier, and one progress bar at a time."""

from __future__ import annotations

from datetime import tzinfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from alerts.notify import render
from contracts.records import IncidentEvent, IncidentEventKind, Tier

STYLES = {Tier.BLUE: "bold blue", Tier.YELLOW: "bold yellow", Tier.ORANGE: "bold dark_orange", Tier.RED: "bold red"}


class Terminal:
    """A terminal, or a plain file: lines, warnings coloured by tier, one bar at a time."""

    def __init__(self, console: Console, zone: tzinfo | None) -> None:
        self._console = console
        self._zone = zone
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def say(self, sentence: str) -> None:
        """One line."""
        self._print(sentence, "")

    def warning(self, event: IncidentEvent) -> None:
        """One coloured line with tier, scope, reason and numbers."""
        calm = event.event in (IncidentEventKind.RESOLVED, IncidentEventKind.DEMOTED)
        text = render.line(event) if self._zone is None else render.line(event, self._zone)
        self._print(text, "green" if calm else STYLES[event.tier])

    def progress(self, what: str, done: float, total: float) -> None:
        """Move the bar; a full one goes away."""
        if done >= total:
            self._bar.stop()
            if self._task is not None:
                self._bar.remove_task(self._task)
                self._task = None
            return
        if self._task is None:
            self._task = self._bar.add_task(what, total=total)
            self._bar.start()
        self._bar.update(self._task, completed=done, total=total, description=what)

    def _print(self, text: str, style: str) -> None:
        self._console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
