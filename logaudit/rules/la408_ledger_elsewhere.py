"""LA408 ledger-elsewhere.

# What it finds

A ledger that the log names when the recorder opens it, and that is not at hand, nor any that is called like it: the
ledgers at hand are others. A run whose closes have their rows at hand is not meant, whatever the file is called there.

# Why it matters

The rows of these runs may all be in the file that is missing here. Nothing can be said about them, neither that they
were written nor that they were lost.

# Example

`Created new trades CSV: /srv/data/trades_live.csv`, and the folder holds `trades.csv` with trades of last week.

# What to do

Scan the file that the log names together with the logs: `logaudit scan LOGS LEDGER`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from logaudit.core.events import Event
from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, Time, codes, label, msg, sentences
from logaudit.core.text import printable
from logaudit.core.trades import TradeState
from logaudit.reconcile.ledger_elsewhere import ledgers_elsewhere, shows_ledger
from logaudit.reconcile.ledgers import base_name
from logaudit.reconcile.positions import run_at
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report

RULE = Rule(
    "LA408",
    "ledger-elsewhere",
    Severity.WARNING,
    "the log names a ledger that is not the one at hand",
    label("rule", "the log names a ledger that is not the one at hand"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each file that the log names and the folder lacks."""
    for session in case.sessions:
        recorded = [trade.close for trade in session.closed if shows_ledger(trade.match)]
        by_path: dict[str, list[Event]] = defaultdict(list)
        for event in ledgers_elsewhere(session.evidence, session.ledgers, session.runs, recorded).opened:
            by_path[event.captures.path].append(event)
        unverifiable = Counter(t.run for t in session.closed if t.state is TradeState.UNVERIFIABLE)
        for path, events in sorted(by_path.items()):
            runs = {run.id for e in events if (run := run_at(session.runs, e.at.end - 1)) is not None}
            yield _elsewhere(session, path, events, sum(unverifiable[run] for run in runs))


def _elsewhere(session: Session, path: str, events: list[Event], closes: int) -> Finding:
    return report(
        RULE,
        session,
        sentences(
            msg(
                "The recorder opened {path} at {at}, which is not at hand; the ledgers here are {others}.",
                path=Code(printable(path)),
                at=Time(events[0].at),
                others=codes([printable(str(ledger.address)) for ledger in session.ledgers]),
            ),
            msg("Whether the closes of its runs were recorded cannot be told.") if closes else None,
        ),
        [event.location for event in events[:5]],
        (base_name(path),),
        data={"path": path, "opened": len(events), "closes": closes},
        remedy=msg("Scan {path} together with the logs.", path=Code(printable(path))),
    )
