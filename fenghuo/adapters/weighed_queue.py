"""A Faust app whose queues are bounded by bytes too: a message can be a small mark or an array of half a megabyte.

Faust stops fetching when a number of messages waits. That number must be large for small messages, and then large
ones would fill the memory.
"""

from __future__ import annotations

from typing import Any

import faust
from mode.utils.queues import ThrowableQueue

MOST_BYTES = 60_000_000
"""Fetching pauses at 80 % of this and goes on at 40 %: about a second of work, which is how long Faust's fetcher
sleeps when every partition is paused."""


class WeighedQueue(ThrowableQueue[Any]):
    """Counts as full when its messages are many or heavy."""

    def __init__(self, maxsize: int, **given: Any) -> None:
        self._weight = 0
        super().__init__(maxsize=maxsize, **given)

    def qsize(self) -> int:
        """Messages that wait, or as many as their bytes amount to when that is more."""
        return max(super().qsize(), self._weight * self.maxsize // MOST_BYTES)

    def clear(self) -> None:
        """Forget all."""
        super().clear()
        self._weight = 0

    def _put(self, item: Any) -> None:
        self._weight += weight(item)
        super()._put(item)

    def _get(self) -> Any:
        item = super()._get()
        self._weight -= weight(item)
        return item


def weight(event: Any) -> int:
    """Bytes of the message behind a Faust event."""
    return len(event.message.value or b"")


class WeighedApp(faust.App):
    """Faust's app with these queues."""

    def FlowControlQueue(self, maxsize: int | None = None, *, clear_on_resume: bool = False) -> Any:  # noqa: N802
        """As Faust calls it."""
        most = maxsize or self.conf.stream_buffer_maxsize
        return WeighedQueue(most, flow_control=self.flow_control, clear_on_resume=clear_on_resume)
