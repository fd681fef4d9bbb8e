"""Tables in files of their own that record a trade together: exits in one that name their position only by its key.

Called only where a table of ends lacks its market: then the other tables of its folder are read once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from msgspec.structs import replace

from logaudit.core.location import Address
from logaudit.ingest.codec import HeldExtract
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.source_extract import ExtractKind, ExtractSummary, LedgerExtract
from logaudit.ledger.columns import DELIMITERS, split
from logaudit.ledger.readers import Row, SourceTable
from logaudit.ledger.readers.table_reader import most_rows
from logaudit.profiles import Profile
from logaudit.sources import Source, SourceError, blocks, clean, decode, lines

#: A larger table is not joined: both would be held in memory.
_LARGEST: Final = 64 << 20


def with_joined(
    extracts: Mapping[str, Sequence[HeldExtract]],
    sources: Sequence[Source],
    profiles: Mapping[str, Profile],
    context: ReadContext,
) -> Mapping[str, Sequence[HeldExtract]]:
    """The extracts by the root of their session; a table of ends is a ledger where its market is found elsewhere."""
    every = [held.summary for some in extracts.values() for held in some]
    known = {source.address: source for source in sources if 0 < source.size <= _LARGEST}
    encoding = context.encoding or None
    found = {
        root: tuple(
            (_joined(held.summary, every, known, profiles[root], encoding) or held)
            if held.summary.lacks_market
            else held
            for held in some
        )
        if root in profiles
        else some
        for root, some in extracts.items()
    }
    if not any(held.summary.lacks_market for some in found.values() for held in some):
        return found
    from logaudit.audit.only_market import with_only_market  # noqa: PLC0415 - few folders hold such tables

    return with_only_market(found, sources, context, profiles)


def _joined(
    ends: ExtractSummary,
    others: Sequence[ExtractSummary],
    sources: Mapping[Address, Source],
    profile: Profile,
    encoding: str | None,
) -> HeldExtract | None:
    from logaudit.ledger.joined_tables import with_joins  # noqa: PLC0415 - few folders hold such tables
    from logaudit.ledger.parse_table import ledger_tables, parse_table  # noqa: PLC0415 - as above

    mine = [*_tables(ends.address, sources, encoding)]
    beside = [
        replace(table, name=table.name or PurePosixPath(_name(other)).stem)
        for other in others
        if other is not ends and other.kind is not ExtractKind.LOG and _folder(other) == _folder(ends)
        for table in _tables(other.address, sources, encoding)
    ]
    if not mine or not beside:
        return None
    made = with_joins([*mine, *beside], profile.ledger)[: len(mine)]
    joined = [new for new, old in zip(made, mine, strict=True) if new is not old]
    found = ledger_tables(joined, ends.address.path, profile.ledger, profile.sides)
    if found is None:
        return None
    ledger = parse_table(found, ends.address, profile.ledger, profile.sides)
    made_of = LedgerExtract(ends.address, "", sources[ends.address].size, "binary", "none", ledger)
    return HeldExtract.unpacked(made_of)


def _name(extract: ExtractSummary) -> str:
    return extract.address.member or extract.address.path


def _folder(extract: ExtractSummary) -> PurePosixPath:
    """That of the file; in an archive, that of the member."""
    address = extract.address
    return PurePosixPath(address.path, *([address.member] if address.member else [])).parent


def _tables(
    address: Address, sources: Mapping[Address, Source], encoding: str | None
) -> Iterator[SourceTable]:
    """The tables of a file; none of one that cannot be read whole."""
    from logaudit.ingest.extract_table import tables_of  # noqa: PLC0415 - few folders hold such tables

    source = sources.get(address)
    if source is None:
        return
    try:
        read = tables_of(source)
        text = (
            []
            if read is not None
            else [
                line
                for _, line in lines(decode(blocks(source), encoding).blocks, longest=source.limits.line_size)
            ]
        )
    except (ValueError, OSError, SourceError):
        return
    yield from _separated(text, source.limits.table_rows) if read is None else read


def _separated(text: Sequence[bytes], most: int) -> Iterator[SourceTable]:
    """Separated text as a table; none where a line has more or fewer cells than the header."""
    told = [(n, clean(line).decode("utf-8", "replace")) for n, line in enumerate(text, 1) if line.strip()]
    if not told:
        return
    delimiter = max(DELIMITERS, key=told[0][1].count)
    header, *rows = [(n, split(line, delimiter)) for n, line in told]
    columns = header[1]
    if columns is None or len(rows) > 2 * most_rows(len(columns), most):
        return
    held = [
        Row(tuple(cells), line=n) for n, cells in rows if cells is not None and len(cells) == len(columns)
    ]
    if len(held) == len(rows):
        yield SourceTable("", tuple(cell.strip() for cell in columns), tuple(held))
