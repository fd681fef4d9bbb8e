"""LA103 false-acknowledgement.

# What it finds

The recorder logged that it wrote a trade; no ledger at hand holds the row.

# Why it matters

The acknowledgement is what operators trust. Written before the row, or in spite of a failed write, it hides
every loss.

# Example

    TRADE RECORDED | Total: 7 | Win Rate: 57.1% | Daily PnL: $3.10

seven acknowledgements, six rows.

# What to do

Log the acknowledgement after the file was flushed and closed, with the file's name. Check whether the
ledger was overwritten or truncated after the write.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Time, label, msg
from logaudit.core.pnl_words import pnl_figure
from logaudit.core.trades import TradeState
from logaudit.reconcile.reconciled import Case
from logaudit.rules.base import place_for, report, trade_data, trade_meaning
from logaudit.rules.wording import describe

RULE = Rule(
    "LA103",
    "false-acknowledgement",
    Severity.ERROR,
    "the recorder said it wrote the trade; no row exists",
    label("rule", "acknowledged, but not written"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each acknowledged close without a row."""
    for session, trade in case.closed():
        if trade.state is TradeState.FALSE_ACK:
            acks = [e.locations[0] for e in trade.witness.acks]
            place = place_for(trade, session)
            yield report(
                RULE,
                session,
                msg(
                    "{close}, {pnl}: the recorder acknowledged it at {at}, but no ledger at hand holds the "
                    "row.",
                    close=describe(trade.close),
                    pnl=pnl_figure([trade]),
                    at=Time(trade.witness.acks[0].at),
                ),
                [*acks, trade.close.location, *([place] if place else [])],
                trade_meaning(trade),
                run=trade.run,
                data={**trade_data(trade), "acknowledged": trade.witness.acks[0].at.iso()},
                remedy=msg("Acknowledge a trade after its row is written and flushed."),
            )
