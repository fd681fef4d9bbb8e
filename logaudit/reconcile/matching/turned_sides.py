"""Rows that differ from their closes in the side alone, in ledgers whose side is that of the closing order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.location import Address
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.assignment import assign
from logaudit.reconcile.matching.deviations import explain
from logaudit.reconcile.matching.field_compare import sides_fit
from logaudit.reconcile.matching.match import Match
from logaudit.reconcile.matching.near_pairs import lag_of
from logaudit.reconcile.matching.of_open import with_open

#: So many rows with the other side make it the ledger's way of writing.
_PROOF: Final = 4
#: One row with the close's side is allowed for so many with the other.
_RARE: Final = 5
#: Where more links are guesses the numbers of the ledger are others.
_FEW: Final = 32


def turned_sides(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    matched: Mapping[int, Match],
    free: tuple[Sequence[int], Sequence[int]],
    clock: tuple[Callable[[LedgerEntry], Sequence[int]], Callable[[LedgerEntry], int]],
    opens: Sequence[TradeFields | None] = (),
) -> tuple[list[Match], set[int]]:
    """Links of what is left at one time and contradicts itself in the side alone, where the ledger does so as a rule.

    Args:
        matched: the links that there are, which show how a ledger writes sides.
        free: closes and rows without a link.
        clock: what a row's time may mean, and how far from its close it may lie.
        opens: what the open of each close's position says.

    Returns:
        The links, and the closes whose link was a guess: a row with their side and none of their numbers, which is
        another close's.
    """
    # What is left is few, or a ledger of which nothing is known yet.
    guesses = (
        {c: m.row for c, m in matched.items() if _is_guess(closes[c], rows[m.row], m)} if free[0] else {}
    )
    free = [*free[0], *guesses], [*free[1], *dict.fromkeys(guesses.values())]
    found = _pairs(closes, rows, free, clock, opens)
    chosen, _ = assign({pair: abs(match.lag) for pair, match in found.items()})
    known = [match for match in matched.values() if match.close not in guesses]
    ruled = turning_ledgers(closes, rows, [*known, *(found[pair] for pair in chosen.items())])
    links = [found[c, r] for c, r in chosen.items() if rows[r].location.address in ruled]
    taken = {match.row for match in links}
    return links, {c for c, r in guesses.items() if r in taken}


def turning_ledgers(
    closes: Sequence[Event], rows: Sequence[LedgerEntry], matches: Iterable[Match]
) -> set[Address]:
    """The ledgers whose side, as a rule, is that of the closing order, as these links show it."""
    turned, straight = Counter[Address](), Counter[Address]()
    for match in matches:
        log, row = closes[match.close].fields, rows[match.row]
        if log.side is not None and row.fields.side is not None:
            (straight if log.side is row.fields.side else turned)[row.location.address] += 1
    return {a for a, count in turned.items() if count >= _PROOF and straight[a] * _RARE <= count}


def _is_guess(close: Event, row: LedgerEntry, match: Match) -> bool:
    """Whether nothing but its time and its side makes a row this close's, and a number differs."""
    told = match.comparison
    return bool(told.differing) and not told.agreeing and close.fields.side is row.fields.side


def _pairs(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    free: tuple[Sequence[int], Sequence[int]],
    clock: tuple[Callable[[LedgerEntry], Sequence[int]], Callable[[LedgerEntry], int]],
    opens: Sequence[TradeFields | None],
) -> dict[tuple[int, int], Match]:
    readings, reach = clock
    by_symbol: dict[str, list[int]] = defaultdict(list)
    for c in free[0]:
        by_symbol[symbol_key(closes[c].fields.symbol)].append(c)
    found: dict[tuple[int, int], Match] = {}
    for r in free[1]:
        row = rows[r]
        for c in by_symbol.get(symbol_key(row.fields.symbol), ()):
            lag = min((lag_of(closes[c], at, row) for at in readings(row)), key=abs)
            if abs(lag) > reach(row) or sides_fit(closes[c].fields, row.fields):
                continue
            log = with_open(closes[c].fields, opens[c] if opens else None, row.fields)
            told = explain(log, row.fields)
            if not told.comparison.differing:
                found[c, r] = Match(c, r, told.comparison, lag, ambiguous=False, deviations=told.deviations)
    return found
