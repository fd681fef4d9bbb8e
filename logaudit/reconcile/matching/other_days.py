"""Rows that lie whole days from a close of their market to the second: a digit of their date may be wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from logaudit.core.events import Event
from logaudit.core.timestamp import DAY, MINUTE, SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.deviations import explain
from logaudit.reconcile.matching.field_compare import sides_fit
from logaudit.reconcile.matching.leftovers import SCHEDULED, NearMiss
from logaudit.reconcile.matching.near_pairs import lag_of

#: A market and a second of the day.
_Moment: TypeAlias = tuple[str, int]
#: Seconds of a day.
_SECONDS: Final = DAY // SECOND


def of_other_days(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    left: tuple[Sequence[int], Sequence[int]],
    readings: Callable[[LedgerEntry], Sequence[int]],
    found: Sequence[NearMiss],
) -> list[NearMiss]:
    """Pairs of what is left that no value contradicts, each of them the only one at its time of the day.

    Of trades that print no number nothing but their time tells which is which; one row of a market in 86,400 meets
    a close's second by chance. On a full minute bots close by a schedule, on each day anew: such a second tells only of
    a row that stands in its file among rows of the close's own time.

    Args:
        left: closes and rows without a link.
        readings: what a row's time may mean, naive µs on the log's clock.
        found: what is in doubt already.
    """
    doubted = {near.close for near in found}, {near.row for near in found}
    at_moment: dict[_Moment, list[tuple[int, int]]] = defaultdict(list)
    for r in left[1]:
        if r not in doubted[1]:
            for at in readings(rows[r]):
                at_moment[symbol_key(rows[r].fields.symbol), at // SECOND % _SECONDS].append((at, r))
    pairs: dict[int, list[NearMiss]] = defaultdict(list)
    rivals: dict[int, set[int]] = defaultdict(set)
    for c in left[0]:
        close = closes[c]
        if c in doubted[0]:
            continue
        scheduled = close.at.us % MINUTE < SCHEDULED
        for at, r in at_moment.get((symbol_key(close.fields.symbol), close.at.us // SECOND % _SECONDS), ()):
            lag, row = lag_of(close, at, rows[r]), rows[r]
            if abs(lag) < DAY // 2 or not sides_fit(close.fields, row.fields):
                continue
            if scheduled and not _stands_at(close, r, rows, readings):
                continue
            told = explain(close.fields, row.fields)
            if not told.comparison.differing:
                pairs[c].append(NearMiss(c, r, 0, lag, told.deviations))
                rivals[r].add(c)
    return [near[0] for near in pairs.values() if len(near) == 1 == len(rivals[near[0].row])]


def _stands_at(
    close: Event, r: int, rows: Sequence[LedgerEntry], readings: Callable[[LedgerEntry], Sequence[int]]
) -> bool:
    """Whether a row's neighbours in its file are of the close's time, and one of them shows that its own is not."""
    before, at, after = (
        min(readings(rows[i]), key=lambda us: abs(us - close.at.us)) if _is_in_file(i, r, rows) else None
        for i in (r - 1, r, r + 1)
    )
    assert at is not None  # noqa: S101 - the row is in its own file
    fits = (before is None or before <= close.at.end) and (after is None or close.at.us <= after)
    return fits and ((before is not None and at < before) or (after is not None and after < at))


def _is_in_file(i: int, r: int, rows: Sequence[LedgerEntry]) -> bool:
    return 0 <= i < len(rows) and rows[i].location.address == rows[r].location.address
