"""LA101 missing-row.

# What it finds

A close that the bot logged and that has no row in any trades ledger of its session, although the logs and
the ledger cover its time.

# Why it matters

Every figure computed from the ledger (PnL, win rate, taxes, position sizing) is wrong by this trade.

# Example

    2025-11-28 05:13:38.049 | INFO | ПОЗИЦИЯ ЗАКРЫТА: BTC-USDT SHORT
       Net PnL: $+1.9434 USDT

and neither `trades_2025-11-28.csv` nor any other ledger holds a BTC-USDT row at that time.

# What to do

Restore the row from the quoted lines, then look at the run's LA102: it says whether the recorder failed
silently, and the code path named there is where to look. A close restored by hand is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.case import Case, ClosedTrade, Session
from logaudit.model.finding import Finding, Rule, Severity
from logaudit.model.states import TradeState
from logaudit.rules.base import describe, place_for, report, said, trade_data, trade_meaning

RULE = Rule("LA101", "missing-row", Severity.ERROR, "a logged close has no ledger row")


def check(case: Case) -> Iterator[Finding]:
    """One finding for each missing close of a session that has a ledger."""
    for session, trade in case.closed():
        if trade.missing and session.ledgers:
            yield _missing(session, trade)


def _missing(session: Session, trade: ClosedTrade) -> Finding:
    close = trade.close
    place = place_for(trade, session)
    where = f"; it belongs in {place.address}" if place else ""
    tail = ""
    if trade.state is TradeState.BACKFILLED and trade.backfill is not None:
        tail = f" Another writer restored it later ({trade.backfill.location.cite()})."
    elif trade.tied:
        tail = " Which of two equal closes the ledger lost cannot be told: the row that is there fits both."
    evidence = [close.location, *close.locations[1:]]
    if trade.backfill is not None:
        evidence.append(trade.backfill.location)
    if place is not None:
        evidence.append(place)
    return report(
        RULE,
        session,
        f"{describe(close)} with net PnL {said(close.fields.result)} has no row from the recorder{where}.{tail}",
        evidence,
        trade_meaning(trade),
        run=trade.run,
        severity=Severity.WARNING if trade.state is TradeState.BACKFILLED else None,
        data={**trade_data(trade), "rival": trade.tied},
    )
