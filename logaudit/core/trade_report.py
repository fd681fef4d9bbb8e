"""What the report says of one trade, one repeat and one position, as values that renderers format."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from logaudit.core.fields import PositionSide
from logaudit.core.location import Location
from logaudit.core.timestamp import Stamp
from logaudit.core.trades import PositionStatus, TradeState


class TradeReport(Struct, frozen=True):
    """One close and its row, or a row without a close."""

    id: str
    session: str
    run: str
    symbol: str
    side: PositionSide | None
    opened: Stamp | None
    closed: Stamp
    reason: str
    emitter: str
    state: TradeState
    missing: bool
    ambiguous: bool
    entry_price: Decimal | None
    exit_price: Decimal | None
    size: Decimal | None
    gross_pnl: Decimal | None
    net_pnl: Decimal | None
    ledger_net_pnl: Decimal | None
    partial: bool
    log: Location | None
    row: Location | None
    backfill: Location | None
    also: tuple[Location, ...]


class RepeatReport(Struct, frozen=True):
    """An announcement of a close that was told already; it is no trade and in no sum.

    Attributes:
        trade: id of the close it repeats.
    """

    session: str
    trade: str
    at: Stamp
    symbol: str
    side: PositionSide | None
    emitter: str
    exit_price: Decimal | None
    net_pnl: Decimal | None
    log: Location


class PositionReport(Struct, frozen=True):
    """A reconstructed position: its open, its close, or both."""

    id: str
    session: str
    run: str
    symbol: str
    side: PositionSide | None
    opened: Stamp | None
    closed: Stamp | None
    status: PositionStatus
    entry_price: Decimal | None
    exit_price: Decimal | None
    size: Decimal | None
    net_pnl: Decimal | None
    duration_sec: Decimal | None
    reason: str
    emitter: str
    state: TradeState | None
    open_log: Location | None
    close_log: Location | None
