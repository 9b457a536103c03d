"""A sliding window over buckets, kept as a ring of coarser blocks.

A window of length L is the block being filled and the ``count - 1`` blocks before it, so that it spans exactly L
up to the end of the open block. Blocks that held nothing are never written.

>>> blocks = Blocks(width=5, count=6)         # 30 buckets in blocks of five
>>> for bucket in range(40):
...     blocks.add(bucket, 1.0)
>>> blocks.total(39), blocks.total(60), blocks.total(200)
(30.0, 5.0, 0.0)
"""

from __future__ import annotations

from array import array

MOST_BLOCKS = 8


def shape(buckets: int) -> tuple[int, int]:
    """Width and count of blocks for a window of ``buckets``: the finest division into at most eight equal blocks.

    >>> shape(1), shape(5), shape(30), shape(1440)
    ((1, 1), (1, 5), (5, 6), (180, 8))
    """
    count = max(n for n in range(1, MOST_BLOCKS + 1) if buckets % n == 0)
    return buckets // count, count


def near_shape(buckets: int) -> tuple[int, int]:
    """Width and count of five to eight blocks for a window of about ``buckets``, exactly so long where that divides.

    >>> near_shape(6), near_shape(30), near_shape(23), near_shape(1440), near_shape(1)
    ((1, 6), (5, 6), (3, 8), (180, 8), (1, 1))
    """
    width, count = shape(buckets)
    if count > 4 or width == 1:
        return width, count
    width = max(1, round(buckets / MOST_BLOCKS))
    return width, max(1, round(buckets / width))


class Blocks:
    """The ring; sums are exact because counts are whole numbers."""

    __slots__ = ("_last", "_ring", "_sum", "count", "width")

    def __init__(self, width: int, count: int) -> None:
        self.width = width
        self.count = count
        self._ring = array("d", bytes(8 * count))
        self._last = -(10**12)
        self._sum = 0.0

    def add(self, bucket: int, value: float) -> None:
        """Put ``value`` into the block of ``bucket``; buckets come in order."""
        block = bucket // self.width
        if block > self._last:
            for gone in range(max(self._last + 1, block - self.count + 1), block + 1):
                self._sum -= self._ring[gone % self.count]
                self._ring[gone % self.count] = 0.0
            self._last = block
        self._ring[block % self.count] += value
        self._sum += value

    def total(self, bucket: int, newest: int | None = None) -> float:
        """Sum of the window that ends with the block of ``bucket``, or of its ``newest`` blocks alone."""
        block = bucket // self.width
        if newest is None and block == self._last:
            return self._sum
        first = block - (self.count if newest is None else newest) + 1
        if first > self._last:
            return 0.0
        if newest is None:
            total = self._sum
            for gone in range(self._last - self.count + 1, first):
                total -= self._ring[gone % self.count]
            return total
        return sum(
            self._ring[one % self.count] for one in range(max(first, self._last - self.count + 1), self._last + 1)
        )
