"""Rows that a column tells to have opened a position, in a table that also holds the rows of their ends.

Nothing but the table itself says which of its words means an opening: the rows that bear it never show a result, those
with another word do, and nearly each of the first is followed by one of the second of its market with its size or id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.fields import PositionSide
from logaudit.core.trades import AsideReason, EntryKind, LedgerEntry, symbol_key
from logaudit.ledger.columns import VAGUE_PRICES, key
from logaudit.ledger.entry_kind import SetAside

#: Rows of each kind, and words of a column, that tell one from the other.
_FEWEST: Final = 3
_MOST_WORDS: Final = 6
#: Share of the rows with a word that must be followed by their end: of the others the end may be lost.
_FOLLOWED: Final = 0.8


class Openings(Struct, frozen=True):
    """Rows of ends, renumbered, and those of openings."""

    rows: tuple[LedgerEntry, ...]
    aside: tuple[SetAside, ...]


def openings_in(
    rows: Sequence[LedgerEntry], columns: Mapping[str, int], header: Sequence[str]
) -> Openings | None:
    """Tells the rows of a table apart; None where no column does."""
    if not {"net_pnl", "gross_pnl"} & columns.keys():
        return None
    without = [row for row in rows if _is_unended(row)]
    if min(len(without), len(rows) - len(without)) < _FEWEST:
        return None
    vague = "exit_price" in columns and key(header[columns["exit_price"]]) in VAGUE_PRICES
    side = columns.get("side", -1)
    for column in (i for i in range(len(header)) if i == side or i not in columns.values()):
        begun = [r for word in _words_of_openings(rows, header[column]) for r in word]
        if begun:
            return _parted(rows, {row.number for row in begun}, vague=vague, of_orders=column == side)
    return None


def _is_unended(row: LedgerEntry) -> bool:
    return row.fields.net_pnl is None and row.fields.gross_pnl is None


def _words_of_openings(rows: Sequence[LedgerEntry], column: str) -> Iterator[list[LedgerEntry]]:
    """The rows of each word of a column that opens positions."""
    by_word: dict[str, list[LedgerEntry]] = defaultdict(list)
    for row in rows:
        by_word[dict(row.cells).get(column, "").strip()].append(row)
        if len(by_word) > _MOST_WORDS:
            return
    never = [some for some in by_word.values() if all(map(_is_unended, some))]
    ends = [row for some in by_word.values() if not any(map(_is_unended, some)) for row in some]
    if len(ends) >= _FEWEST and len(ends) + sum(map(len, never)) == len(rows):
        yield from (some for some in never if _are_followed(some, ends))


def _are_followed(begun: Sequence[LedgerEntry], ends: Sequence[LedgerEntry]) -> bool:
    """Whether nearly each row has an end of its own behind it."""
    waiting: dict[tuple[str, object], list[int]] = defaultdict(list)
    for end in ends:
        for own in _marks(end):
            waiting[own].append(end.at.us)
    followed = 0
    for row in begun:
        times = next((waiting[own] for own in _marks(row) if waiting.get(own)), [])
        after = next((at for at in times if at >= row.at.us), None)
        if after is not None:
            times.remove(after)
            followed += 1
    return len(begun) >= _FEWEST and followed >= _FOLLOWED * len(begun)


def _marks(row: LedgerEntry) -> Iterator[tuple[str, object]]:
    """What an opening shares with its end alone: market and id, or market and size."""
    told = row.fields
    symbol = symbol_key(told.symbol)
    yield from ((symbol, own) for own in (told.position_id, told.trade_id) if own)
    if told.size is not None:
        yield symbol, told.size.copy_abs()


def _parted(rows: Sequence[LedgerEntry], begun: set[int], *, vague: bool, of_orders: bool) -> Openings:
    kept = [_ended(row) if of_orders else row for row in rows if row.number not in begun]
    aside = [
        SetAside(row.location, EntryKind.OPEN_POSITION, AsideReason.OPEN, _begun(row, vague=vague))
        for row in rows
        if row.number in begun
    ]
    return Openings(tuple(replace(row, number=n) for n, row in enumerate(kept)), tuple(aside))


def _ended(row: LedgerEntry) -> LedgerEntry:
    """A row whose side is that of the order, with the side of the position that it ended."""
    side = row.fields.side
    ended = None if side is None else PositionSide.SHORT if side is PositionSide.LONG else PositionSide.LONG
    return replace(row, fields=replace(row.fields, side=ended))


def _begun(row: LedgerEntry, *, vague: bool) -> LedgerEntry:
    """The row as that of an open position: a price that may be of either end is that of the entry."""
    told = row.fields
    if vague and told.entry_price is None:
        told = replace(told, entry_price=told.exit_price, exit_price=None)
    return replace(row, kind=EntryKind.OPEN_POSITION, fields=told)
