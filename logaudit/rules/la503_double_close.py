"""LA503 double-close.

# What it finds

A position that is announced closed more than once, with no open in between: a retry loop that prints the price of the
moment, or two code paths that each close it. It counts as one close; its other announcements are repeats. Where the
recorder wrote or acknowledged a second close of the position, that is a close of its own and the finding says so. What
says the same once more in another voice, a notifier or a summary, is no finding.

# Why it matters

Whoever adds up the log counts one result several times, and on an exchange without reduce-only a second order opens
the opposite position.

# Example

`_close_by_tp` and `_close_by_timeout` both close SOL-USDT short within a second.

# What to do

Take a lock for each symbol, and let a second path, or the next turn of a loop, check that the position still exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from logaudit.core.events import Event, EventKind
from logaudit.core.finding import Finding, Needs, ReportSection, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Code, Joiner, Listed, Message, Time, label, msg, plural, sentences
from logaudit.core.timestamp import SECOND, iso
from logaudit.core.trades import symbol_key
from logaudit.reconcile.reconciled import Case, ClosedTrade, Session
from logaudit.reconcile.repeats import claims_another, voices_of
from logaudit.rules.base import report
from logaudit.rules.wording import describe

RULE = Rule(
    "LA503",
    "double-close",
    Severity.WARNING,
    "one position announced closed more than once",
    label("rule", "one position announced closed more than once"),
    needs=Needs.LOGS,
    told_in=ReportSection.TIMELINE,
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each such position."""
    for session in case.sessions:
        voices = voices_of(session.closed)
        recorded: dict[Location, list[ClosedTrade]] = defaultdict(list)
        # Where no open is recognised, nothing tells a second row for one position from that of an equal trade.
        shows_opens = bool(session.evidence.of(EventKind.POSITION_OPENED))
        for trade in session.closed:
            if trade.again is not None and shows_opens:
                recorded[trade.again.location].append(trade)
        for trade in session.closed:
            seconds = recorded.get(trade.close.location, [])
            again = [e for e in trade.echoes if claims_another(trade, e, voices)]
            if again or seconds:
                yield _double(session, trade, again, seconds, shows_opens=shows_opens)


def _double(
    session: Session,
    trade: ClosedTrade,
    again: Sequence[Event],
    seconds: Sequence[ClosedTrade],
    *,
    shows_opens: bool,
) -> Finding:
    told = sorted([*again, *(s.close for s in seconds)], key=lambda e: (e.at.us, e.location))
    known = {id(e) for e in again}
    first, others = told[0], [e for e in trade.echoes if id(e) not in known]
    return report(
        RULE,
        session,
        sentences(_announced(trade, told, shows_opens=shows_opens), _by(trade, told), _recorded(seconds)),
        [first.location, trade.close.location, *(e.location for e in (*told[1:], *others))],
        (symbol_key(trade.fields.symbol), str(trade.fields.side or ""), iso(first.at.us, SECOND)),
        run=trade.run,
        at=first.at,
        data={
            "symbol": trade.fields.symbol,
            "side": trade.fields.side.value if trade.fields.side else None,
            "first": trade.close.at.iso(),
            "second": first.at.iso(),
            "last": told[-1].at.iso(),
            "announcements": 1 + len(told) + len(others),
            "recorded_again": len(seconds),
            "emitters": [str(e.emitter) for e in (trade.close, *told)],
        },
    )


def _announced(trade: ClosedTrade, told: Sequence[Event], *, shows_opens: bool) -> Message:
    """How often it is announced; that no open lies between says nothing where none is recognised at all."""
    close, last = describe(trade.close), Time(told[-1].at)
    if not shows_opens:
        return plural(
            "{close} is announced closed once more at {last}. No open is recognised in these logs, so it may be a "
            "part of the position, or another one.",
            "{close} is announced closed {n} more times, the last at {last}. No open is recognised in these logs, so "
            "some may be parts of the position, or other ones.",
            len(told),
            close=close,
            last=last,
        )
    return plural(
        "{close} is announced closed once more at {last}, with no open in between.",
        "{close} is announced closed {n} more times, the last at {last}, with no open in between.",
        len(told),
        close=close,
        last=last,
    )


def _by(trade: ClosedTrade, told: Sequence[Event]) -> Message | None:
    """The code paths, where more than one announces it."""
    paths = dict.fromkeys(e.emitter.function or e.emitter.module for e in (trade.close, *told))
    if len(paths) < 2 or "" in paths:  # noqa: PLR2004 - two paths are more than one
        return None
    return msg("Code paths that announce it: {paths}.", paths=Listed(tuple(map(Code, paths)), Joiner.AND))


def _recorded(seconds: Sequence[ClosedTrade]) -> Message | None:
    if not seconds:
        return None
    return plural(
        "The recorder knows of one of these as a close of its own, so that the position counts more than once.",
        "The recorder knows of {n} of these as closes of their own, so that the position counts more than once.",
        len(seconds),
    )
