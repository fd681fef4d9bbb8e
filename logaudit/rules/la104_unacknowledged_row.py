"""LA104 unacknowledged-row.

# What it finds

A close with its row, but without the recorder's acknowledgement, in a session where others have one. Closes at
the very end of the logs are not meant: their acknowledgements may lie behind it.

# Why it matters

The row was written on a path that does not report, or by somebody else: the recorder's counter and the
alarms built on its lines do not see it.

# Example

Five rows, four `TRADE RECORDED` lines.

# What to do

Find the writer of the row; make every write pass through the function that acknowledges.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import label, msg
from logaudit.core.trades import TradeState
from logaudit.reconcile.reconciled import Case
from logaudit.rules.base import report, trade_data, trade_meaning
from logaudit.rules.wording import describe

RULE = Rule(
    "LA104",
    "unacknowledged-row",
    Severity.WARNING,
    "row exists, the recorder never said so",
    label("rule", "written, but not acknowledged"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each recorded close without an acknowledgement."""
    for session, trade in case.closed():
        if trade.state is TradeState.UNACKNOWLEDGED:
            yield report(
                RULE,
                session,
                msg(
                    "{close} has its row, but the recorder acknowledged nothing for it.",
                    close=describe(trade.close),
                ),
                trade.pair,
                trade_meaning(trade),
                run=trade.run,
                data=trade_data(trade),
            )
