"""A sabotaged worker: it forgets ``closed``, the first pane not yet closed, that stands beside the committed offset.

For the proof that the soak sees such a fault: with ``--forget-closed`` its counts must come out wrong. The product
has no such switch.
"""

from __future__ import annotations

from dataclasses import replace

from fenghuo.cli import app
from streams.count_state import CountState

_read = CountState.read


def forgetful(text: str) -> CountState:
    """What was committed, with nothing known as closed."""
    state = _read(text)
    return replace(state, closed=0)


if __name__ == "__main__":
    CountState.read = staticmethod(forgetful)  # type: ignore[method-assign]
    app()
