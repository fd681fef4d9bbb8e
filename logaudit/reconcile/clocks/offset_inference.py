"""A constant offset between log and ledger, inferred from trades that agree in everything but time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.message import Message, msg, plural
from logaudit.core.timestamp import MINUTE, SECOND

#: Fewer one-to-one matches than this prove no constant.
MIN_SUPPORT: Final = 2
#: Zones differ by multiples of this.
_QUARTER: Final = 15 * MINUTE
#: A row may follow its close by so much and still show the zones' difference.
_LAG: Final = 10 * SECOND
#: A rival constant that is no difference of zones must explain this share of what the best one does.
_RIVAL: Final = 4
_MOST_RIVALS: Final = 3


class PairedTimes(Struct, frozen=True):
    """A close and a row whose values agree.

    Attributes:
        delta: row time less close time, µs.
        certain: whether so many values agree that hardly another pair is meant.
    """

    close: int
    row: int
    delta: int
    certain: bool = False


class Shift(Struct, frozen=True):
    """What separates a ledger's clock from the log's.

    Attributes:
        seconds: from log to row times; None when abstained from, with the reason in ``basis``.
        support: one-to-one matches behind the claim, or behind the best candidate.
        others: where abstained from, constants under which rows fit closes all the same, seconds.
    """

    seconds: int | None
    support: int
    basis: Message
    others: tuple[int, ...] = ()

    @property
    def readings(self) -> tuple[int, ...]:
        """Every constant a row may have been written under, seconds."""
        return (self.seconds,) if self.seconds is not None else (0, *self.others)


def infer_shift(
    pairs: Sequence[PairedTimes], window: int, rows: Sequence[int], span: tuple[int, int]
) -> Shift:
    """The constant that the most one-to-one pairs share.

    Args:
        pairs: candidates, any close with any row that agrees with it.
        window: µs within which deltas count as one constant.
        rows: times of the ledger's rows, naive µs on its own clock.
        span: times of the first and last close; rows that the constant puts outside could not pair.

    Returns:
        An abstention unless at least `MIN_SUPPORT` pairs and half of the rows that could pair share the
        constant, and no other constant explains rows that this one leaves over.
    """
    best = _best(pairs, window)
    if best is None:
        return Shift(None, 0, msg("no close and row agree in their values"))
    delta, support = _whole_seconds(best.delta), best.support
    if support < MIN_SUPPORT:
        return Shift(None, support, msg("a single match proves no constant"), _lone(pairs))
    rivals = tuple(_rivals(pairs, best, window))
    if rivals:
        return Shift(None, support, msg("{n} offsets explain rows each", n=1 + len(rivals)), (delta, *rivals))
    reach = range(span[0] - window, span[1] + window + 1)
    could = sum(at - best.delta in reach for at in rows)
    if support * 2 < could:
        why = plural(
            "only {support} of {n} row shares one offset",
            "only {support} of {n} rows share one offset",
            could,
            support=support,
        )
        return Shift(None, support, why)
    return Shift(delta, support, msg("{n} one-to-one matches share it", n=support))


class _Cluster(Struct, frozen=True):
    """Pairs whose deltas lie within the window; ``delta`` is their median."""

    support: int
    delta: int
    pairs: tuple[PairedTimes, ...]


def _best(pairs: Sequence[PairedTimes], window: int) -> _Cluster | None:
    """The group of deltas within ``window`` with the most one-to-one pairs, of equals the nearest to zero."""
    ordered = sorted(pairs, key=lambda p: (p.delta, p.close, p.row))
    rank, place = (0, 0), (0, 0)
    closes: Counter[int] = Counter()
    rows: Counter[int] = Counter()
    start = 0
    for end, pair in enumerate(ordered):
        closes[pair.close] += 1
        rows[pair.row] += 1
        while pair.delta - ordered[start].delta > window:
            _leave(closes, ordered[start].close)
            _leave(rows, ordered[start].row)
            start += 1
        found = min(len(closes), len(rows)), -abs(ordered[(start + end + 1) // 2].delta)
        if found[0] and (not rank[0] or found > rank):
            rank, place = found, (start, end + 1)
    if not rank[0]:
        return None
    group = tuple(ordered[slice(*place)])
    return _Cluster(rank[0], group[len(group) // 2].delta, group)


def _leave(counts: Counter[int], key: int) -> None:
    counts[key] -= 1
    if not counts[key]:
        del counts[key]


def _rivals(pairs: Sequence[PairedTimes], best: _Cluster, window: int) -> Iterator[int]:
    """Constants that explain rows and closes which the better ones leave over."""
    found, left = [best], list(pairs)
    while len(found) <= _MOST_RIVALS:
        closes = {p.close for p in found[-1].pairs}
        rows = {p.row for p in found[-1].pairs}
        left = [p for p in left if p.close not in closes and p.row not in rows]
        rival = _best(left, window)
        if rival is None or rival.support < MIN_SUPPORT:
            return
        zones = _quarters(rival.delta - best.delta)
        if not zones and rival.support * _RIVAL < best.support:
            return
        found.append(rival)
        yield _whole_seconds(rival.delta)


def _lone(pairs: Sequence[PairedTimes]) -> tuple[int, ...]:
    """The difference of zones that a single certain pair shows."""
    sure = [p.delta for p in pairs if p.certain and _quarters(p.delta)]
    return (_whole_seconds(sure[0]),) if len(sure) == 1 else ()


def _quarters(delta: int) -> bool:
    """Whether zones may differ by ``delta``, a lag aside."""
    away = abs(delta - round(delta / _QUARTER) * _QUARTER)
    return away <= _LAG and abs(delta) > _LAG


def _whole_seconds(delta: int) -> int:
    """Seconds, snapped to the minute when a few seconds away: zones are whole minutes, lags are not."""
    seconds = round(delta / SECOND)
    minute = round(seconds / 60) * 60
    return minute if abs(seconds - minute) <= 10 and abs(minute) >= 900 else seconds  # noqa: PLR2004
