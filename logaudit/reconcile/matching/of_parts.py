"""Parts of positions and the rows that may be of more than one: what is certain is linked, the rest is in doubt."""

from __future__ import annotations

from collections.abc import Callable, Collection, MutableMapping, Sequence

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.matching.break_even import at_break_even
from logaudit.reconcile.matching.grain import Parted
from logaudit.reconcile.matching.leftovers import NearMiss
from logaudit.reconcile.matching.match import Match
from logaudit.reconcile.matching.near_pairs import lag_of
from logaudit.reconcile.matching.unsettled import unsettled, with_unseen_parts


def settle_parts(
    closes: Sequence[Event],
    positions: Sequence[Parted],
    opens: Sequence[TradeFields | None],
    rows: Sequence[LedgerEntry],
    links: tuple[MutableMapping[int, Match], Collection[int]],
    clock: tuple[Callable[[LedgerEntry], Sequence[int]], Callable[[LedgerEntry], int]],
) -> list[NearMiss]:
    """Parts without a row whose position's row may be theirs too, and closes whose row may be of unseen parts, too.

    Args:
        positions: those that were closed in parts.
        opens: what the open of each close's position says.
        links: the links, which become more by parts that are certain and fewer by mere guesses, and the closes that
            several rows record.
        clock: what a row's time may mean, and how far from its close it may lie.
    """
    matched, several = links
    readings, reach = clock

    def lag(c: int, r: int) -> int:
        return min((lag_of(closes[c], at, rows[r]) for at in readings(rows[r])), key=abs)

    def lies_at(c: int, r: int) -> bool:
        return abs(lag(c, r)) <= reach(rows[r])

    even = at_break_even(closes, positions, rows, matched, lies_at)
    matched.update({m.close: m for m in even.linked})
    found = unsettled(closes, positions, rows, matched, several)
    found += [NearMiss(c, r, 0, lag(c, r), ()) for c, r in even.open]
    if opens:
        beside = {c for position in positions for c in position.closes}
        off = [c for c, m in matched.items() if m.comparison.differing and c not in several]
        found += with_unseen_parts(closes, opens, rows, matched, [c for c in sorted(off) if c not in beside])
    return found
