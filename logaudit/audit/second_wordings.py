"""Closes in words beside those that are recognised: whether what rows taught of them bears out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from logaudit.core.events import Event
from logaudit.core.money import agree
from logaudit.core.timestamp import HOUR
from logaudit.core.trades import TradeState, symbol_key
from logaudit.reconcile.expectations import orphans
from logaudit.reconcile.learned_reach import is_learned
from logaudit.reconcile.reconciled import Session

#: How far apart two lines of one close may be written.
_AGAIN: Final = HOUR
_RECORDED: Final = frozenset({TradeState.RECORDED, TradeState.UNACKNOWLEDGED})


def tells_again(learned: Sequence[Event], known: Sequence[Event]) -> bool:
    """Whether lines of learned words tell of closes that are recognised, as fills and messages to a person do."""
    by_market: dict[str, list[Event]] = defaultdict(list)
    for close in sorted(known, key=_time):
        by_market[symbol_key(close.fields.symbol)].append(close)
    for one in learned:
        near = by_market[symbol_key(one.fields.symbol)]
        first = bisect_left(near, one.at.us - _AGAIN, key=_time)
        if any(
            _agree(one, other) for other in near[first : bisect_right(near, one.at.us + _AGAIN, key=_time)]
        ):
            return True
    return False


def _time(close: Event) -> int:
    return close.at.us


def _agree(one: Event, other: Event) -> bool:
    """Whether two lines print the same exit price or the same result."""
    ours, theirs = one.fields, other.fields
    pairs = (ours.exit_price, theirs.exit_price), (ours.result, theirs.result)
    return any(a is not None and b is not None and agree(a, b) for a, b in pairs)


def bears_out(before: Session, after: Session) -> bool:
    """Whether what was learned explains rows, and takes nothing from the closes that were recognised before.

    A close in such words is lost only where its open is known: orders that open positions, and those of others, may be
    worded alike.
    """
    if any(t.lost and t.position.open is None for t in after.closed if is_learned(t.close)):
        return False
    was, now = _known_states(before), _known_states(after)
    kept = now[True] >= was[True] and now[False] <= was[False]
    return kept and len(orphans(after)) < len(orphans(before))


def _known_states(session: Session) -> Counter[bool]:
    """How many closes of words that were not learned have a row, and how many are lost."""
    known = [trade for trade in session.closed if not is_learned(trade.close)]
    return Counter({True: sum(t.state in _RECORDED for t in known), False: sum(t.lost for t in known)})
