"""LA503 double-close.

# What it finds

One position closed twice by two code paths: two closes of a symbol and side, by different functions, with the
same entry price and no open in between.

# Why it matters

The second close is counted in the PnL though nothing was left to close, and on an exchange without
reduce-only it opens the opposite position.

# Example

`_close_by_tp` and `_close_by_timeout` both close SOL-USDT short within a second.

# What to do

Take a lock for each symbol, and let the second path check that the position still exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.events import Event
from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, label, msg
from logaudit.core.money import agree
from logaudit.core.timestamp import MINUTE, SECOND, iso
from logaudit.core.trades import symbol_key
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report
from logaudit.rules.wording import describe

RULE = Rule(
    "LA503",
    "double-close",
    Severity.WARNING,
    "one position closed twice by two code paths",
    label("rule", "one position closed twice"),
)

#: Later than this, a second close without an open in between is an unlogged open (LA501).
WITHIN: Final = MINUTE


def check(case: Case) -> Iterator[Finding]:
    """One finding for each pair."""
    for session in case.sessions:
        parts = {c.location for p in session.positions for c in p.closes if p.is_partial(c)}
        opens = [(p.open.at.us, symbol_key(p.symbol)) for p in session.positions if p.open]
        for i, second in enumerate(session.closes):
            for first in (session.closes[j] for j in range(i - 1, -1, -1)):
                if second.at.us - first.at.us > WITHIN:
                    break
                if first.location in parts:
                    continue
                if _same_position(first, second) and not _opened_between(opens, first, second):
                    yield _double(session, first, second)


def _same_position(first: Event, second: Event) -> bool:
    one, other = first.fields, second.fields
    if one.side is not other.side or symbol_key(one.symbol) != symbol_key(other.symbol):
        return False
    if not first.emitter or not second.emitter or first.emitter.path == second.emitter.path:
        return False
    entry, again = one.entry_price, other.entry_price
    return entry is not None and again is not None and agree(entry, again)


def _opened_between(opens: list[tuple[int, str]], first: Event, second: Event) -> bool:
    return any(
        first.at.us < at < second.at.us and key == symbol_key(first.fields.symbol) for at, key in opens
    )


def _double(session: Session, first: Event, second: Event) -> Finding:
    return report(
        RULE,
        session,
        msg(
            "{close} by {path} repeats {earlier} by {other}: same entry price, no open in between.",
            close=describe(second),
            path=Code(second.emitter.function),
            earlier=describe(first),
            other=Code(first.emitter.function),
        ),
        [second.location, first.location],
        (symbol_key(second.fields.symbol), str(second.fields.side or ""), iso(second.at.us, SECOND)),
        data={
            "symbol": second.fields.symbol,
            "side": second.fields.side.value if second.fields.side else None,
            "first": first.at.iso(),
            "second": second.at.iso(),
            "emitters": [str(first.emitter), str(second.emitter)],
        },
    )
