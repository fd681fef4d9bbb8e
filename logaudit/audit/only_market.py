"""A table of trades without a market beside logs that name one market alone: its rows are of that market."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.core.location import Address, SourceKind
from logaudit.core.trades import symbol_key
from logaudit.ingest.codec import HeldExtract
from logaudit.ingest.extract import extract
from logaudit.ingest.extract_table import first_bytes, table_reader
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.source_extract import ExtractKind, LedgerExtract, OtherExtract
from logaudit.learn.wording import market_pattern
from logaudit.profiles import Profile
from logaudit.sources import Source, SourceError, blocks

#: So often a market is named at least, and so many bytes of logs are looked through at most.
_OFTEN: Final = 3
_MOST: Final = 256 << 20


def with_only_market(
    extracts: Mapping[str, Sequence[HeldExtract]],
    sources: Sequence[Source],
    context: ReadContext,
    profiles: Mapping[str, Profile],
) -> Mapping[str, Sequence[HeldExtract]]:
    """The extracts by the root of their session; a table that lacks nothing but the market is a ledger."""
    known = {source.address: source for source in sources}
    return {
        root: _read(some, known, context, profiles[root])
        if root in profiles and any(map(_lacks_market, some))
        else some
        for root, some in extracts.items()
    }


def _lacks_market(held: HeldExtract) -> bool:
    """Whether nothing but its market is missing of a table that shows both prices of its trades."""
    read = held.opened() if held.summary.lacks_market else None
    if not isinstance(read, OtherExtract) or read.table is None:
        return False
    return {"entry_price", "exit_price"} <= read.table.known.keys()


def _read(
    extracts: Sequence[HeldExtract],
    sources: Mapping[Address, Source],
    context: ReadContext,
    profile: Profile,
) -> Sequence[HeldExtract]:
    read = [held.summary for held in extracts]
    logs = [sources[e.address] for e in read if e.kind is ExtractKind.LOG and e.address in sources]
    if not logs or sum(max(log.size, 0) for log in logs) > _MOST:
        return extracts
    told = [market for log in logs for market in _markets(log)]
    if len(told) < _OFTEN or len(set(map(symbol_key, told))) > 1:
        return extracts
    own = replace(profile, ledger=replace(profile.ledger, symbol=told[0]))
    return [
        _as_ledger(sources.get(held.summary.address), context, own) or held if _lacks_market(held) else held
        for held in extracts
    ]


def _markets(log: Source) -> Iterator[str]:
    """Every pair of currencies that a log names."""
    find = re.compile(market_pattern().encode(), re.ASCII).finditer
    left = b""
    try:
        for block in blocks(log):
            whole, mark, left = (left + block).rpartition(b"\n")
            yield from (found[0].decode() for found in find(whole + mark))
    except SourceError:
        return
    yield from (found[0].decode() for found in find(left))


def _as_ledger(source: Source | None, context: ReadContext, profile: Profile) -> HeldExtract | None:
    if source is None:
        return None
    kind = SourceKind.LEDGER if table_reader(source, first_bytes(source, "")) is None else SourceKind.TABLE
    made = extract(source, kind, profile, context.log_formats(profile.name), context.encoding or None)
    return HeldExtract.unpacked(made) if isinstance(made, LedgerExtract) and made.ledger.rows else None
