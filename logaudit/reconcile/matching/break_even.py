"""Parts of a position that earned nothing: the row of the one that earned may be of the whole position."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.location import Address
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.matching.deviations import Deviation, DeviationKind
from logaudit.reconcile.matching.grain import Parted
from logaudit.reconcile.matching.match import Match

_ONE_ROW = Deviation(DeviationKind.ONE_ROW)


class BreakEven(Struct, frozen=True):
    """Which parts that earned nothing have the row of their position.

    Attributes:
        linked: such parts and those that earned, where the ledger has one row for other positions closed in parts.
        open: such parts, each with the row that may be its own, where nothing tells how the ledger writes them.
    """

    linked: tuple[Match, ...]
    open: tuple[tuple[int, int], ...]


def at_break_even(
    closes: Sequence[Event],
    positions: Sequence[Parted],
    rows: Sequence[LedgerEntry],
    matched: Mapping[int, Match],
    lies_at: Callable[[int, int], bool],
) -> BreakEven:
    """The parts without a row whose result is 0, where the row of another shows no size that tells it apart.

    Args:
        lies_at: whether a row's time is that of a close: the row of a position is written when its last part ends.
    """
    candidates = [*_candidates(closes, positions, rows, matched, lies_at)]
    if not candidates:
        return BreakEven((), ())
    merged, split = _ways(positions, rows, matched)
    linked: dict[int, Match] = {}
    unsure: list[tuple[int, int]] = []
    for c, earned in candidates:
        found = matched[earned]
        address = rows[found.row].location.address
        if address in merged and address not in split:
            named = replace(found, deviations=(_ONE_ROW, *found.deviations))
            linked |= {earned: named, c: replace(named, close=c)}
        elif address in merged or address not in split:
            unsure.append((c, found.row))
    return BreakEven(tuple(linked.values()), tuple(unsure))


def _candidates(
    closes: Sequence[Event],
    positions: Sequence[Parted],
    rows: Sequence[LedgerEntry],
    matched: Mapping[int, Match],
    lies_at: Callable[[int, int], bool],
) -> Iterator[tuple[int, int]]:
    """Parts that earned nothing, each with the one of its position that has a row."""
    for position in positions:
        free = [c for c in position.closes if c not in matched]
        earned = next((c for c in position.closes if c in matched), None)
        if earned is None or len(free) + 1 < len(position.closes) or matched[earned].comparison.differing:
            continue
        row, last = matched[earned].row, position.closes[-1]
        told = closes[earned].fields.amount is not None and rows[row].fields.amount is not None
        if told or any(closes[c].fields.result != 0 for c in free):
            continue
        if earned == last or lies_at(last, row):
            yield from ((c, earned) for c in free)


def _ways(
    positions: Sequence[Parted], rows: Sequence[LedgerEntry], matched: Mapping[int, Match]
) -> tuple[set[Address], set[Address]]:
    """The ledgers with one row for a position that was closed in parts, and those with a row for each part."""
    merged: set[Address] = set()
    split: set[Address] = set()
    for position in positions:
        own = {matched[c].row for c in position.closes if c in matched}
        if sum(c in matched for c in position.closes) > 1:
            (split if len(own) > 1 else merged).update(rows[r].location.address for r in own)
    return merged, split
