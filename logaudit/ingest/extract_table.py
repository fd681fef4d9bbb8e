"""A database or JSON document → its extract; a member of an archive is unpacked into a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from logaudit.core.location import Address, SourceKind
from logaudit.core.message import Code, Message, Text, codes, msg
from logaudit.core.text import quote
from logaudit.ingest.byte_stream import HashingByteStream
from logaudit.ingest.source_extract import (
    LedgerExtract,
    OtherExtract,
    SourceExtract,
)
from logaudit.ledger import may_be_ledger
from logaudit.ledger.column_roles import SAMPLE
from logaudit.ledger.parse_table import LedgerTables, is_log, ledger_tables, parse_table
from logaudit.ledger.readers import (
    READERS,
    SourceTable,
    TableReader,
    TooLargeTableError,
    UnsupportedTableError,
    reader_for,
)
from logaudit.ledger.table_sample import HEAD, table_sample
from logaudit.ledger.unread_table import UnreadTable, unread_table
from logaudit.profiles import Profile
from logaudit.sources import Container, Problem, ProblemKind, Source, clean, decode, lines

_HEAD: Final = 1 << 16
_NAME: Final = 60


def table_reader(source: Source, head: bytes) -> TableReader | None:
    """The reader of a table that is not separated text, by how the source begins."""
    return reader_for(READERS, head, _place(source))


def first_bytes(source: Source, first: str) -> bytes:
    """How a source begins; a packed member again by its first line, which was cleaned of NULs."""
    if source.container is Container.PLAIN:
        with source.file.open("rb") as handle:
            return handle.read(_HEAD)
    return first.encode().replace(b"SQLite format 3", b"SQLite format 3\0", 1)


def table_kind(source: Source, profiles: Sequence[Profile]) -> SourceKind:
    """Whether a table of ``source`` is a ledger to one of the profiles, or may be one that is not understood.

    What may be a ledger by its name and cannot be read counts as one: `extract_table` says so.
    """
    tap = HashingByteStream(source, count=False, hashed=False)
    name = _name(source)
    try:
        tables = _tables(source, tap)
    except (ValueError, OSError):
        return SourceKind.TABLE if may_be_ledger(name, profiles[0].ledger) else SourceKind.OTHER
    if any(ledger_tables(tables, name, p.ledger, p.sides) is not None for p in profiles):
        return SourceKind.TABLE
    return SourceKind.UNREAD_TABLE if _unread(tables, name, profiles[0]) is not None else SourceKind.OTHER


def extract_table(source: Source, tap: HashingByteStream, profile: Profile) -> SourceExtract:
    """Reads the ledger among the tables of ``source``."""
    name = _name(source)
    try:
        tables = _tables(source, tap)
    except (ValueError, OSError) as error:
        unread = tap.problem or _not_read(source, error)
        return OtherExtract(source.address, SourceKind.LEDGER, tap.size, unread)
    found = ledger_tables(tables, name, profile.ledger, profile.sides)
    if tap.problem is not None and tap.problem.untrusted:
        return OtherExtract(source.address, SourceKind.OTHER, tap.size, tap.problem)
    if found is None:
        unknown = _unread(tables, name, profile)
        held = SourceKind.OTHER if unknown is None else SourceKind.UNREAD_TABLE
        return OtherExtract(source.address, held, tap.size, tap.problem, unknown)
    ledger = parse_table(found, source.address, profile.ledger, profile.sides)
    problem = tap.problem or _not_whole(source, found, tap.size)
    return LedgerExtract(source.address, tap.sha256, tap.size, "binary", "none", ledger, problem)


def _not_whole(source: Source, found: LedgerTables, size: int) -> Problem | None:
    """Why some rows of a ledger's tables were not read."""
    for table in found.tables:
        if table.left_out:
            count = len(table.rows) + table.left_out
            return over_limit(source.address, count, table.most, size)
        if table.trouble is not None:
            detail = (
                msg("{trouble}: rows may be missing", trouble=table.trouble)
                if table.anywhere
                else msg("{trouble}: its newest rows may be missing", trouble=table.trouble)
            )
            return Problem(source.address, ProblemKind.DAMAGED, detail, size)
    if not found.others:
        return None
    detail = msg(
        "{tables} may record trades too, with other columns than {table}, which is read",
        tables=codes([quote(name, _NAME) for name in found.others]),
        table=Code(quote(found.tables[0].name, _NAME)),
    )
    return Problem(source.address, ProblemKind.UNSUPPORTED, detail, size)


