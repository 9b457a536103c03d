"""Entries that bear another number than they were written with: who removes one may number the others anew.

The number is signed with the rest, so the true one is found by trying: only with it the HMAC comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from alerts.ledger.chain import GENESIS, LedgerKey, genuine
from contracts.records.ledger import LedgerEntry

NEARBY = 500
"""How far from the number it bears the true one is looked for; further only where the entry before it is known."""
MOST_TRIES = 20_000
"""For all entries of a book together, about half a second; what was changed otherwise never comes out."""


def true_numbers(spoiled: Sequence[LedgerEntry], known: Mapping[str, int], key: LedgerKey) -> dict[int, int]:
    """The true numbers of those that bear another one, by their place in ``spoiled``.

    Parameters
    ----------
    known
        HMAC → number of the entries of the book that are genuine as they stand.
    """
    numbers = {GENESIS: -1, **known}
    found: dict[int, int] = {}
    shift, tries = 0, MOST_TRIES
    for place, entry in enumerate(spoiled):
        after = numbers.get(entry.prev)
        if after is not None:
            wanted: Iterator[int] = iter((after + 1,))
        else:
            wanted = chain((entry.seq + shift,), _around(entry.seq) if tries > 0 else ())
        for number in wanted:
            tries -= 1
            if number != entry.seq and number >= 0 and genuine(entry.model_copy(update={"seq": number}), key):
                found[place] = numbers[entry.mac] = number
                shift = number - entry.seq
                break
    return found


def _around(number: int) -> Iterator[int]:
    for step in range(1, NEARBY + 1):
        yield number + step
        yield number - step
