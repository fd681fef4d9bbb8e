"""The constant offset between log and ledger, inferred from all pairs of a close and a row that share numbers.

Clocks of two zones differ by whole quarter hours, and a row may follow its close by up to two minutes. So every pair
votes for at most one quarter hour; how many votes chance gives a constant is read off the constants halfway between
two quarters, which no zones have. What is no zone is a lag, or a clock that is merely wrong.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.message import msg, plural
from logaudit.core.timestamp import HOUR, MINUTE, SECOND
from logaudit.reconcile.clocks.shift import QUARTER, PairedTimes, Shift

#: Fewer one-to-one matches than this prove no constant.
MIN_SUPPORT: Final = 2
#: So many that share a difference of zones leave it open as the clock of some rows.
_SHARED: Final = 3
#: How long before and after its close a row may be written.
_EARLY: Final = 30 * SECOND
_LATE: Final = 2 * MINUTE
#: A lone pair within this of a quarter hour shows how the row may be read.
_LAG: Final = 10 * SECOND
#: A rival constant that is no difference of zones must explain this share of what the best one does.
_RIVAL: Final = 4
#: So many rows that follow their closes at one distance, to this precision, make it a constant of their clock.
_STEADY: Final = 3
_JITTER: Final = 1_500_000
_MOST_RIVALS: Final = 3
#: A constant must have this many times the votes that chance gives.
_ABOVE_CHANCE: Final = 2


class _Cluster(Struct, frozen=True):
    """Pairs that share a constant; ``delta`` is the zone's, or the median of the deltas."""

    support: int
    delta: int
    pairs: tuple[PairedTimes, ...]
    zone: bool = False


def infer_shift(
    pairs: Sequence[PairedTimes],
    window: int,
    rows: Sequence[int],
    span: tuple[int, int],
    closes: int | None = None,
) -> Shift:
    """The constant that the most one-to-one pairs share.

    Args:
        pairs: candidates, any close with any row that agrees with it.
        window: µs within which deltas count as one constant.
        rows: times of the ledger's rows, naive µs on its own clock.
        span: times of the first and last close; rows that the constant puts outside could not pair.
        closes: how many there are; where they are fewer than the rows, so many rows could pair.

    Returns:
        An abstention unless at least `MIN_SUPPORT` pairs, more than chance gives and half of those that could, share
        the constant, and no other constant explains rows that this one leaves over.
    """
    best = _best(pairs, window)
    if best is None:
        return Shift(None, 0, msg("no close and row agree in their values"))
    support = best.support
    if support < MIN_SUPPORT:
        return Shift(None, support, msg("a single match proves no constant"), _lone(pairs))
    chance = _chance(pairs, best)
    if support <= chance * _ABOVE_CHANCE:
        why = plural(
            "chance gives {n} row one offset, and the best one has {support}",
            "chance gives {n} rows one offset, and the best one has {support}",
            chance,
            support=support,
        )
        return Shift(None, support, why)
    rivals = tuple(_rivals(pairs, best, window))
    turn = _turned(best, rivals)
    if rivals and turn is None:
        others = tuple(_whole_seconds(_middle(c, window)) for c in (best, *rivals))
        return Shift(None, support, msg("{n} offsets explain rows each", n=len(others)), others)
    parts = (best,) if turn is None else turn
    return _claimed(parts, best, window, _could(rows, best, span, window, closes))


def _could(
    rows: Sequence[int], best: _Cluster, span: tuple[int, int], window: int, closes: int | None
) -> int:
    """How many rows could pair under the best constant."""
    reach = range(span[0] - window, span[1] + window + 1)
    could = sum(at - best.delta in reach for at in rows)
    return could if closes is None else min(could, closes)


