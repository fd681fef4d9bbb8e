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

Restore the row: `logaudit restore LOGS -o FOLDER` writes it as a patch. Then look at the run's LA102: it says whether
the recorder failed silently, and the code path named there is where to look. A restored close is a note.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Message, Place, label, msg, place, sentences
from logaudit.core.pnl_words import pnl_figure
from logaudit.core.trades import TradeState
from logaudit.reconcile.reconciled import Case, ClosedTrade, Session
from logaudit.rules.base import place_for, report, restore_rows, severity_of, trade_data, trade_meaning
from logaudit.rules.wording import describe

RULE = Rule(
    "LA101",
    "missing-row",
    Severity.ERROR,
    "a logged close has no ledger row",
    label("rule", "a logged close has no ledger row"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each missing close; where no ledger was read none is known to be missing."""
    for session, trade in case.closed():
        if trade.missing:
            yield _missing(session, trade)


def _missing(session: Session, trade: ClosedTrade) -> Finding:
    close = trade.close
    expected = place_for(trade, session)
    evidence = [close.location, *close.locations[1:]]
    if trade.backfill is not None:
        evidence.append(trade.backfill.location)
    if expected is not None:
        evidence.append(expected)
    return report(
        RULE,
        session,
        sentences(_unrecorded(trade, expected), _explained(trade)),
        evidence,
        trade_meaning(trade),
        run=trade.run,
        severity=severity_of([trade]),
        data={**trade_data(trade), "rival": trade.tied},
        remedy=restore_rows() if trade.lost else None,
    )


def _unrecorded(trade: ClosedTrade, expected: Location | None) -> Message:
    if expected is None:
        return msg(
            "{close} with {pnl} has no row from the recorder.",
            close=describe(trade.close),
            pnl=pnl_figure([trade]),
        )
    return msg(
        "{close} with {pnl} has no row from the recorder; the row belongs in {ledger}.",
        close=describe(trade.close),
        pnl=pnl_figure([trade]),
        ledger=Place(expected.address),
    )


def _explained(trade: ClosedTrade) -> Message | None:
    """What became of the row, as far as the ledger tells."""
    if trade.state is TradeState.BACKFILLED and trade.backfill is not None:
        return msg("Another writer restored it later ({row}).", row=place(trade.backfill.location))
    if trade.tied:
        return msg("Two equal closes share one row: which of them the ledger lost is not known.")
    return None
