"""What the losses cost a session: sums, rates, groups and the two running totals, all exact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from logaudit.core.diagnosis import Impact, ImpactGroup
from logaudit.core.events import Event
from logaudit.core.money import running_totals, total
from logaudit.core.money_parts import known_results
from logaudit.core.report import RunningPnl
from logaudit.core.time_window import Interval
from logaudit.core.timestamp import Stamp
from logaudit.core.trades import LedgerEntry
from logaudit.diagnosis.stats import ratio
from logaudit.reconcile.money_parts import incomparable, log_money, money_of, recorders_money, recorders_rows
from logaudit.reconcile.reconciled import ClosedTrade, Session

#: By what losses are grouped, and the value of a close.
_DIMENSIONS: Final[tuple[tuple[str, Callable[[Event], str]], ...]] = (
    ("reason", lambda c: c.fields.reason),
    ("symbol", lambda c: c.fields.symbol),
    ("side", lambda c: c.fields.side.value if c.fields.side else ""),
    ("path", lambda c: c.emitter.path or c.pattern),
)


def impact_of(session: Session) -> Impact:
    """The figures of one session with losses.

    Money is the PnL that log and ledger tell, net or gross. The ledger's side counts the rows that the recorder
    wrote, with or without a close in the logs; rows of another writer are left out.
    """
    closes, missing = session.closed, session.missing
    rows = list(recorders_rows(session))
    times = [t.at for t in missing]
    log = [r for r in known_results(closes) if r is not None]
    ledger = [r for r in known_results(recorders_money(session)) if r is not None]
    money = money_of(session)
    return Impact(
        session=session.root,
        closes=len(closes),
        missing=len(missing),
        rows=len(rows),
        log_net_pnl=money.log.closes.value,
        ledger_net_pnl=money.recorder.value,
        unrecorded_net_pnl=money.log.lost.value,
        win_rate_log=_win_rate(log),
        win_rate_ledger=_win_rate(ledger),
        average_log=_mean(log),
        average_ledger=_mean(ledger),
        first_loss=min(times, key=lambda at: at.us, default=None),
        last_loss=max(times, key=lambda at: at.us, default=None),
        covered=_covered(session),
        groups=tuple(_groups(closes)),
        cumulative=tuple(_curves(session, rows)),
        comparable=incomparable(session).isdisjoint(ledger.address for ledger in session.ledgers)
        and money.log.closes.is_gross is money.recorder.is_gross,
        log=money.log.closes,
        ledger=money.recorder,
    )


def running_pnl(session: Session) -> RunningPnl:
    """The two running totals of a session, with or without losses."""
    money = money_of(session)
    return RunningPnl(
        session=session.root,
        points=tuple(_curves(session, list(recorders_rows(session)))),
        log=money.log.closes.value is not None,
        ledger=money.recorder.value is not None,
    )


def _win_rate(results: Sequence[Decimal]) -> Decimal | None:
    return ratio(Fraction(sum(r > 0 for r in results), len(results))) if results else None


def _mean(results: Sequence[Decimal]) -> Decimal | None:
    return ratio(Fraction(total(results)) / len(results)) if results else None


def _groups(closes: Sequence[ClosedTrade]) -> Iterator[ImpactGroup]:
    """Every value of every dimension: the most losses first."""
    for dimension, value_of in _DIMENSIONS:
        members: dict[str, list[ClosedTrade]] = defaultdict(list)
        for trade in closes:
            members[value_of(trade.close)].append(trade)
        groups = [_group(dimension, value, trades) for value, trades in members.items()]
        yield from sorted(groups, key=lambda g: (-g.missing, -g.closes, g.value))


def _group(dimension: str, value: str, trades: Sequence[ClosedTrade]) -> ImpactGroup:
    money = log_money(trades)
    return ImpactGroup(
        dimension=dimension,
        value=value,
        closes=len(trades),
        missing=sum(t.missing for t in trades),
        log_net_pnl=money.closes.value,
        unrecorded_net_pnl=money.lost.value,
    )


def _curves(session: Session, rows: Sequence[LedgerEntry]) -> Iterator[tuple[Stamp, Decimal, Decimal]]:
    """Both running totals after each close, and after each row that no close explains.

    The last point equals what is known of the session's totals: an entry counts once, an unknown amount not at all.
    """
    entries = {
        r.location: v or Decimal(0)
        for r, v in zip(rows, known_results(recorders_money(session)), strict=True)
    }
    known = known_results(session.closed)
    steps: list[tuple[Stamp, Decimal, Decimal]] = []
    for trade, log in zip(session.closed, known, strict=True):
        row = total(entries.pop(row.location, Decimal(0)) for row in trade.rows)
        steps.append((trade.at, log or Decimal(0), row))
    for entry in rows:
        if (left := entries.get(entry.location)) is not None:
            at = Stamp(session.ledger_of(entry).log_time(entry), entry.at.precision)
            steps.append((at, Decimal(0), left))
    steps.sort(key=lambda s: (s[0].us, s[0].iso()))
    logs, ledgers = running_totals(s[1] for s in steps), running_totals(s[2] for s in steps)
    yield from zip((s[0] for s in steps), logs, ledgers, strict=True)


def _covered(session: Session) -> Decimal | None:
    """The share of the session's life that some log covers.

    Its life goes from the first to the last moment that logs, rows or other tables of the bot show.
    """
    evidence = session.evidence
    moments = [lc.log_time(r) for lc in session.ledgers for r in lc.ledger.rows]
    moments += [stamp.us for h in evidence.health for stamp in (h.health.first, h.health.last) if stamp]
    intervals = [i for s in evidence.streams for i in s.covered]
    moments += [at for i in intervals for at in (i.start, i.end)]
    if not intervals or min(moments) == max(moments):
        return None
    return ratio(Fraction(_length(intervals), max(moments) - min(moments)))


def _length(intervals: Iterable[Interval]) -> int:
    """Microseconds that at least one interval covers."""
    covered, reached = 0, None
    for interval in sorted(intervals, key=lambda i: (i.start, i.end)):
        start = interval.start if reached is None else max(interval.start, reached)
        covered += max(0, interval.end - start)
        reached = interval.end if reached is None else max(reached, interval.end)
    return covered
