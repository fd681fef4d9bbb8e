"""A ledger's rows against the logged closes → what separates their clocks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.events import Event
from logaudit.core.message import msg, plural
from logaudit.core.timestamp import HOUR, SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.clocks import PairedTimes, Shift, infer_shift
from logaudit.reconcile.matching import agreement, compare_fields, sides_fit

#: The widest zones differ by 26 hours.
_FARTHEST: Final = 26 * HOUR
#: Values that must agree before a pair says anything about the time between its clocks.
_STRONG: Final = 2
#: So many rows, taken evenly, show a constant as well as all of them.
_SAMPLE: Final = 100
#: Values from which a single pair may be believed.
_CERTAIN: Final = 4
_BEYOND: Final = 1 << 62


class Closes:
    """The closes of a session by symbol and time, for looking up those around a row."""

    def __init__(self, closes: Sequence[Event]) -> None:
        self.all = closes
        self._times: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for c, close in enumerate(closes):
            self._times[symbol_key(close.fields.symbol)].append((close.at.us, c))
        for times in self._times.values():
            times.sort()

    @property
    def span(self) -> tuple[int, int]:
        """Times of the first and last one; of none, an empty span."""
        times = [c.at.us for c in self.all]
        return (min(times), max(times)) if times else (0, -1)

    def within(self, row: LedgerEntry, at: int, reach: int) -> Iterator[tuple[int, Event]]:
        """Index and close of those of the row's symbol and side within ``reach`` µs of ``at``."""
        times = self._times.get(symbol_key(row.fields.symbol), [])
        for i in range(bisect_left(times, (at - reach, -1)), bisect_right(times, (at + reach, _BEYOND))):
            c = times[i][1]
            if sides_fit(self.all[c].fields, row.fields):
                yield c, self.all[c]


def ledger_shift(rows: Sequence[LedgerEntry], closes: Closes, window: int) -> Shift:
    """The constant between log and row times, or an abstention; zero when most rows need none.

    Rows that no constant could bring among the closes have no say. Where the rows near a close mostly
    contradict it, a constant that explains more rows in every value is believed instead.
    """
    first, last = closes.span
    reach = window + SECOND
    could = sum(first - reach <= row.at.us <= last + reach for row in rows)
    near, sure = _nearest_closes(rows, closes, 0, reach)
    fits = bool(could) and near * 2 >= could
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
    if fits and sure * 2 >= near:
        return here
    found = _stated(rows, closes.all) or _inferred(rows, closes, reach)
    if fits and (found.seconds is None or found.support <= near):
        return here
    return found


def _nearest_closes(rows: Sequence[LedgerEntry], closes: Closes, shift: int, reach: int) -> tuple[int, int]:
    """Rows with a close that may be theirs ``shift`` seconds before, and those that also agree with it."""
    near = sure = 0
    for row in rows:
        around = closes.within(row, row.at.us - shift * SECOND, reach)
        told = [compare_fields(close.fields, row.fields) for _, close in around]
        near += any(result.plausible for result in told)
        sure += any(not result.differing for result in told)
    return near, sure


def _stated(rows: Sequence[LedgerEntry], closes: Sequence[Event]) -> Shift | None:
    """Where both sides print their UTC offsets, the difference needs no inference."""
    ours, theirs = {c.at.offset for c in closes}, {r.at.offset for r in rows}
    differences = sorted({t - o for o in ours for t in theirs if o is not None and t is not None})
    if not differences or None in ours or None in theirs:
        return None
    if len(differences) == 1:
        return Shift(differences[0], len(rows), msg("log and rows state their UTC offsets"))
    return Shift(None, len(rows), msg("log or rows state several UTC offsets"), tuple(differences))


def _inferred(rows: Sequence[LedgerEntry], closes: Closes, reach: int) -> Shift:
    sample = _evenly(rows)
    pairs: list[PairedTimes] = []
    for r, row in enumerate(sample):
        for c, close in closes.within(row, row.at.us, _FARTHEST):
            if (agreeing := agreement(close.fields, row.fields) or 0) >= _STRONG:
                pairs.append(PairedTimes(c, r, row.at.us - close.at.us, agreeing >= _CERTAIN))
    found = infer_shift(pairs, reach, [row.at.us for row in sample], closes.span)
    if found.seconds is None or len(sample) == len(rows):
        return found
    _, support = _nearest_closes(rows, closes, found.seconds, reach)
    return Shift(found.seconds, support, msg("{n} one-to-one matches share it", n=support))


def _evenly(rows: Sequence[LedgerEntry]) -> Sequence[LedgerEntry]:
    if len(rows) <= _SAMPLE:
        return rows
    return [rows[i * len(rows) // _SAMPLE] for i in range(_SAMPLE)]
