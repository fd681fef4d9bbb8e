"""What `logaudit watch` may claim: a close is lost once the recorder has had its usual time to write the row.

`observe` is pure: a report, what was known before and the time since the watch began give what is new. A close
without a row is pending first. It is claimed as lost when the watch has waited, or by its own times the log has gone
on, for longer than the recorder usually takes. A log may be written in blocks, so that one look shows a close and all
that followed it: what appears during the watch is given the least wait in any case. A row that comes later all the
same is told, and lengthens the wait from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from logaudit.core.location import Location, Role
from logaudit.core.report import Report
from logaudit.core.timestamp import SECOND
from logaudit.core.trade_report import TradeReport
from logaudit.core.trades import TradeState

#: Seconds that every close is given: buffers are flushed, and files are written side by side.
LEAST_WAIT: Final = 10.0
#: A close gets this many times the recorder's usual lag.
_PATIENCE: Final = 2.0
#: Longer lags, in seconds, are rows that somebody restored, or another clock.
_LONGEST_LAG: Final = 600.0
#: The share of closes whose rows came within the usual lag.
_USUAL: Final = 0.99
#: The rule that has one finding for each close without a row; the place of the close stands first in it.
_LOSS: Final = "LA101"


class WatchState(Struct, frozen=True):
    """What is known from one look to the next.

    Attributes:
        first_seen: closes without a row, by id → seconds since the watch began when each was first seen.
        claimed: ids of those that were told to be lost.
        slowest: the longest time in seconds after which a row came that the watch has seen itself.
        begun: whether there was a look before.
    """

    first_seen: Mapping[str, float] = field(default_factory=dict)
    claimed: frozenset[str] = frozenset()
    slowest: float = 0.0
    begun: bool = False


class Observation(Struct, frozen=True):
    """What one look shows.

    Attributes:
        lost: closes that are lost and were not told before; recorded: closes told to be lost that have a row now.
        pending: closes without a row that are still given time.
        all_lost: how many are lost in all; known: how many more a baseline knows, or the settings suppress.
        wait: seconds that a close is given; usual: the recorder's usual lag in seconds, None where nothing shows it.
    """

    lost: tuple[TradeReport, ...]
    recorded: tuple[TradeReport, ...]
    pending: tuple[TradeReport, ...]
    all_lost: int
    wait: float
    usual: float | None
    known: int = 0


def observe(
    report: Report, usual: float | None, state: WatchState, now: float
) -> tuple[WatchState, Observation]:
    """What is new in a report, and what to remember.

    Args:
        report: findings sorted by the settings: a loss that they set apart is not told.
        usual: the recorder's usual lag in seconds, see `usual_lag`.
        now: seconds since the watch began.
    """
    apart = _set_apart(report)
    unrecorded = [t for t in report.trades if t.missing and t.state is not TradeState.BACKFILLED]
    missing = {t.id: t for t in unrecorded if t.log not in apart}
    found = {t.id: t for t in report.trades if t.id not in missing and t.row is not None}
    waited = [now - at for id_, at in state.first_seen.items() if id_ in found]
    slowest = max([state.slowest, *waited])
    wait = max(LEAST_WAIT, _PATIENCE * max(usual or 0.0, slowest))
    first_seen = {id_: state.first_seen.get(id_, now) for id_ in missing}
    newest = _newest(report)
    lost = {
        id_
        for id_, trade in missing.items()
        if id_ in state.claimed
        or now - first_seen[id_] >= wait
        or (
            newest.get(trade.session, 0) - trade.closed.us >= wait * SECOND
            and (not state.begun or now - first_seen[id_] >= LEAST_WAIT)
        )
    }
    return WatchState(first_seen, frozenset(lost), slowest, begun=True), Observation(
        lost=tuple(missing[id_] for id_ in missing if id_ in lost - state.claimed),
        recorded=tuple(found[id_] for id_ in found if id_ in state.claimed),
        pending=tuple(missing[id_] for id_ in missing if id_ not in lost),
        all_lost=len(lost),
        wait=wait,
        usual=usual if usual is not None or not slowest else slowest,
        known=len(unrecorded) - len(missing),
    )


def _set_apart(report: Report) -> frozenset[Location]:
    """Where the closes were logged whose loss a baseline knows or the settings suppress."""
    review = report.review
    findings = (*review.baselined, *(one.finding for one in review.suppressed))
    return frozenset(one.locations[0] for one in findings if one.rule == _LOSS)


def _newest(report: Report) -> dict[str, int]:
    """The time of each session's newest record, naive µs."""
    newest: dict[str, int] = {}
    for covered in report.coverage:
        for _, end in covered.intervals:
            newest[covered.session] = max(end.us, newest.get(covered.session, end.us))
    return newest


def usual_lag(report: Report) -> float | None:
    """Seconds after a close within which its acknowledgement or its row usually comes; None where none came."""
    lags = sorted(lag for trade in report.trades for lag in _lags(trade) if 0 <= lag <= _LONGEST_LAG)
    return lags[min(int(len(lags) * _USUAL), len(lags) - 1)] if lags else None


def _lags(trade: TradeReport) -> Iterator[float]:
    """Seconds from a close to what its recorder wrote of it, on the log's clock."""
    if trade.log is None:
        return
    for place, at in zip(trade.also, trade.also_at, strict=True):
        if place.role is Role.ACK:
            yield (at.us - trade.closed.us) / SECOND
    if trade.row_at is not None:
        yield (trade.row_at.us - trade.closed.us) / SECOND
