"""Limits what is judged to a stretch of time; everything read before it still serves as context."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from msgspec.structs import replace

from logaudit.core.location import Location
from logaudit.core.time_window import TimeWindow
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.positions import Position
from logaudit.reconcile.reconciled import ClosedTrade, Session, Trade, UnclosedEntry


def limit(session: Session, window: TimeWindow) -> Session:
    """The session with only the closes, rows and positions that lie in the window.

    Links between closes and rows were made with everything at hand, so a row written just after the window's
    end still belongs to its close.
    """
    if window.everything:
        return session
    trades = tuple(trade for trade in session.trades if window.holds(_time_of(session, trade)))
    kept = {trade.id for trade in trades}
    repeats = tuple((row, trade) for row, trade in session.repeats if trade.id in kept)
    duplicates = tuple(
        (row, twin) for row, twin in session.duplicates if window.holds(session.ledger_of(row).log_time(row))
    )
    rows = [*_rows_of(trades), *(row for row, _ in repeats), *(row for row, _ in duplicates)]
    return replace(
        session,
        trades=trades,
        closes=tuple(close for close in session.closes if window.holds(close.at.us)),
        positions=tuple(position for position in session.positions if _touches(position, window)),
        repeats=repeats,
        duplicates=duplicates,
        fills=tuple(fill for fill in session.fills if window.holds(fill.event.at.us)),
        window=window,
        judged_rows=frozenset(row.location for row in rows),
    )


def _time_of(session: Session, trade: Trade) -> int:
    match trade:
        case ClosedTrade():
            return trade.close.at.us
        case UnclosedEntry():
            return session.ledger_of(trade.row).log_time(trade.row)
        case _:
            assert_never(trade)


def _rows_of(trades: tuple[Trade, ...]) -> Iterator[LedgerEntry]:
    for trade in trades:
        rows = (
            (trade.row, trade.backfill, *trade.parts[1:]) if isinstance(trade, ClosedTrade) else (trade.row,)
        )
        yield from (row for row in rows if row is not None)


def _touches(position: Position, window: TimeWindow) -> bool:
    moments = [close.at.us for close in position.closes]
    if position.open is not None:
        moments.append(position.open.at.us)
    return any(map(window.holds, moments))


def rows_before(session: Session, place: Location) -> LedgerEntry | None:
    """The ledger's last readable row above a line, else its first one; None where it holds none."""
    rows = [row for lc in session.ledgers if lc.address == place.address for row in lc.ledger.rows]
    above = [row for row in rows if row.location.line < place.line]
    return above[-1] if above else next(iter(rows), None)
