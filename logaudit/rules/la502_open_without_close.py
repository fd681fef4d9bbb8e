"""LA502 open-without-close.

# What it finds

A position that was opened, and whose close was not logged before the same symbol and side was opened again in
the same run. Positions still open when the logs end are not meant, nor those whose close may lie in a gap of the
logs.

# Why it matters

The position ended somewhere the bot did not log (the exchange closed it, or a path is silent), and no ledger can
hold what nobody noticed.

# Example

BTC-USDT long opened at 10:00 and again at 11:30, with no close in between; the exchange confirmed one at 11:02.

# What to do

Handle closes that the exchange reports (liquidation, ADL, orders filled while disconnected) like the bot's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.events import Event
from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, Time, label, msg, sentences
from logaudit.core.timestamp import SECOND, iso
from logaudit.core.trades import symbol_key
from logaudit.reconcile.positions import Position, PositionStatus
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report, unseen
from logaudit.rules.wording import SIDES

RULE = Rule(
    "LA502",
    "open-without-close",
    Severity.NOTE,
    "an opened position whose close was never logged",
    label("rule", "an opened position whose close was never logged"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each such position."""
    for session in case.sessions:
        for position in session.positions:
            if (
                position.status is PositionStatus.CLOSE_MISSING
                and (opened := position.open) is not None
                and not unseen(session, position.start, _opened_again(session, position))
            ):
                yield _unclosed(session, position, opened)


def _opened_again(session: Session, position: Position) -> int:
    """Naive µs of the open that shows that the position must have ended."""
    key, side = symbol_key(position.symbol), position.side
    later = (p for p in session.positions if p.open and p.start > position.start and p.side is side)
    return min((p.start for p in later if symbol_key(p.symbol) == key), default=position.start)


def _unclosed(session: Session, position: Position, opened: Event) -> Finding:
    told = position.exchange[0] if position.exchange else None
    return report(
        RULE,
        session,
        sentences(
            msg(
                "{symbol} {side} opened {at} was opened again without a logged close in between.",
                symbol=Code(position.symbol),
                side=SIDES[position.side],
                at=Time(opened.at),
            ),
            msg("The exchange confirmed a close at {at}.", at=Time(told.at)) if told else None,
        ),
        [opened.location, *([told.locations[0]] if told else [])],
        (
            symbol_key(position.symbol),
            position.side.value if position.side else "side unknown",
            iso(opened.at.us, SECOND),
        ),
        run=position.run,
        data={
            "symbol": position.symbol,
            "side": position.side.value if position.side else None,
            "opened": opened.at.iso(),
            "exchange_confirmed": told.at.iso() if told else None,
        },
    )
