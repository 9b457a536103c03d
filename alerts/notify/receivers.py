"""What a receiver is, the three answers it can give, and the simplest one: the terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from alerts.notify.deadline import Deadline
from alerts.notify.render import Message


@dataclass(frozen=True, slots=True)
class Sent:
    """It has the message."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now; ``after`` seconds if it said so. ``reason`` names no address and no secret."""

    reason: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """It will never take this message. ``reason`` names no address and no secret."""

    reason: str


Answer = Sent | Retry | Rejected


class Receiver(Protocol):
    """A way to tell people."""

    @property
    def name(self) -> str:
        """How the settings call it."""

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        """One attempt that ends within ``deadline``; trouble is an answer, not an exception."""


class Terminal:
    """Prints the one-line form.

    Parameters
    ----------
    name
        How the settings call it.
    show
        Prints one line, for instance the console of the command that runs.
    """

    def __init__(self, name: str, show: Callable[[str], None]) -> None:
        self.name = name
        self._show = show

    async def send(self, message: Message, deadline: Deadline) -> Answer:
        """Print; a terminal that is gone rejects."""
        try:
            self._show(message.line)
        except (OSError, ValueError) as error:
            return Rejected(f"the terminal cannot be written to ({type(error).__name__})")
        return Sent()
