"""Rows at the end of a position that differ from its last part: some parts may stand in no line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, MutableMapping, Sequence
from typing import Final

from logaudit.core.events import Event
from logaudit.core.fields import FieldName, TradeFields
from logaudit.core.money import agree, total
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.matching.deviations import LOOSE
from logaudit.reconcile.matching.grain import Parted
from logaudit.reconcile.matching.leftovers import NearMiss
from logaudit.reconcile.matching.match import Match

_EARNED: Final = frozenset({FieldName.GROSS_PNL, FieldName.NET_PNL, FieldName.PNL})


def unsettled(
    closes: Sequence[Event],
    positions: Sequence[Parted],
    rows: Sequence[LedgerEntry],
    matched: MutableMapping[int, Match],
    several: Collection[int],
) -> list[NearMiss]:
    """Parts of a position of which one has a row that differs from it while others have none: it may be of all.

    A row with the size of one part is that part's, and where the parts make up what was opened none is unseen.

    Args:
        matched: loses the links that are no more than a guess.
        several: closes that several rows record.
    """
    found: list[NearMiss] = []
    for position in positions:
        lost = [c for c in position.closes if c not in matched]
        for c in position.closes if lost and not _is_whole(closes, position) else ():
            match = matched.get(c)
            if match is None or not match.comparison.differing or c in several:
                continue
            sized = closes[c].fields.amount is not None and rows[match.row].fields.amount is not None
            if not sized or FieldName.SIZE in {d.field for d in match.comparison.differences}:
                del matched[c]
                found += [NearMiss(part, match.row, 0, match.lag, match.deviations) for part in (c, *lost)]
                break
    return found


def with_unseen_parts(
    closes: Sequence[Event],
    opens: Sequence[TradeFields | None],
    rows: Sequence[LedgerEntry],
    matched: MutableMapping[int, Match],
    among: Iterable[int],
) -> list[NearMiss]:
    """Closes of less than was opened whose row shows all that was opened: it may be of parts that no line tells, too.

    Args:
        matched: loses these links.
        among: the closes that no other is a part with.
    """
    found: list[NearMiss] = []
    for c in among:
        match, opened = matched[c], opens[c]
        if opened is None or not _adds_others(closes[c].fields, rows[match.row].fields, opened, match):
            continue
        del matched[c]
        found.append(NearMiss(c, match.row, 0, match.lag, match.deviations))
    return found


def _adds_others(part: TradeFields, row: TradeFields, opened: TradeFields, match: Match) -> bool:
    """Whether a row that differs from a part in its size and in what it earned has the size and entry of the open."""
    off = {d.field for d in match.comparison.differences}
    earned_other = not off.isdisjoint(_EARNED) or not LOOSE.isdisjoint(match.deviations)
    if FieldName.SIZE not in off or not earned_other or FieldName.ENTRY_PRICE in off:
        return False
    if part.size is None or row.size is None or opened.size is None:
        return False
    held = opened.size.copy_abs()
    return part.size.copy_abs() < held and agree(row.size.copy_abs(), held)


def _is_whole(closes: Sequence[Event], position: Parted) -> bool:
    """Whether the parts are known to add up to the position."""
    held = None if position.opened is None else position.opened.size
    sizes = [closes[c].fields.size for c in position.closes]
    told = [size.copy_abs() for size in sizes if size is not None]
    return held is not None and len(told) == len(sizes) and agree(total(told), held.copy_abs())
