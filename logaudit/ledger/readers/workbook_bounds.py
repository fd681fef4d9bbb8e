"""What a workbook unpacks to, told before it is opened: what reads it makes room for every cell up to the farthest."""

from __future__ import annotations

import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.message import msg
from logaudit.ledger.readers.table_reader import MOST_TEXT, too_much_text

#: Bytes that all parts may have together.
_PARTS: Final = 384 << 20
#: Cells that the sheets may span together, each up to its farthest one.
_CELLS: Final = 10_000_000
_STEP: Final = 1 << 20
#: No reference of a cell or of a text is longer.
_LONGEST: Final = 64
_SHEET: Final = lazy_pattern(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_STRINGS: Final = "xl/sharedstrings.xml"
#: What makes an archive a workbook of another kind, whose few bytes may say of a cell that it fills a thousand rows.
_OTHER_KINDS: Final = frozenset({"content.xml", "xl/workbook.bin"})
_PLACE: Final = lazy_pattern(rb"""r=(?<=\sr=)["']([A-Za-z]{0,7})([0-9]{1,9})["']""")
_STRING_END: Final = b"</si>"
_SHARED: Final = lazy_pattern(rb"""t=(?<=\st=)["']s["'][^<>]{0,20}>\s{0,4}<v>\s{0,4}([0-9]{1,9})<""")


def check_bounds(file: Path) -> None:
    """Raises ValueError for a workbook that would take too much memory; what is no archive is left to its reader."""
    try:
        with zipfile.ZipFile(file) as book:
            _check(book)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError):
        return


def _check(book: zipfile.ZipFile) -> None:
    if any(info.filename.lower() in _OTHER_KINDS for info in book.infolist()):
        raise ValueError(msg("it is a workbook of another kind than XLSX"))
    unpacked = cells = texts = 0
    # The texts first: sheets name them by their numbers.
    infos = sorted(book.infolist(), key=lambda info: info.filename.lower() != _STRINGS)
    lengths = array("q")
    for info in infos:
        sheet = _SHEET.fullmatch(info.filename) is not None
        strings = info.filename.lower() == _STRINGS
        rows = columns = behind = 0
        for part, fresh in _parts(book, info):
            unpacked += len(part) - fresh
            if unpacked > _PARTS:
                raise too_much_text()
            if strings:
                behind = _add_lengths(lengths, part, fresh, behind)
            if sheet:
                for match in _PLACE.finditer(part):
                    rows, columns = max(rows, int(match[2])), max(columns, _column(match[1]))
                numbers = (int(match[1]) for match in _SHARED.finditer(part) if match.end() > fresh)
                texts += sum(lengths[number] for number in numbers if number < len(lengths))
        cells += rows * columns
        if cells > _CELLS or texts > MOST_TEXT:
            raise too_much_text()


def _parts(book: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """A member piece by piece, each with the end of the one before it, and where the fresh bytes begin."""
    tail = b""
    with book.open(info) as member:
        while piece := member.read(_STEP):
            yield tail + piece, len(tail)
            tail = (tail + piece)[-_LONGEST:]


def _add_lengths(lengths: array[int], part: bytes, fresh: int, behind: int) -> int:
    """Adds the size of each text that ends in a piece; ``behind`` are the bytes since the last end, as returned."""
    last = fresh - behind
    at = part.find(_STRING_END, max(fresh - len(_STRING_END) + 1, 0))
    while at >= 0:
        end = at + len(_STRING_END)
        lengths.append(end - last)
        last, at = end, part.find(_STRING_END, end)
    return len(part) - last


def _column(letters: bytes) -> int:
    """The number of a column, from 1; of a row's own reference 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
