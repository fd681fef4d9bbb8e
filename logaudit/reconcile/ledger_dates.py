"""Decides by the logs whether a ledger writes the day or the month first, where its own cells leave it open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.time_window import Interval
from logaudit.core.timestamp import HOUR
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.ingest.source_extract import LedgerExtract
from logaudit.ledger import UndatedEntry
from logaudit.ledger.stamps import DateOrder
from logaudit.reconcile.matching import agreement

#: The widest zones differ by 26 hours.
_ZONES: Final = 26 * HOUR
#: Orders in which `UndatedEntry.readings` stand.
_ORDERS: Final = tuple(DateOrder)


def dated_by_logs(extract: LedgerExtract, closes: Sequence[Event], span: Interval | None) -> LedgerExtract:
    """The ledger with its undated entries among the rows, if one order alone brings them to where the logs are.

    The order is the one under which more rows lie beside a close of their symbol with the same numbers, else the one
    under which more rows lie in the time of the logs. Where both do equally, the entries stay undated.
    """
    ledger = extract.ledger
    open_ones = [u for u in ledger.undated if len(u.readings) == len(_ORDERS)]
    if not open_ones or span is None:
        return extract
    scores = [_score(open_ones, which, closes, span) for which in range(len(_ORDERS))]
    if scores[0] == scores[1]:
        return extract
    which = scores.index(max(scores))
    dated = [_dated(u, which) for u in open_ones]
    rows = sorted((*ledger.rows, *dated), key=lambda row: row.location.line)
    convention = replace(
        ledger.convention, order=_ORDERS[which], order_basis="the time of the logs", order_open=False
    )
    return replace(
        extract,
        ledger=replace(
            ledger,
            rows=tuple(replace(row, number=i) for i, row in enumerate(rows)),
            undated=tuple(u for u in ledger.undated if len(u.readings) != len(_ORDERS)),
            convention=convention,
        ),
    )


def _dated(undated: UndatedEntry, which: int) -> LedgerEntry:
    entry = replace(undated.entry, at=undated.readings[which])
    if len(undated.opened) != len(_ORDERS):
        return entry
    return replace(entry, fields=replace(entry.fields, opened=undated.opened[which]))


def _score(
    entries: Sequence[UndatedEntry], which: int, closes: Sequence[Event], span: Interval
) -> tuple[int, int]:
    """Rows beside a close of equal numbers, and rows in the time of the logs, under one order."""
    inside = Interval(span.start - _ZONES, span.end + _ZONES)
    near = [u for u in entries if inside.holds(u.readings[which].us)]
    return sum(_has_close(u.entry, u.readings[which].us, closes) for u in near), len(near)


def _has_close(entry: LedgerEntry, at: int, closes: Sequence[Event]) -> bool:
    return any(
        abs(close.at.us - at) <= _ZONES
        and symbol_key(close.fields.symbol) == symbol_key(entry.fields.symbol)
        and agreement(close.fields, entry.fields)
        for close in closes
    )
