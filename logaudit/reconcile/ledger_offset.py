"""A ledger's rows against the logged closes → what separates their clocks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import FieldName
from logaudit.core.message import msg, plural
from logaudit.core.timestamp import HOUR, SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.clocks import PairedTimes, Shift, infer_shift
from logaudit.reconcile.clocks.shift import QUARTER
from logaudit.reconcile.matching import (
    FieldComparison,
    NumberDifference,
    agreement,
    compare_fields,
    sides_fit,
)
from logaudit.reconcile.matching.deviations import explain
from logaudit.reconcile.matching.grain import summed
from logaudit.reconcile.matching.value_index import ValueIndex
from logaudit.reconcile.timeline import Timeline

#: The widest zones differ by 26 hours.
_FARTHEST: Final = 26 * HOUR
#: Values from which a single pair may be believed.
_CERTAIN: Final = 4
#: Closes that share a row's rarest number and are looked at one by one.
_MOST: Final = 16
#: So many pairs of one market, side and exit price prove a zone though other numbers of theirs differ.
_PROOF: Final = 3
#: Rows that bear a zone out by their times alone, and at how many of them one looks.
_TIMED: Final = 5
_SAMPLE: Final = 400


class _Pair(Struct, frozen=True):
    """A row and a close that share a number few others show.

    Attributes:
        alike: whether symbol and side are the same too.
        whole: whether no number differs; else the one may be a part of the other.
        differs: whether numbers differ that no part explains, though market, side and exit price are the same.
    """

    row: LedgerEntry
    close: int
    agreeing: int
    alike: bool
    whole: bool
    differs: bool = False


#: What a part of a trade, a fill or a partial close, has less of than the whole.
_ADDED: Final = frozenset(
    {
        FieldName.SIZE,
        FieldName.GROSS_PNL,
        FieldName.NET_PNL,
        FieldName.PNL,
        FieldName.COMMISSION,
        FieldName.FUNDING,
        FieldName.DURATION_SEC,
    }
)


def _is_part(told: FieldComparison) -> bool:
    """Whether the size differs, and nothing but what differs with it."""
    fields = {d.field for d in told.differences if isinstance(d, NumberDifference)}
    return FieldName.SIZE in fields and fields <= _ADDED and bool(told.equal)


def open_of(c: int, close: Event, opened: Callable[[int], int | None]) -> int | None:
    """When the position of a close was opened; without a logged open by the duration that the close prints."""
    at, held = opened(c), close.fields.duration_sec
    return close.at.us - int(held * SECOND) if at is None and held is not None else at


class Closes:
    """The closes of a session by symbol, time and values, for looking up those that a row may record.

    Args:
        closes: in time order.
        opened: index of a close → naive µs of its position's open, None when not known.
        offset: naive µs of the log → its UTC offset in seconds, None where nothing states it.
    """

    def __init__(
        self,
        closes: Sequence[Event],
        opened: Callable[[int], int | None],
        offset: Callable[[int], int | None],
    ) -> None:
        self.all = closes
        self.opened = [open_of(c, close, opened) for c, close in enumerate(closes)]
        self.offsets = [c.at.offset if c.at.offset is not None else offset(c.at.us) for c in closes]
        self._index = ValueIndex([c.fields for c in closes])
        self._times = Timeline(
            (symbol_key(close.fields.symbol), close.at.us, c) for c, close in enumerate(closes)
        )

    @cached_property
    def span(self) -> tuple[int, int]:
        """Times of the first and last one; of none, an empty span."""
        times = [c.at.us for c in self.all]
        return (min(times), max(times)) if times else (0, -1)

    def within(self, row: LedgerEntry, at: int, reach: int) -> Iterator[Event]:
        """Closes of the row's symbol and side within ``reach`` µs of ``at``; of a crowd the nearest."""
        market = symbol_key(row.fields.symbol)
        for _, c in self._times.nearest(market, at - reach, at + reach, (at, -1)):
            if sides_fit(self.all[c].fields, row.fields):
                yield self.all[c]

    def times_for(self, row: LedgerEntry) -> list[int]:
        """When those of the row's symbol and side were, naive µs, ascending."""
        times = self._times.all_of(symbol_key(row.fields.symbol))
        return [at for at, c in times if sides_fit(self.all[c].fields, row.fields)]

    def pairs(self, rows: Sequence[LedgerEntry]) -> Iterator[_Pair]:
        """Every row with the closes that share a telling number and contradict it in none, or not in the exit."""
        first, last = self.span
        for row in [*rows, *_at_once(rows)]:
            if not first - _FARTHEST <= row.at.us <= last + _FARTHEST:
                continue
            for c in self._index.candidates(row.fields, _MOST):
                log = self.all[c].fields
                told = explain(log, row.fields).comparison
                same = symbol_key(log.symbol) == symbol_key(row.fields.symbol)
                alike = same and sides_fit(log, row.fields)
                if not told.differing or _is_part(told):
                    yield _Pair(row, c, told.agreeing, alike=alike, whole=not told.differing)
                elif alike and FieldName.EXIT_PRICE in told.equal:
                    yield _Pair(row, c, told.agreeing, alike=True, whole=False, differs=True)


