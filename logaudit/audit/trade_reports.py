"""What the report says of each trade, repeat, position, ledger row and event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.location import Address, Location
from logaudit.core.money_parts import amount_of
from logaudit.core.timestamp import Stamp
from logaudit.core.trade_report import (
    EntryReport,
    EventReport,
    NearbyLine,
    PositionReport,
    RepeatReport,
    TradeReport,
)
from logaudit.core.trades import LedgerEntry
from logaudit.diagnosis.close_context import log_contexts
from logaudit.ingest.source_extract import LogContext
from logaudit.reconcile.positions import Position
from logaudit.reconcile.reconciled import ClosedTrade, Session, Trade, Witness, trade_name
from logaudit.reconcile.reconciled_ledger import ReconciledLedger

#: Records that are shown on each side of a close.
_SHOWN: Final = 4


def trade_reports(session: Session) -> Iterator[TradeReport]:
    """A session's trades, each with what was logged around its close."""
    contexts = log_contexts(session)
    ledgers = {ledger.address: ledger for ledger in session.ledgers}
    for trade in session.trades:
        context = None
        if isinstance(trade, ClosedTrade):
            place = trade.close.location
            context = contexts.get(((place.path, place.member), place.line))
        yield _trade_report(session, trade, context, ledgers)


def _trade_report(
    session: Session, trade: Trade, context: LogContext | None, ledgers: Mapping[Address, ReconciledLedger]
) -> TradeReport:
    """One trade, with an id that is unique over all sessions."""
    told = trade.fields
    closed = trade if isinstance(trade, ClosedTrade) else None
    opened = closed.position.open if closed else None
    said = closed.witness if closed else Witness()
    heard = (*said.acks, *said.failures, *said.exchange)
    backfill = closed.backfill if closed else None
    return TradeReport(
        id=trade_name(session, trade),
        session=session.root,
        run=trade.run,
        symbol=told.symbol,
        side=told.side,
        opened=opened.at if opened else None,
        closed=trade.at,
        reason=told.reason,
        emitter=str(closed.close.emitter) if closed else "",
        state=trade.state,
        missing=closed is not None and closed.missing,
        ambiguous=closed is not None and closed.ambiguous,
        entry_price=told.entry_price,
        exit_price=told.exit_price,
        size=told.amount,
        gross_pnl=told.gross_pnl,
        net_pnl=told.result if closed else None,
        ledger_net_pnl=trade.row.result if trade.row else None,
        gross_only=trade.gross_only,
        partial=closed is not None and closed.partial,
        log=closed.close.location if closed else None,
        row=trade.row.location if trade.row else None,
        backfill=backfill.location if backfill else None,
        also=tuple(e.location for e in heard),
        also_at=tuple(e.at for e in heard),
        row_at=_log_time(ledgers, trade.row),
        backfill_at=_log_time(ledgers, backfill),
        nearby=tuple(_nearby(closed.close, context)) if closed and context else (),
    )


def _nearby(close: Event, context: LogContext) -> Iterator[NearbyLine]:
    """The nearest records on both sides that are not lines of the close itself, nor what its other sinks hold."""
    own = {place.line for place in close.locations}
    before = [near for near in context.before if near.line not in own][-_SHOWN:]
    after = [near for near in context.after if near.line not in own][:_SHOWN]
    for near in (*before, *after):
        yield NearbyLine(near.line, near.delta, near.level, near.emitter, near.template)


def _log_time(ledgers: Mapping[Address, ReconciledLedger], row: LedgerEntry | None) -> Stamp | None:
    """A row's time on the log's clock."""
    if row is None:
        return None
    return replace(row.at, us=ledgers[row.location.address].log_time(row), offset=None)


def repeat_reports(session: Session, trade: ClosedTrade) -> Iterator[RepeatReport]:
    """The other announcements of a close."""
    for echo in trade.echoes:
        yield RepeatReport(
            session=session.root,
            trade=trade_name(session, trade),
            at=echo.at,
            symbol=echo.fields.symbol,
            side=echo.fields.side,
            emitter=str(echo.emitter),
            exit_price=echo.fields.exit_price,
            net_pnl=echo.fields.result,
            log=echo.location,
        )


def position_reports(session: Session) -> Iterator[PositionReport]:
    """A session's positions, numbered in their order."""
    trades = {trade.close.locations: trade for trade in session.closed}
    for index, position in enumerate(session.positions):
        yield _position(session, index, position, trades)


def _position(
    session: Session, index: int, position: Position, trades: Mapping[Sequence[Location], ClosedTrade]
) -> PositionReport:
    last = position.closes[-1] if position.closes else None
    ending = trades.get(last.locations) if last else None
    pnl = amount_of(trades.get(close.locations, close.fields) for close in position.closes)
    opened = position.open
    begun, ended = (e.fields if e is not None else TradeFields() for e in (opened, last))
    entry = begun.entry_price if begun.entry_price is not None else ended.entry_price
    size = begun.amount if begun.amount is not None else ended.size
    return PositionReport(
        id=f"{index + 1}" if session.root == "." else f"{session.root}/{index + 1}",
        session=session.root,
        run=position.run,
        symbol=position.symbol,
        side=position.side,
        opened=opened.at if opened else None,
        closed=last.at if last else None,
        status=position.status,
        entry_price=entry,
        exit_price=ended.exit_price,
        size=size,
        net_pnl=pnl.value if last else None,
        gross_only=pnl.is_gross,
        duration_sec=ended.duration_sec,
        reason=ended.reason,
        emitter=str(last.emitter) if last else "",
        state=ending.state if ending else None,
        open_log=opened.location if opened else None,
        close_log=last.location if last else None,
    )


def entry_reports(session: Session) -> Iterator[EntryReport]:
    """Every row of the session's ledgers, with the trade that it tells of."""
    homes: dict[Location, str] = {}
    for trade in session.trades:
        rows = (*trade.rows, trade.backfill) if isinstance(trade, ClosedTrade) else (trade.row,)
        homes |= {row.location: trade_name(session, trade) for row in rows if row is not None}
    homes |= {row.location: trade_name(session, trade) for row, trade in session.repeats}
    homes |= {row.location: homes.get(of.location, "") for row, of in session.duplicates}
    for ledger in session.ledgers:
        for row in ledger.ledger.rows:
            yield EntryReport(
                session=session.root,
                trade=homes.get(row.location, ""),
                ledger=str(ledger.address),
                at=row.at,
                writer=row.writer,
                fields=row.fields,
                row=row.location,
            )


def event_reports(session: Session) -> Iterator[EventReport]:
    """Every event of the session's logs, in time order."""
    for event in session.evidence.events:
        yield EventReport(
            session=session.root,
            kind=event.kind,
            at=event.at,
            stream=event.stream,
            emitter=str(event.emitter),
            level=event.level,
            fields=event.fields,
            counter=event.captures.counter,
            path=event.captures.path,
            detail=event.captures.detail,
            pattern=event.pattern,
            log=event.location,
            also=tuple(event.locations[1:]),
        )
