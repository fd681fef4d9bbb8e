"""Evidence of one session → its part of the case: runs, links, witness states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.timestamp import SECOND, iso
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.acknowledgements import witnesses
from logaudit.reconcile.ledgers import is_at_hand, reconcile_ledgers
from logaudit.reconcile.links import Links, Readings, link
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.positions import Position, Run, build_positions, build_runs, run_at
from logaudit.reconcile.reconciled import ClosedTrade, ReconciledLedger, Session, Trade, UnclosedEntry
from logaudit.reconcile.trade_states import TradeClassifier


def build_session(evidence: SessionEvidence) -> Session:
    """Runs, positions, clocks, matches and states of one session."""
    runs = build_runs(evidence)
    positions, unordered = build_positions(
        evidence.of(EventKind.POSITION_OPENED),
        evidence.of(EventKind.POSITION_CLOSED),
        evidence.of(EventKind.EXCHANGE_CONFIRMED),
        runs,
    )
    closes = tuple(sorted(unordered, key=lambda c: (c.at.us, c.stream, c.location)))
    ledgers = reconcile_ledgers(evidence, closes, runs)
    home = {id(close): p for p in positions for close in p.closes}
    homes = [home[id(close)] for close in closes]
    links = link(closes, ledgers, lambda c: _opened(homes[c]), round(evidence.profile.ledger.window * SECOND))
    trades = _trades(evidence, closes, homes, runs, (ledgers, links))
    return Session(
        evidence=evidence,
        runs=runs,
        closes=closes,
        positions=positions,
        ledgers=ledgers,
        trades=trades,
        repeats=_repeats(links, trades),
        duplicates=tuple(links.duplicates),
    )


def _opened(position: Position) -> int | None:
    return position.open.at.us if position.open else None


def _trades(
    evidence: SessionEvidence,
    closes: Sequence[Event],
    homes: Sequence[Position],
    runs: Sequence[Run],
    written: tuple[Sequence[ReconciledLedger], Links],
) -> tuple[Trade, ...]:
    """One trade for each close and one for each row that none explains, in time order."""
    ledgers, links = written
    readings = Readings(ledgers)
    said = witnesses(closes, evidence, frozenset(links.matched))
    judge = TradeClassifier(evidence, said)
    trades: list[Trade] = [_unclosed(row, runs, readings, judge) for row in links.unexplained]
    for i, close in enumerate(closes):
        run = run_at(runs, close.at.end - 1)
        row, restored = links.row_of(i), links.restored.get(i)
        state = judge.close(
            close,
            said[i],
            recorded=row is not None,
            restored=restored is not None,
            at_hand=is_at_hand(ledgers, run, close),
        )
        trades.append(
            ClosedTrade(
                id="",
                run=run.id if run else "",
                close=close,
                row=row,
                match=links.matched.get(i),
                backfill=restored,
                witness=said[i],
                position=homes[i],
                state=state,
                tied=i in links.tied,
            )
        )
    return tuple(_numbered(sorted(trades, key=lambda t: _time_of(t, readings))))


def _unclosed(
    row: LedgerEntry, runs: Sequence[Run], readings: Readings, judge: TradeClassifier
) -> UnclosedEntry:
    run = run_at(runs, readings.best(row) + row.at.precision - 1)
    state = judge.row(readings.of(row))
    return UnclosedEntry("", run.id if run else "", row, state)


def _time_of(trade: Trade, readings: Readings) -> tuple[int, str, str, int]:
    match trade:
        case ClosedTrade():
            at, where = trade.close.at.us, trade.close.location
        case UnclosedEntry():
            at, where = readings.best(trade.row), trade.row.location
        case _:
            assert_never(trade)
    return at, where.path, where.member, where.line


def _numbered(trades: Sequence[Trade]) -> list[Trade]:
    """Ids by meaning, so that they survive rescans: symbol, side and close time, ``#2`` for a repeat."""
    seen: dict[str, int] = {}
    result: list[Trade] = []
    for trade in trades:
        side = trade.fields.side.value if trade.fields.side else "unknown"
        name = f"{symbol_key(trade.fields.symbol)}-{side}-{iso(trade.at.us, trade.at.precision)}"
        seen[name] = seen.get(name, 0) + 1
        result.append(replace(trade, id=name if seen[name] == 1 else f"{name}#{seen[name]}"))
    return result


def _repeats(links: Links, trades: Sequence[Trade]) -> tuple[tuple[LedgerEntry, ClosedTrade], ...]:
    by_row = {t.row.location: t for t in trades if isinstance(t, ClosedTrade) and t.row is not None}
    found = [(row, by_row[links.rows[links.matched[c].row].location]) for row, c in links.repeated]
    return tuple(sorted(found, key=lambda item: item[0].location))
