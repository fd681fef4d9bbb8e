"""A database or JSON document → its extract; a member of an archive is unpacked into a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from logaudit.ingest.byte_stream import HashingByteStream
from logaudit.ingest.source_extract import LedgerExtract, OtherExtract, SourceExtract, SourceKind
from logaudit.ledger import may_be_ledger
from logaudit.ledger.parse_table import ledger_table, parse_table
from logaudit.ledger.readers import READERS, TableReader, reader_for
from logaudit.profiles import Profile
from logaudit.sources import Container, Problem, ProblemKind, Source

_HEAD = 1 << 16


def table_reader(source: Source, head: bytes) -> TableReader | None:
    """The reader of a table that is not separated text, by how the source begins."""
    return reader_for(READERS, head, source.address.member or source.address.path)


def holds_ledger(source: Source, profiles: Sequence[Profile]) -> bool:
    """Whether a table of ``source`` is a ledger to one of the profiles.

    Also true for what may be a ledger by its name and cannot be read: `extract_table` says so.
    """
    tap = HashingByteStream(source, count=False, hashed=False)
    name = PurePosixPath(source.address.member or source.address.path).name
    with _on_disk(source, tap) as file:
        with file.open("rb") as handle:
            reader = table_reader(source, handle.read(_HEAD))
        try:
            tables = [*reader.read(file)] if reader is not None else []
        except (ValueError, OSError):
            return may_be_ledger(name, profiles[0].ledger)
    return any(ledger_table(tables, name, profile.ledger) is not None for profile in profiles)


def extract_table(source: Source, tap: HashingByteStream, profile: Profile) -> SourceExtract:
    """Reads the ledger among the tables of ``source``."""
    name = PurePosixPath(source.address.member or source.address.path).name
    with _on_disk(source, tap) as file:
        with file.open("rb") as handle:
            reader = table_reader(source, handle.read(_HEAD))
        try:
            found = ledger_table(reader.read(file), name, profile.ledger) if reader is not None else None
        except (ValueError, OSError) as error:
            unread = tap.problem or Problem(source.address, ProblemKind.DAMAGED, str(error))
            return OtherExtract(source.address, SourceKind.LEDGER, tap.size, unread)
    if found is None or (tap.problem is not None and tap.problem.untrusted):
        return OtherExtract(source.address, SourceKind.OTHER, tap.size, tap.problem)
    table, header = found
    ledger = parse_table(table, header, source.address, profile.ledger, profile.sides)
    problem = tap.problem
    if problem is None and table.trouble:
        detail = f"{table.trouble}: its newest rows may be missing"
        problem = Problem(source.address, ProblemKind.DAMAGED, detail, tap.size)
    return LedgerExtract(source.address, tap.sha256, tap.size, "binary", "none", ledger, problem)


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
