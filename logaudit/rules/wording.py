"""Messages that rules share: how they name closes, rows, sides, fields and streams."""

from __future__ import annotations

from typing import Final

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import FieldName, PositionSide
from logaudit.core.message import Code, Listed, Message, Time, codes, label, msg
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.reconciled import Session

#: Sides of positions.
SIDES: Final = {
    PositionSide.LONG: label("side", "long"),
    PositionSide.SHORT: label("side", "short"),
    None: label("side", "(side unknown)"),
}

#: Names of the fields in which a close and its row may differ.
FIELDS: Final = {
    FieldName.ENTRY_PRICE: label("field", "entry_price"),
    FieldName.EXIT_PRICE: label("field", "exit_price"),
    FieldName.SIZE: label("field", "size"),
    FieldName.CONTRACTS: label("field", "contracts"),
    FieldName.GROSS_PNL: label("field", "gross_pnl"),
    FieldName.NET_PNL: label("field", "net_pnl"),
    FieldName.PNL: label("field", "pnl"),
    FieldName.COMMISSION: label("field", "commission"),
    FieldName.FUNDING: label("field", "funding"),
    FieldName.DURATION_SEC: label("field", "duration_sec"),
    FieldName.REASON: label("field", "reason"),
}

#: Kinds of events, as in "the position-closed record".
EVENTS: Final = {
    EventKind.RUN_STARTED: label("event", "run-started"),
    EventKind.POSITION_OPENED: label("event", "position-opened"),
    EventKind.POSITION_CLOSED: label("event", "position-closed"),
    EventKind.POSSIBLE_CLOSE: label("event", "possible-close"),
    EventKind.CLOSE_FAILED: label("event", "close-failed"),
    EventKind.RECORDER_READY: label("event", "recorder-ready"),
    EventKind.LEDGER_OPENED: label("event", "ledger-opened"),
    EventKind.TRADE_ACKNOWLEDGED: label("event", "trade-acknowledged"),
    EventKind.RECORDER_FAILED: label("event", "recorder-failed"),
    EventKind.EXCHANGE_CONFIRMED: label("event", "exchange-confirmed"),
    EventKind.ORDER_FILLED: label("event", "order-filled"),
    EventKind.REPORTED_FLAT: label("event", "reported-flat"),
    EventKind.LEDGER_TOUCHED: label("event", "ledger-touched"),
}


def describe(close: Event) -> Message:
    """``BTC-USDT short closed 2025-11-28T05:13:38.049 (tp)``."""
    told = close.fields
    symbol, side, at = Code(told.symbol), SIDES[told.side], Time(close.at)
    if not told.reason:
        return msg("{symbol} {side} closed {at}", symbol=symbol, side=side, at=at)
    return msg(
        "{symbol} {side} closed {at} ({reason})", symbol=symbol, side=side, at=at, reason=Code(told.reason)
    )


def describe_row(row: LedgerEntry) -> Message:
    """``BTC-USDT short at 2025-11-28T05:13:38``."""
    told = row.fields
    return msg("{symbol} {side} at {at}", symbol=Code(told.symbol), side=SIDES[told.side], at=Time(row.at))


def streams(session: Session) -> Listed:
    """The streams at hand: ``futures_main, info``."""
    return codes(session.evidence.stream_names) if session.evidence.stream_names else _NO_STREAM


_NO_STREAM: Final = Listed((msg("no stream"),))
