"""Puts every announcement and every trade entry of a session into exactly one part of its money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import assert_never

from msgspec import Struct

from logaudit.core.location import Address, Location
from logaudit.core.money_parts import LedgerMoney, LogMoney, MoneyParts, Priced, amount_of
from logaudit.core.trades import LedgerEntry, TradeState, Writer
from logaudit.reconcile.matching import DeviationKind
from logaudit.reconcile.reconciled import ClosedTrade, Session
from logaudit.reconcile.unit_ratio import wrong_units


def money_of(session: Session) -> MoneyParts:
    """The parts of what the logs tell and of what the ledgers hold."""
    return MoneyParts(log_money(session.closed), _ledger(session), amount_of(recorders_money(session)))


def log_money(trades: Iterable[ClosedTrade]) -> LogMoney:
    """The parts of what announces these closes."""
    parts: dict[str, list[Priced]] = defaultdict(list)
    for trade in trades:
        parts[_log_part(trade.state)].append(trade)
        parts["repeats"] += (echo.fields for echo in trade.echoes)
    return LogMoney(**{name: amount_of(items) for name, items in parts.items()})


def _log_part(state: TradeState) -> str:
    match state:
        case TradeState.RECORDED | TradeState.UNACKNOWLEDGED:
            return "recorded"
        case TradeState.SILENT_DROP | TradeState.FALSE_ACK | TradeState.FAILED_WRITE:
            return "lost"
        case TradeState.BACKFILLED:
            return "restored"
        case TradeState.UNVERIFIABLE | TradeState.ORPHAN_ROW:
            return "unverifiable"
        case _:
            assert_never(state)


def _ledger(session: Session) -> LedgerMoney:
    homes, wrong = _homes(session), _conventions(session)
    parts: dict[str, list[Priced]] = defaultdict(list)
    for row in session.rows:
        parts[homes.get(row.location, "unverifiable")].append(_priced(row, wrong))
    return LedgerMoney(**{name: amount_of(items) for name, items in parts.items()})


def _homes(session: Session) -> dict[Location, str]:
    """Place of an entry → its part; what stands for a close goes before what repeats it."""
    orphans = (t.row for t in session.unclosed if t.state is TradeState.ORPHAN_ROW)
    homes = {row.location: "orphan" for row in orphans}
    homes |= {row.location: "duplicate" for row, _ in session.duplicates}
    homes |= {row.location: "repeated" for row, _ in session.repeats}
    homes |= {t.backfill.location: "restored" for t in session.closed if t.backfill is not None}
    homes |= {row.location: "recorded" for trade in session.closed for row in trade.rows}
    return homes


def recorders_rows(session: Session) -> Iterator[LedgerEntry]:
    """The judged rows that the recorder wrote; another writer's repeat or restore what it lost."""
    return (row for row in session.rows if row.writer is not Writer.OTHER)


def recorders_money(session: Session) -> Iterator[Priced]:
    """What each of `recorders_rows` shows."""
    conventions = _conventions(session)
    return (_priced(row, conventions) for row in recorders_rows(session))


def incomparable(session: Session) -> frozenset[Address]:
    """The ledgers whose PnL and the log's are not amounts of one kind, in one unit."""
    return wrong_units(session).union(_conventions(session))


class _Entry(Struct, frozen=True):
    """A PnL that is not what its column or its word says: gross, or None for a percentage."""

    result: Decimal | None
    gross_only: bool


def _priced(row: LedgerEntry, conventions: Mapping[Address, DeviationKind]) -> Priced:
    match conventions.get(row.location.address):
        case DeviationKind.GROSS_FOR_NET:
            return _Entry(row.result, gross_only=True)
        case DeviationKind.PERCENT:
            return _Entry(None, gross_only=False)
        case _:
            return row


def _conventions(session: Session) -> dict[Address, DeviationKind]:
    """The ledgers that show another PnL than the log as a rule: gross, net, or percent."""
    kinds = (DeviationKind.GROSS_FOR_NET, DeviationKind.AFTER_FEE, DeviationKind.PERCENT)
    return {
        c.ledger: c.deviation.kind for c in session.conventions if c.deviation.kind in kinds and c.prevails
    }
