"""What the notification log says: who has been told of what, and who is still to be. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from alerts.notify.outbox import PAGES
from alerts.notify.retry import GAVE_UP, SENT
from contracts.records import Told

Key = tuple[str, int, str]
"""Incident, number of its event, name of the receiver."""
OVER = "over"
"""The receiver was down until there was nothing left to tell."""


def instead_of(receiver: str) -> str:
    """The reason of an entry of a stand-in that took the message.

    >>> instead_of("desk")
    'instead of desk'
    """
    return f"instead of {receiver}"


class Heard:
    """The notification log entry by entry, as far as telling depends on it.

    Parameters
    ----------
    receivers
        Their names, to know in whose place a stand-in was told.
    """

    def __init__(self, receivers: Iterable[str] = ()) -> None:
        self._stood_in = {instead_of(name): name for name in receivers}
        self.done: set[Key] = set()
        """Settled: told, refused, told to a stand-in, or over; of pages every attempt."""
        self.missed: set[Key] = set()
        """Given up and not settled since; for a page that reached nobody the name is ``/``."""
        self.down: set[str] = set()
        """Receivers that gave up last."""

    def note(self, told: Told) -> None:
        """One entry more, in the order of the log."""
        person, page, _ = told.receiver.partition("/")
        if page:
            self._paged(told)
        elif told.outcome == GAVE_UP:
            self.missed.add(_key(told, person))
            self.down.add(person)
        else:
            self._settled(_key(told, person))
            if told.outcome == SENT:
                self.down.discard(person)
            if told.reason in self._stood_in:
                self._settled(_key(told, self._stood_in[told.reason]))

    def _paged(self, told: Told) -> None:
        reached = _key(told, f"{PAGES}reached")
        self.done.add(_key(told, told.receiver))
        if told.outcome == SENT:
            self.done.add(reached)
            self.missed.discard(_key(told, PAGES))
        elif told.outcome == GAVE_UP and reached not in self.done:
            self.missed.add(_key(told, PAGES))

    def _settled(self, key: Key) -> None:
        self.done.add(key)
        self.missed.discard(key)


def _key(told: Told, receiver: str) -> Key:
    return (told.incident, told.seq, receiver)