def _at_once(rows: Sequence[LedgerEntry]) -> Iterator[LedgerEntry]:
    """Rows in a row that bear one time, symbol and side, as one: the fills of one order."""
    for _, group in groupby(
        rows, key=lambda r: (r.at.us // SECOND, symbol_key(r.fields.symbol), r.fields.side)
    ):
        parts = list(group)
        if len(parts) > 1:
            yield replace(parts[0], fields=summed([part.fields for part in parts]))


def ledger_shift(rows: Sequence[LedgerEntry], closes: Closes, window: int) -> Shift:
    """The constant between log and row times, or an abstention; zero when most rows need none.

    Rows that no constant could bring among the closes have no say. Where the rows near a close mostly
    contradict it, a constant that explains more rows in every value is believed instead.
    """
    first, last = closes.span
    reach = window + SECOND
    could = sum(first - reach <= row.at.us <= last + reach for row in rows)
    near, sure = _nearest_closes(rows, closes, 0, reach)
    fits = bool(could) and near * 2 >= min(could, len(closes.all))
    here = Shift(
        0,
        near,
        plural(
            "{near} of {n} row lies within {window} s of a logged close",
            "{near} of {n} rows lie within {window} s of a logged close",
            could,
            near=near,
            window=window // SECOND,
        ),
    )
    if fits and sure * 2 >= near and near >= could - 1:
        return here
    found = _stated(rows, closes) or _inferred(rows, closes, reach)
    better = found.support > near and (bool(found.changes) or sure * 2 < near)
    return here if fits and not better else found


def _nearest_closes(rows: Sequence[LedgerEntry], closes: Closes, shift: int, reach: int) -> tuple[int, int]:
    """Rows with a close that may be theirs ``shift`` seconds before, and those that also agree with it."""
    near = sure = 0
    for row in rows:
        around = [close.fields for close in closes.within(row, row.at.us - shift * SECOND, reach)]
        agrees = any(agreement(told, row.fields) is not None for told in around)
        sure += agrees
        near += agrees or any(compare_fields(told, row.fields).plausible for told in around)
    return near, sure


def _stated(rows: Sequence[LedgerEntry], closes: Closes) -> Shift | None:
    """Where both sides print or are told their UTC offsets, the difference needs no inference."""
    ours = set(closes.offsets)
    if len(ours) != 1 or None in ours or any(row.at.offset is None for row in rows) or not rows:
        return None
    (log,) = ours
    assert log is not None  # noqa: S101 - told apart just above
    first, *others = rows
    assert first.at.offset is not None  # noqa: S101 - as above
    known = first.at.offset - log
    changes: list[tuple[int, int]] = []
    for row in others:
        assert row.at.offset is not None  # noqa: S101 - as above
        seconds = row.at.offset - log
        if seconds != (changes[-1][1] if changes else known):
            changes.append((row.number, seconds))
    return Shift(known, len(rows), msg("log and rows state their UTC offsets"), changes=tuple(changes))


def _inferred(rows: Sequence[LedgerEntry], closes: Closes, reach: int) -> Shift:
    """By pairs of one symbol and side first; else by all that share a number, by parts of trades, or by times alone.

    What pairs with a number that differs show is believed last: a result after fees, a fill for the whole order.
    """
    every = list(closes.pairs(rows))
    pairs = [p for p in every if not p.differs]
    wholes = [p for p in pairs if p.whole]
    found = _voted(rows, closes, [p for p in wholes if p.alike], reach)
    for wider in (wholes, pairs):
        if found.seconds is None:
            other = _voted(rows, closes, wider, reach)
            found = found if other.seconds is None else other
    if found.seconds is None and len(pairs) < len(every):
        last = _voted(rows, closes, every, reach)
        proven = last.is_zone or (last.seconds is None and bool(last.others))
        found = last if proven and last.support >= _PROOF else found
    if found.seconds is None:
        return _by_times(rows, closes, reach) or found
    return found


def _by_times(rows: Sequence[LedgerEntry], closes: Closes, reach: int) -> Shift | None:
    """Where no number shows it: the quarter hour that brings nearly all rows to a close of their symbol."""
    first, last = closes.span
    near = [row for row in rows if first - _FARTHEST <= row.at.us <= last + _FARTHEST]
    if len(near) < _TIMED:
        return None
    sample = near if len(near) <= _SAMPLE else [near[i * len(near) // _SAMPLE] for i in range(_SAMPLE)]
    half = QUARTER // 2
    times = [(row.at.us, found) for row in sample if (found := closes.times_for(row))]
    votes = {
        shift: sum(_holds(found, at - shift - reach, at - shift + reach) for at, found in times)
        for shift in range(-_FARTHEST, _FARTHEST + 1, half)
    }
    zones = {shift: count for shift, count in votes.items() if shift % QUARTER == 0}
    best = max(zones, key=lambda shift: (zones[shift], -abs(shift)))
    could = min(sum(first - reach <= row.at.us - best <= last + reach for row in sample), len(closes.all))
    chance = max(count for shift, count in votes.items() if abs(shift - best) > half)
    support = zones[best]
    if support < _TIMED or support * 5 < could * 4 or support < 2 * chance:
        return None
    return Shift(
        best // SECOND, support, msg("{n} rows follow closes of their symbol at this offset only", n=support)
    )


def _holds(times: Sequence[int], low: int, high: int) -> bool:
    """Whether one of some ascending times lies between two others."""
    at = bisect_left(times, low)
    return at < len(times) and times[at] <= high


def _able(rows: Sequence[LedgerEntry], closes: Closes, pairs: Sequence[_Pair]) -> tuple[Sequence[int], int]:
    """Times of the rows, and the number of closes, that could pair: of markets that both tell of, if all pairs are."""
    if not pairs or not all(p.alike for p in pairs):
        return [row.at.us for row in rows], len(closes.all)
    ours = [symbol_key(close.fields.symbol) for close in closes.all]
    theirs = [symbol_key(row.fields.symbol) for row in rows]
    common = {*ours} & {*theirs}
    times = [row.at.us for row, key in zip(rows, theirs, strict=True) if key in common]
    return times, sum(key in common for key in ours)


def _voted(rows: Sequence[LedgerEntry], closes: Closes, pairs: Sequence[_Pair], reach: int) -> Shift:
    times, known = _able(rows, closes, pairs)

    def inferred(moment: Callable[[_Pair], int | None], span: tuple[int, int]) -> Shift:
        told = [
            PairedTimes(p.close, p.row.number, p.row.at.us - at, p.agreeing >= _CERTAIN)
            for p in pairs
            if (at := moment(p)) is not None and abs(p.row.at.us - at) <= _FARTHEST
        ]
        return infer_shift(told, reach, times, span, known)

    by_close = inferred(lambda p: closes.all[p.close].at.us, closes.span)
    opens = [at for at in closes.opened if at is not None]
    if not opens or ((by_close.seconds == 0 or by_close.is_zone) and by_close.lag == (0, 0)):
        return by_close
    by_open = inferred(lambda p: closes.opened[p.close], (min(opens), max(opens)))
    # Positions held equally long make both constant: rows with the very time of the open are no late rows.
    exact = (by_open.seconds == 0 or by_open.is_zone) and by_open.lag == (0, 0)
    better = by_open.support - by_close.support + exact
    return replace(by_open, of_open=True) if by_open.seconds is not None and better > 0 else by_close
