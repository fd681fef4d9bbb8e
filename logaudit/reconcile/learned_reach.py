"""Which closes of a learned wording may be called lost: those that lie between closes with a row.

Rows prove that a wording tells of recorded closes where they match it. Before the first and after the last of them,
and in another stream, lines of the same words may tell of paper trades, of tests or of a time without a recorder.
A written profile is held to that as long as it keeps the name of what is learned: a person who checked it renames it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from logaudit.core.events import Event
from logaudit.core.money import agree
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.profiles.profile import LEARNED_CLOSE
from logaudit.reconcile.matching.match import FARTHEST


def is_learned(close: Event) -> bool:
    """Whether the words of a close were learned, not known before."""
    return close.pattern.startswith(LEARNED_CLOSE)


def beyond_reach(closes: Sequence[Event], has_row: Callable[[int], bool]) -> frozenset[int]:
    """Indices of the closes of a learned wording without a row that no rows surround in a stream of theirs."""
    reach: dict[str, tuple[int, int]] = {}
    learned = [(i, close) for i, close in enumerate(closes) if is_learned(close)]
    for i, close in learned:
        if has_row(i):
            for name in _streams(close):
                first, last = reach.get(name, (close.at.us, close.at.us))
                reach[name] = min(first, close.at.us), max(last, close.at.us)

    def surrounded(close: Event) -> bool:
        known = [reach[name] for name in _streams(close) if name in reach]
        return any(first <= close.at.us <= last for first, last in known)

    return frozenset(i for i, close in learned if not has_row(i) and not surrounded(close))


def beside_rows(
    closes: Iterable[tuple[int, Event]], rows: Sequence[LedgerEntry]
) -> dict[int, Sequence[LedgerEntry]]:
    """Closes of a learned wording without a row, and the rows without a close of their market and size.

    What the columns mean is not certain there: other prices are those of the other end of the trade, perhaps.
    """
    found = {i: [row for row in rows if _is_of_size(close, row)] for i, close in closes}
    return {i: some for i, some in found.items() if some}


def _is_of_size(close: Event, row: LedgerEntry) -> bool:
    ours, theirs = close.fields.amount, row.fields.size
    if ours is None or theirs is None or abs(row.at.us - close.at.us) > FARTHEST:
        return False
    own = symbol_key(row.fields.symbol) == symbol_key(close.fields.symbol)
    return own and agree(ours.copy_abs(), theirs.copy_abs())


def _streams(close: Event) -> tuple[str, ...]:
    return (close.stream, *close.also_in)
