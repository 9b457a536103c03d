"""Which numbers stand out of order, and which stand in a row."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def out_of_order(numbers: Sequence[int]) -> set[int]:
    """The fewest numbers to take away so that the rest rises; of distinct numbers.

    >>> sorted(out_of_order([0, 1, 5, 2, 3, 4])), out_of_order([0, 1, 2])
    ([5], set())
    """
    if all(low < high for low, high in zip(numbers, numbers[1:], strict=False)):
        return set()
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, number in enumerate(numbers):
        place = bisect_left(ends, number)
        before.append(at[place - 1] if place else -1)
        ends[place : place + 1] = [number]
        at[place : place + 1] = [index]
    kept = set()
    index = at[-1]
    while index >= 0:
        kept.add(numbers[index])
        index = before[index]
    return set(numbers) - kept


def stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Rising numbers as stretches without a gap.

    >>> stretches([1, 2, 3, 7, 9, 10])
    [(1, 3), (7, 7), (9, 10)]
    """
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