def over_limit(address: Address, count: int, limit: int, size: int) -> Problem:
    """That of a table's ``count`` rows only the newest were read."""
    detail = msg("it has {count} rows; the newest {limit} are read", count=count, limit=limit)
    return Problem(address, ProblemKind.OVER_LIMIT, detail, size, limit="table_rows")


def _not_read(source: Source, error: Exception) -> Problem:
    kind = ProblemKind.UNSUPPORTED if isinstance(error, UnsupportedTableError) else ProblemKind.DAMAGED
    limit = error.limit if isinstance(error, TooLargeTableError) else ""
    kind = ProblemKind.OVER_LIMIT if limit else kind
    return Problem(source.address, kind, _unreadable(error), limit=limit)


def _unreadable(error: Exception) -> Message:
    """Why a reader gave up: its own sentence, or what a library says."""
    why = error.args[0] if error.args else ""
    return why if isinstance(why, Message) else Message("{error}", (("error", Text(str(error))),))


def extract_unread(source: Source, profile: Profile, encoding: str | None) -> SourceExtract:
    """What is known of a source whose table is not understood."""
    tap = HashingByteStream(source, count=False, hashed=False)
    numbered = lines(decode(iter(tap), encoding).blocks, longest=source.limits.line_size)
    head = [
        clean(raw.replace(b"\0", b"")).decode("utf-8", "replace")
        for (_, raw), _ in zip(numbered, range(HEAD + 1), strict=False)
    ]
    if table_reader(source, first_bytes(source, head[0] if head else "")) is not None:
        return extract_table(source, HashingByteStream(source, count=False, hashed=False), profile)
    found = unread_text(head, source, profile)
    return OtherExtract(source.address, SourceKind.UNREAD_TABLE, source.size, tap.problem, found)


def unread_text(head: Sequence[str], source: Source, profile: Profile) -> UnreadTable | None:
    """What is known of separated text that may be a ledger and is not understood; None for any other text."""
    table = table_sample(head, profile.ledger)
    if table is None or is_log(table.columns):
        return None
    whole = len(head) <= HEAD
    return unread_table(
        _name(source), "", table.columns, table.rows, profile.ledger, profile.sides, whole=whole
    )


def _unread(tables: Sequence[SourceTable], name: str, profile: Profile) -> UnreadTable | None:
    """The table that is likeliest a ledger, of those that may be one."""
    found: list[UnreadTable] = []
    for table in tables:
        if is_log(table.columns):
            continue
        sample = [row.cells for row in table.rows[:SAMPLE]]
        whole = len(table.rows) <= SAMPLE
        made = unread_table(
            name,
            table.name,
            table.columns,
            sample,
            profile.ledger,
            profile.sides,
            whole=whole,
            single=table.single,
        )
        if made is not None:
            found.append(made)
    return max(found, key=lambda t: (len(t.known), t.table), default=None)


def tables_of(source: Source) -> list[SourceTable] | None:
    """All tables of a database or document, None for anything else; raises as what reads it does."""
    with source.file.open("rb") as handle:
        head = handle.read(_HEAD) if source.container is Container.PLAIN else b""
    if table_reader(source, head or first_bytes(source, "")) is None:
        return None
    return _tables(source, HashingByteStream(source, count=False, hashed=False))


def _tables(source: Source, tap: HashingByteStream) -> list[SourceTable]:
    """All tables of ``source``; raises ValueError and OSError for what cannot be read."""
    with _on_disk(source, tap) as file:
        with file.open("rb") as handle:
            reader = table_reader(source, handle.read(_HEAD))
        return [] if reader is None else [*reader.read(file, source.limits)]


def _place(source: Source) -> str:
    return source.address.member or source.address.path


def _name(source: Source) -> str:
    return PurePosixPath(_place(source)).name


@contextmanager
def _on_disk(source: Source, tap: HashingByteStream) -> Iterator[Path]:
    if source.container is Container.PLAIN:
        for _ in tap:
            pass
        yield source.file
        return
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - few scans meet a packed database

    with TemporaryDirectory(prefix="logaudit-") as folder:
        file = Path(folder, "member")
        with file.open("wb") as handle:
            for block in tap:
                handle.write(block)
        yield file
