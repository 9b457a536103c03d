"""Texts from a file or from standard input, one a line, and the answers to standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from contracts.errors import InvalidFile

_BOM = b"\xef\xbb\xbf"
_PORTION = 500


def answer_lines(name: str, answer: Callable[[list[str]], list[bytes]]) -> None:
    """Hand the texts of ``name`` (``-`` is standard input) to ``answer`` in portions and print one line for each.

    A line ends with a line feed, a carriage return before it is dropped; an empty line is an empty text. Raises
    InvalidFile for what cannot be read or is no UTF-8. Ends quietly when nobody reads on.
    """
    out = sys.stdout.buffer
    with _opened(name) as file:
        texts = _texts(file, "standard input" if name == "-" else name)
        try:
            while portion := list(islice(texts, _PORTION)):
                out.write(b"".join(line + b"\n" for line in answer(portion)))
                out.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _texts(file: BinaryIO, name: str) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        body = line.removeprefix(_BOM) if number == 1 else line
        try:
            yield body.rstrip(b"\r\n").decode()
        except UnicodeDecodeError:
            reason = f"line {number} is no UTF-8; convert it first, for instance with iconv -f gb18030 -t utf-8"
            raise InvalidFile(name, reason) from None


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    path = Path(name)
    try:
        if path.exists() and not path.is_file() and not path.is_fifo():
            raise InvalidFile(name, "is no file; give a text file with one text a line, or - for standard input")
        file = path.open("rb")
    except FileNotFoundError:
        raise InvalidFile(
            name, "no such file; give a text file with one text a line, or - for standard input"
        ) from None
    except (OSError, ValueError) as error:
        raise InvalidFile(name, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    with file:
        yield file
