"""The readings of many mentions, each by the reader that its place in the log calls for.

Part of counting. Which reader reads a mention follows from its own offset and pane, never from what it is read
together with; a reader reads a text the same alone and among others. So batches change no result, only the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from contracts.ports import Reader
from contracts.records import CaseEvent, Reading
from streams.count_state import Candidate


def readings(
    candidates: Sequence[Candidate], counts: Sequence[bool], reader: Callable[[int, int], Reader]
) -> Iterator[Reading]:
    """The readings of those mentions among ``candidates`` that count, in their order.

    ``counts`` says which of them do; ``reader`` gives the reader by offset and pane.
    """
    wanted = [
        one
        for one, new in zip(candidates, counts, strict=True)
        if new and not one.done and not isinstance(one.record, CaseEvent)
    ]
    chosen = [reader(one.offset, one.pane) for one in wanted]
    for _, together in groupby(zip(chosen, wanted, strict=True), key=lambda pair: id(pair[0])):
        same = list(together)
        mentions: list[Any] = [one.record for _, one in same]
        yield from same[0][0].read_many([one.text for one in mentions], [one.lang for one in mentions])
