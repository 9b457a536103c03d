"""Rows of the first sheet of an Excel workbook that holds any, read without loading it whole."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from contracts.errors import InvalidFile

MAX_UNPACKED = 2_000_000_000
_BROKEN = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, SyntaxError, EOFError)
_EXACT = 10**15

Cells = list[Any]


def read(stream: IO[bytes], name: str) -> Iterator[tuple[int, Cells]]:
    """The rows with their numbers as the spreadsheet shows them, empty ones left out."""
    try:
        _refuse_bombs(stream, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(stream, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                some = False
                for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                    cells = [_plain(cell) for cell in row]
                    if any(cell != "" for cell in cells):
                        some = True
                        yield number, cells
                if some:
                    return
        finally:
            book.close()
    except _BROKEN as error:
        raise InvalidFile(name, f"is no readable Excel workbook (.xlsx): {type(error).__name__}") from None


def _refuse_bombs(stream: IO[bytes], name: str) -> None:
    with zipfile.ZipFile(stream) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise InvalidFile(name, f"would unpack to more than {MAX_UNPACKED:,} bytes; export it as CSV")
    stream.seek(0)


def _plain(cell: Any) -> Any:
    """A cell as text, number or datetime; nothing is ``""``."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return int(cell)
    if isinstance(cell, (str, int, float, datetime)) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    return str(cell)