def _claimed(parts: Sequence[_Cluster], best: _Cluster, window: int, could: int) -> Shift:
    """The constant, or the two in the order of the rows, unless most rows that could pair share neither."""
    support = sum(part.support for part in parts)
    if support * 2 < could:
        why = plural(
            "only {support} of {n} row shares one offset",
            "only {support} of {n} rows share one offset",
            could,
            support=support,
        )
        # What so many share may be the clock of some rows all the same: their closes have not lost theirs.
        shared = (p for p in parts if p.zone and p.delta and p.support >= _SHARED)
        return Shift(None, support, why, tuple(_median(p) // SECOND for p in shared))
    seconds = [_zone_and_lag(part, window)[0] for part in parts]
    changes = tuple(
        (min(p.row for p in part.pairs), s) for part, s in zip(parts[1:], seconds[1:], strict=True)
    )
    lag = _zone_and_lag(best, window)[1]
    unsure = (max(p.row for p in parts[0].pairs) + 1, changes[0][0]) if changes else (0, 0)
    why = msg("{n} one-to-one matches share it", n=support)
    return Shift(seconds[0], support, why, lag=lag, changes=changes, unsure=unsure)


def _best(pairs: Sequence[PairedTimes], window: int) -> _Cluster | None:
    """The zone, or else the narrow constant, that the most one-to-one pairs share; of equals the nearest to zero."""
    zone, narrow = _best_zone(pairs), _narrowest(pairs, window)
    if zone is None or (narrow is not None and narrow.support > zone.support):
        return narrow
    return zone


def _best_zone(pairs: Iterable[PairedTimes], shift: int = 0) -> _Cluster | None:
    """The quarter hour with the most votes; ``shift`` moves all quarters."""
    votes: dict[int, list[PairedTimes]] = defaultdict(list)
    for pair in pairs:
        quarter = (pair.delta - shift + _EARLY) // QUARTER
        if pair.delta - shift - quarter * QUARTER <= _LATE:
            votes[quarter].append(pair)
    if not votes:
        return None
    best = max(votes, key=lambda q: (_one_to_one(votes[q]), -abs(q), q))
    return _Cluster(_one_to_one(votes[best]), best * QUARTER + shift, tuple(votes[best]), zone=True)


def _one_to_one(pairs: Sequence[PairedTimes]) -> int:
    return min(len({p.close for p in pairs}), len({p.row for p in pairs}))


def _chance(pairs: Sequence[PairedTimes], best: _Cluster) -> int:
    """How many pairs the luckiest constant between two quarters has, among closes and rows that the best one leaves.

    Pairs in which many values agree are no chance: where the best constant has enough of them, only they count.
    """
    if not best.zone:
        return 0
    sure = [p for p in best.pairs if p.certain]
    closes, rows = {p.close for p in best.pairs}, {p.row for p in best.pairs}
    left = [p for p in pairs if p.close not in closes or p.row not in rows]
    if _one_to_one(sure) >= MIN_SUPPORT:
        left = [p for p in left if p.certain]
    lucky = _best_zone(left, QUARTER // 2)
    return lucky.support if lucky is not None and lucky.support >= MIN_SUPPORT else 0


def _narrowest(pairs: Iterable[PairedTimes], window: int) -> _Cluster | None:
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


def _rivals(pairs: Sequence[PairedTimes], best: _Cluster, window: int) -> Iterator[_Cluster]:
    """Constants that explain rows and closes which the better ones leave over, more than chance would."""
    found, left = [best], list(pairs)
    while len(found) <= _MOST_RIVALS:
        closes = {p.close for p in found[-1].pairs}
        rows = {p.row for p in found[-1].pairs}
        left = [p for p in left if p.close not in closes and p.row not in rows]
        rival = _best(left, window)
        if rival is None or rival.support < MIN_SUPPORT:
            return
        if rival.support <= _chance(left, rival):
            return
        if not rival.zone and rival.support * _RIVAL < best.support:
            return
        found.append(rival)
        yield rival


def _turned(best: _Cluster, rivals: Sequence[_Cluster]) -> tuple[_Cluster, _Cluster] | None:
    """The two constants of a ledger whose clock was changed by an hour, in the order of the rows."""
    if len(rivals) != 1 or not rivals[0].zone or abs(rivals[0].delta - best.delta) != HOUR:
        return None
    ours, theirs = {p.row for p in best.pairs}, {p.row for p in rivals[0].pairs}
    if max(ours) < min(theirs):
        return best, rivals[0]
    if max(theirs) < min(ours):
        return rivals[0], best
    return None


def _median(cluster: _Cluster) -> int:
    return sorted(p.delta for p in cluster.pairs)[len(cluster.pairs) // 2]


def _middle(cluster: _Cluster, window: int) -> int:
    """Where the middle pair of a constant lies; a zone's own place where the window holds it."""
    middle = _median(cluster)
    return cluster.delta if abs(middle - cluster.delta) <= window else middle


def _zone_and_lag(cluster: _Cluster, window: int) -> tuple[int, tuple[int, int]]:
    """The constant in seconds, and the lag beside it where the window would not hold it."""
    if cluster.zone:
        base = cluster.delta
    elif abs(cluster.delta) < QUARTER - MINUTE:
        base = 0
    else:
        return _whole_seconds(cluster.delta), (0, 0)
    beside = sorted(p.delta - base for p in _one_each(cluster.pairs))
    trimmed = beside[len(beside) // 20 : len(beside) - len(beside) // 20]
    low, high = trimmed[0], trimmed[-1]
    if not base and len(beside) >= _STEADY and high - low <= _JITTER and not -window <= low <= high <= window:
        return _whole_seconds(beside[len(beside) // 2]), (0, 0)
    return base // SECOND, ((0, 0) if -window <= low and high <= window else (low, high))


def _one_each(pairs: Sequence[PairedTimes]) -> list[PairedTimes]:
    """Of each close and of each row the pair that lies nearest to those that have no rival.

    Trades with equal values in quick succession make pairs across each other, whose distances are no lags.
    """
    closes, rows = Counter(p.close for p in pairs), Counter(p.row for p in pairs)
    sole = [p.delta for p in pairs if closes[p.close] == 1 == rows[p.row]] or [p.delta for p in pairs]
    middle = sorted(sole)[len(sole) // 2]
    by_row: dict[int, PairedTimes] = {}
    by_close: dict[int, PairedTimes] = {}
    for pair in sorted(pairs, key=lambda p: (abs(p.delta - middle), p.close, p.row)):
        if pair.row not in by_row and pair.close not in by_close:
            by_row[pair.row] = by_close[pair.close] = pair
    return [*by_close.values()]


def _lone(pairs: Sequence[PairedTimes]) -> tuple[int, ...]:
    """The difference of zones that a single certain pair shows."""
    sure = [p.delta for p in pairs if p.certain and _quarters(p.delta)]
    return (_whole_seconds(sure[0]),) if len(sure) == 1 else ()


def _quarters(delta: int) -> bool:
    """Whether zones may differ by ``delta``, a lag aside."""
    away = abs(delta - round(delta / QUARTER) * QUARTER)
    return away <= _LAG and abs(delta) > _LAG


def _whole_seconds(delta: int) -> int:
    """Seconds, snapped to the minute when a few seconds away: zones are whole minutes, lags are not."""
    seconds = round(delta / SECOND)
    minute = round(seconds / 60) * 60
    return minute if abs(seconds - minute) <= 10 and abs(minute) >= 900 else seconds  # noqa: PLR2004 - seconds
