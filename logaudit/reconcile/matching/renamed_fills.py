"""Fills under another name of their market: rows that add up to a close of a symbol which only the log knows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.timestamp import MINUTE
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.deviations import Deviation, DeviationKind
from logaudit.reconcile.matching.fills import FILLING, group_rows
from logaudit.reconcile.matching.grain import ENOUGH
from logaudit.reconcile.matching.match import Match

#: Equal numbers that make a name another one for the same market, without a row that is linked by it.
_ENOUGH: Final = 3


def renamed_fills(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    matched: Iterable[Match],
    free: tuple[Sequence[int], Sequence[int]],
    clock: tuple[Callable[[LedgerEntry], Sequence[int]], Callable[[LedgerEntry], int]],
) -> Iterator[tuple[Match, tuple[int, ...]]]:
    """Links of closes to several rows each, with the rows' indices.

    Args:
        matched: the links that there are, which show names.
        free: closes and rows without a link.
        clock: what a row's time may mean, and how far from its close it may lie.
    """
    shown = {
        symbol_key(d.row): d.log
        for match in matched
        for d in match.deviations
        if d.kind is DeviationKind.SYMBOL
    }
    ours = {symbol_key(close.fields.symbol) for close in closes}
    theirs = {symbol_key(row.fields.symbol) for row in rows}
    taken: tuple[set[int], set[int]] = set(), set()
    by_name, by_symbol = _named_rows(rows, free[1]), _closes_by_symbol(closes, free[0])
    unknown = sorted(
        (closes[c].at.us, c) for c in free[0] if symbol_key(closes[c].fields.symbol) not in theirs
    )
    widest = max((clock[1](rows[r]) for r in free[1]), default=0)
    for name in sorted(by_name.keys() - ours):
        members = by_name[name]
        times = sorted(at for r in members for at in clock[0](rows[r]))
        if len(times) < ENOUGH:
            continue
        # Closes near the rows in time, or no group is found.
        first = bisect_left(unknown, (times[0] - widest - MINUTE, -1))
        last = bisect_right(unknown, (times[-1] + widest + FILLING, len(closes)))
        guessed = {closes[c].fields.symbol for _, c in unknown[first:last]}
        for symbol in [shown[name]] if name in shown else sorted(guessed):
            left = [c for c in by_symbol.get(symbol, ()) if c not in taken[0]]
            members = [r for r in members if r not in taken[1]]
            told = [_named(rows[r], symbol) for r in members]
            for found in group_rows([closes[c] for c in left], told, *clock):
                if name in shown or found.comparison.agreeing >= _ENOUGH:
                    c, parts = left[found.closes[0]], tuple(members[r] for r in found.rows)
                    taken[0].add(c)
                    taken[1].update(parts)
                    renamed = Deviation(DeviationKind.SYMBOL, symbol, rows[parts[0]].fields.symbol)
                    deviations = (renamed, *found.deviations)
                    yield (
                        Match(
                            c, parts[0], found.comparison, found.lag, ambiguous=False, deviations=deviations
                        ),
                        parts,
                    )


def _named_rows(rows: Sequence[LedgerEntry], free: Iterable[int]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for r in free:
        found[symbol_key(rows[r].fields.symbol)].append(r)
    return found


def _closes_by_symbol(closes: Sequence[Event], free: Iterable[int]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for c in free:
        found[closes[c].fields.symbol].append(c)
    return found


def _named(row: LedgerEntry, symbol: str) -> LedgerEntry:
    return replace(row, fields=replace(row.fields, symbol=symbol))
