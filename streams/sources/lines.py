"""Lines of a text file that may be endless: bounded in memory, and able to be given back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import IO

MAX_LINE = 16_000_000
"""Characters; what is longer is read over and its row refused."""


class Lines:
    """An iterator of lines that remembers which ones the present row took.

    >>> import io
    >>> lines = Lines(io.StringIO("a\\nb\\nc\\n"))
    >>> next(lines), next(lines)
    ('a\\n', 'b\\n')
    >>> lines.give_back()
    >>> lines.start_row()
    >>> next(lines)
    'b\\n'
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.cut = False
        """A line of this row was longer than :data:`MAX_LINE`."""
        self.ended = False
        """This row asked for a line after the last one."""

    def start_row(self) -> None:
        """A new row begins."""
        self.taken = []
        self.cut = self.ended = False

    def give_back(self) -> None:
        """All lines of this row but the first are to be read again."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.taken = self.taken[:1]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            self.ended = True
            raise StopIteration
        self.taken.append(line)
        return line

    def _read(self) -> str:
        line = self._stream.readline(MAX_LINE)
        if len(line) < MAX_LINE or line.endswith(("\n", "\r")):
            return line
        self.cut = True
        rest = line
        while len(rest) == MAX_LINE and not rest.endswith(("\n", "\r")):
            rest = self._stream.readline(MAX_LINE)
        return line[:1_000] + "\n"
