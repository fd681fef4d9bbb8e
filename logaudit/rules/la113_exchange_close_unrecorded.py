"""LA113 exchange-close-unrecorded.

# What it finds

A position that the exchange confirmed as closed, while the bot logged no close of it and no ledger at hand holds a row
that could be its. A position without its open in the logs is not meant, nor one whose ledger is not at hand. Where no
close is recognised in the logs at all it is a warning: the bot may word its closes otherwise (LA407).

# Why it matters

The bot never noticed that its position had ended: a liquidation, a stop at the exchange, an order filled while it was
disconnected. Its result is in no ledger.

# Example

BTC-USDT long is opened at 09:05; at 09:21 the private stream says that it is closed; the bot goes on as if it held it.

# What to do

Handle closes that the exchange reports like the bot's own, and add the row from the exchange's history.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.events import Event, EventKind
from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, Time, label, msg
from logaudit.core.timestamp import SECOND, iso
from logaudit.core.trades import LedgerEntry, PositionStatus, symbol_key
from logaudit.reconcile.ledgers import is_at_hand
from logaudit.reconcile.matching.match import FARTHEST
from logaudit.reconcile.positions import Position
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.rewritten import begun_before
from logaudit.reconcile.unread_places import lines_may_tell
from logaudit.rules.base import report
from logaudit.rules.wording import SIDES

RULE = Rule(
    "LA113",
    "exchange-close-unrecorded",
    Severity.ERROR,
    "the exchange confirmed a close that neither a close line nor a row tells of",
    label("rule", "the exchange confirmed a close that neither a close line nor a row tells of"),
)

#: A row bears a time so near to the confirmation of its close.
_BORDER = 60 * SECOND
_HELD = (
    PositionStatus.OPEN_AT_END,
    PositionStatus.CLOSE_MISSING,
    PositionStatus.FORGOTTEN,
    PositionStatus.PARTLY_CLOSED,
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each position that only the exchange knows to have ended."""
    for session in case.sessions:
        for position in session.positions:
            told = _unheard(session, position)
            if (
                told is not None
                and not _may_have_row(session, position, told)
                and _ledger_at_hand(session, position, told)
            ):
                yield _unrecorded(session, position, told, sure=bool(session.closes))


def _unheard(session: Session, position: Position) -> Event | None:
    """The confirmation of an end that the bot did not log."""
    if position.status not in _HELD or position.open is None:
        return None
    window = round(session.profile.ledger.window * SECOND)
    closes = [close.at.us for close in position.closes]
    alone = (e for e in position.exchange if all(abs(e.at.us - at) > window for at in closes))
    return next(iter(sorted(alone, key=lambda e: e.at.us)), None)


def _may_have_row(session: Session, position: Position, told: Event) -> bool:
    """Whether a row without a close may be the position's, or one that could not be read."""
    if position.open is not None and lines_may_tell(session, position.open.fields):
        return True
    if any(times.holds(told.at.us, -_BORDER) for times in session.unread_times):
        return True
    return any(
        _may_be(position, trade.row) and _is_near(position, told, trade.row) for trade in session.unclosed
    )


def _may_be(position: Position, row: LedgerEntry) -> bool:
    if symbol_key(row.fields.symbol) == symbol_key(position.symbol):
        return True
    opened = position.open.fields if position.open is not None else None
    return (
        opened is not None and opened.entry_price is not None and opened.entry_price == row.fields.entry_price
    )


def _is_near(position: Position, told: Event, row: LedgerEntry) -> bool:
    """Whether a row's time, in whatever zone, may be that of the position's open or end, or lie between."""
    return position.start - FARTHEST <= row.at.us <= told.at.us + FARTHEST


def _ledger_at_hand(session: Session, position: Position, told: Event) -> bool:
    run, ledgers = session.run(position.run), session.ledgers
    begun = session.evidence.of(EventKind.LEDGER_OPENED, EventKind.RECORDER_READY)
    return bool(ledgers) and (is_at_hand(ledgers, run, told) or begun_before(begun, ledgers, run, told))


def _unrecorded(session: Session, position: Position, told: Event, *, sure: bool) -> Finding:
    opened = position.open
    return report(
        RULE,
        session,
        msg(
            "The exchange confirmed at {at} that {symbol} {side} is closed; no close of it was logged, and no row "
            "tells of it.",
            at=Time(told.at),
            symbol=Code(position.symbol),
            side=SIDES[position.side],
        ),
        [told.location, *([opened.location] if opened is not None else [])],
        (symbol_key(position.symbol), position.side.value if position.side else "", iso(told.at.us, SECOND)),
        run=position.run,
        at=told.at,
        severity=None if sure else Severity.WARNING,
        remedy=msg("Close and record the position where the bot handles the exchange's confirmation."),
        data={
            "symbol": position.symbol,
            "side": position.side.value if position.side else None,
            "opened": opened.at.iso() if opened is not None else None,
            "confirmed": told.at.iso(),
        },
    )
