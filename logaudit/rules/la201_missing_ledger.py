"""LA201 missing-ledger.

# What it finds

A day with logged closes for which no ledger file is at hand, and whose rows are in no other file either. A
ledger whose name bears no date serves every day. A warning where no ledger was read at all, or where the recorder
acknowledged every trade of the day: the file is then likely elsewhere.

# Why it matters

The recorder did not create the file, created it elsewhere, or it was deleted: a whole day is in no ledger.

# Example

A close on 2025-11-28, `trades_2025-11-27.csv` at hand, no `trades_2025-11-28.csv`, and no row of that day.

# What to do

Look for the file in the folder the bot was started from (a relative path follows the working directory). If it
lies somewhere else, pass that folder as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from logaudit.core.finding import Finding, Needs, ReportSection, Rule, Severity
from logaudit.core.message import Code, Message, Text, codes, label, msg, plural, sentences
from logaudit.core.pnl_words import pnl_figure
from logaudit.core.trades import TradeState
from logaudit.reconcile.reconciled import Case, ClosedTrade, Session
from logaudit.rules.base import losses, money, net_of, report

RULE = Rule(
    "LA201",
    "missing-ledger",
    Severity.ERROR,
    "a day with closes has no ledger file",
    label("rule", "a day with closes has no ledger"),
    needs=Needs.LOGS,
    told_in=ReportSection.LEDGERS,
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each such day of a session."""
    for session in case.sessions:
        dated = {lc.ledger.name_date for lc in session.ledgers}
        if None in dated:
            continue
        days: dict[date, list[ClosedTrade]] = defaultdict(list)
        for trade in session.closed:
            days[trade.at.day].append(trade)
        for day in sorted(days):
            trades = days[day]
            # A file that could not be read may be that of the day: LA401 names it.
            unread = all(t.room in session.possible_ledgers for t in trades)
            if day not in dated and not unread and not any(t.row or t.backfill for t in trades):
                yield _day(session, day, days[day], elsewhere=case.has_ledgers)


def _day(session: Session, day: date, trades: list[ClosedTrade], *, elsewhere: bool) -> Finding:
    closes = [t.close for t in trades]
    names = [lc.address.member or lc.address.path for lc in session.ledgers]
    unsure = all(t.state is TradeState.UNVERIFIABLE for t in trades)
    acknowledged = unsure and all(t.witness.acks for t in trades)
    return report(
        RULE,
        session,
        sentences(
            msg(
                "{closes} on {date} ({pnl}), but no ledger file of that day: {others}.",
                closes=plural("{n} close", "{n} closes", len(closes)),
                date=Text(day.isoformat()),
                pnl=pnl_figure(trades),
                others=_others(names, elsewhere=elsewhere),
            ),
            plural(
                "The recorder acknowledged it: the file is likely elsewhere.",
                "The recorder acknowledged them: the file is likely elsewhere.",
                len(closes),
            )
            if acknowledged
            else None,
        ),
        [*(c.location for c in closes), *(lc.place for lc in session.ledgers[-1:])],
        (day.isoformat(),),
        run=trades[0].run,
        parts=losses(trades),
        severity=Severity.WARNING if unsure else None,
        data={
            "date": day.isoformat(),
            "closes": len(closes),
            "net_pnl": money(net_of(trades)),
            "ledgers": list(names),
        },
        remedy=msg("If the file lies elsewhere, scan its folder too."),
    )


def _others(names: list[str], *, elsewhere: bool) -> Message:
    """What the ledgers at hand hold of the day; ``elsewhere`` is whether another folder holds some."""
    if not names and elsewhere:
        return msg("no trades ledger lies beside its log")
    if not names:
        return msg("no trades ledger at all is at hand")
    if len(names) == 1:
        return msg("{ledger} holds no row of that day", ledger=Code(names[0]))
    return msg(
        "none of the {n} ledgers at hand holds a row of that day ({names})",
        n=len(names),
        names=codes(names[:3]),
    )
