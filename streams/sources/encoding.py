"""Which encoding a text file has, proven over the whole file.

UTF-8 (with or without mark), UTF-16 with its mark, and GB18030 (which covers GBK and GB2312) are found by
themselves. A few stray bytes do not change the verdict: the rows that hold them are refused later. Western
single-byte encodings cannot be told from one another; they must be named.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from typing import IO

from charset_normalizer import from_bytes

from contracts.errors import InvalidFile

Opener = Callable[[], IO[bytes]]
"""Opens the (unpacked) bytes from the beginning."""

_CHUNK = 1 << 20
_LINE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON = 0.6
"""Share of everyday characters that real GB18030 text exceeds and misread bytes do not."""


def open_text(opened: Opener, encoding: str) -> io.TextIOWrapper:
    """The file as text; bytes that do not fit become lone surrogates, so that their row can be refused."""
    return io.TextIOWrapper(opened(), encoding=encoding, errors=_errors(encoding), newline="")


def named(encoding: str, name: str) -> str:
    """``encoding`` if Python knows it as a text encoding; raises InvalidFile."""
    try:
        "".encode(encoding)
    except LookupError:
        raise InvalidFile(name, "no such encoding; try --encoding auto, utf-8, gb18030 or cp1252") from None
    return encoding


def detect(opened: Opener, name: str) -> str:
    """The encoding of a file that nobody has named.

    Raises
    ------
    InvalidFile
        It is no text, or in an encoding that must be named.
    """
    with opened() as stream:
        head = stream.read(_CHUNK)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head[:4096]:
        reason = "holds zero bytes, so it is no text file; if it is UTF-16, say --encoding utf-16-le or utf-16-be"
        raise InvalidFile(name, reason)
    return "utf-8" if _is_utf8(opened) else _by_vote(opened, head, name)


def _errors(encoding: str) -> str:
    wide = codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
    return "strict" if wide else "surrogateescape"


def _is_utf8(opened: Opener) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with opened() as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _by_vote(opened: Opener, head: bytes, name: str) -> str:
    """Each line with other than ASCII votes for the encoding it fits."""
    utf8 = chinese = neither = plain = 0
    for line in _lines(opened):
        if line.isascii():
            plain += 1
        elif _decodes(line, "utf-8"):
            utf8 += 1
        elif _reads_chinese(line):
            chinese += 1
        else:
            neither += 1
    if chinese > utf8 and chinese >= neither:
        return "gb18030"
    if utf8 >= neither or neither <= max(1, plain // 20):
        return "utf-8"
    best = from_bytes(head).best()
    guess = f", perhaps {best.encoding}" if best else ""
    raise InvalidFile(name, f"is neither UTF-8 nor GB18030{guess}; name its encoding, for instance --encoding cp1252")


def _lines(opened: Opener) -> Iterator[bytes]:
    with opened() as stream:
        while line := stream.readline(_LINE):
            yield line if line.endswith(b"\n") else _whole_characters(line)


def _whole_characters(piece: bytes) -> bytes:
    """A piece of a long line, cut back to its last ASCII byte so that no character is torn."""
    end = len(piece)
    while end and piece[end - 1] >= 0x80 and len(piece) - end < 8:
        end -= 1
    return piece[:end] or piece


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _reads_chinese(line: bytes) -> bool:
    """It decodes as GB18030, and to everyday characters rather than to rare ones."""
    try:
        foreign = [char for char in line.decode("gb18030") if char >= "\x80"]
    except UnicodeDecodeError:
        return False
    return sum(map(_everyday, foreign)) >= _COMMON * len(foreign)


def _everyday(char: str) -> bool:
    """Of the first plane of GB2312 (the 3 755 commonest characters), or its punctuation."""
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return 0xA1 <= code[0] <= 0xA3 or 0xB0 <= code[0] <= 0xD7
