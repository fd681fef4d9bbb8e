"""Rows that `logaudit restore` added to a ledger, known by the file that its patch leaves beside the ledger.

Without it a restored row could not be told from one that the recorder wrote: it is printed as the recorder prints.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.location import Address
from logaudit.core.trades import Writer
from logaudit.ingest.source_extract import LedgerExtract, SourceExtract
from logaudit.sources import Source, SourceError, blocks
from logaudit.sources.magic import archive_suffix

SUFFIX: Final = ".restored.json"
_MARK: Final = "restored-rows"
_VERSION: Final = 1
#: A larger file lists more rows than any bot trades.
_LARGEST: Final = 64 << 20

#: Folder and name of each list, wherever it is packed → the cells of the rows that it names.
RestoredRows: TypeAlias = Mapping[tuple[str, str], Collection[tuple[str, ...]]]


class _Restored(Struct):
    """The file: what it is, and the cells of each restored row."""

    logaudit: str
    version: int
    rows: list[tuple[str, ...]]


def restored_rows_text(rows: Iterable[Sequence[str]]) -> str:
    """The file's text, a line a row."""
    lines = ",\n".join(f"  {msgspec.json.encode(row).decode()}" for row in rows)
    return f'{{\n "logaudit": "{_MARK}",\n "version": {_VERSION},\n "rows": [\n{lines}\n ]\n}}\n'


def without_lists(sources: Sequence[Source]) -> tuple[Source, ...]:
    """The sources that are evidence: without the files that list restored rows."""
    return tuple(source for source in sources if not _is_list(source))


def read_list(source: Source) -> list[tuple[str, ...]]:
    """The cells of the rows that a file lists; none where it is no such file."""
    try:
        found = msgspec.json.decode(b"".join(blocks(source, _LARGEST)), type=_Restored)
    except (SourceError, msgspec.DecodeError):
        return []
    return found.rows if found.logaudit == _MARK and found.version == _VERSION else []


def restored_rows(sources: Iterable[Source]) -> RestoredRows:
    """The rows that the lists among the sources name."""
    return {_place(source.address): {*read_list(source)} for source in sources if _is_list(source)}


def marked(extract: SourceExtract, restored: RestoredRows) -> SourceExtract:
    """The extract, with the rows that were restored marked as another writer's."""
    if not restored or not isinstance(extract, LedgerExtract):
        return extract
    rows = restored.get(_place(extract.address, SUFFIX), ())
    entries = tuple(
        replace(row, writer=Writer.OTHER) if row.cells.texts in rows else row for row in extract.ledger.rows
    )
    return replace(extract, ledger=replace(extract.ledger, rows=entries)) if rows else extract


def _is_list(source: Source) -> bool:
    return (source.address.member or source.address.path).endswith(SUFFIX)


def _place(address: Address, suffix: str = "") -> tuple[str, str]:
    """Folder and name, wherever the file is packed."""
    name = PurePosixPath(address.member or address.path).name
    return PurePosixPath(address.path).parent.as_posix(), name.removesuffix(archive_suffix(name)) + suffix
