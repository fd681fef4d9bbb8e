"""Evidence of one session → its part of the case: runs, links, witness states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, assert_never

from msgspec.structs import replace

from logaudit.core.events import EventKind
from logaudit.core.location import Address
from logaudit.core.timestamp import SECOND, iso
from logaudit.core.trades import EntryKind, LedgerEntry, TradeState, symbol_key
from logaudit.profiles.profile import LEARNED
from logaudit.reconcile.believed_closes import bears_out, without_possible
from logaudit.reconcile.claims import Claim, rebuilt
from logaudit.reconcile.conventions import settle_conventions
from logaudit.reconcile.in_doubt import in_doubt
from logaudit.reconcile.ledger_elsewhere import ledgers_elsewhere, shows_ledger
from logaudit.reconcile.ledgers import is_at_hand
from logaudit.reconcile.linked_claims import opened_of, reviewed, settled
from logaudit.reconcile.links import Links
from logaudit.reconcile.logged_fill import LoggedFill
from logaudit.reconcile.matching import DeviationKind
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.parted_positions import positions_of, whole_positions
from logaudit.reconcile.positions import Run, build_runs, run_at, run_of
from logaudit.reconcile.reconciled import ClosedTrade, Session, Trade, UnclosedEntry, Witness
from logaudit.reconcile.reconciled_ledger import Readings, ReconciledLedger
from logaudit.reconcile.rewritten import begun_before
from logaudit.reconcile.room_finder import RoomFinder
from logaudit.reconcile.rooms import Room
from logaudit.reconcile.trade_states import TradeClassifier
from logaudit.reconcile.unread_places import rooms_elsewhere, rooms_of
from logaudit.sources import Problem

if TYPE_CHECKING:
    from logaudit.reconcile.broken_lines import BrokenLines


def build_session(
    evidence: SessionEvidence, problems: Sequence[Problem] = (), lone: Sequence[LedgerEntry] = ()
) -> Session:
    """Runs, positions, clocks, matches and states of one session.

    Args:
        evidence: the session's own.
        problems: those of files in its folder.
        lone: rows of ledgers in other folders, without a log of their own.
    """
    session = _built(evidence, problems, lone)
    return session if bears_out(session) else _built(without_possible(evidence), problems, lone)


def _built(evidence: SessionEvidence, problems: Sequence[Problem], lone: Sequence[LedgerEntry]) -> Session:
    if evidence.tells_only_fills:
        from logaudit.reconcile.order_fills import as_fills  # noqa: PLC0415 - few bots tell of fills alone

        evidence = as_fills(evidence)
    runs = build_runs(evidence)
    positions, found = reviewed(evidence, runs, *settled(evidence, runs))
    ledgers, links, said = found.ledgers, found.links, found.said
    positions, claims = rebuilt(positions, found.claims)
    closes = tuple(claim.close for claim in claims)
    window = round(evidence.profile.ledger.window * SECOND)
    links, conventions = settle_conventions(
        closes, links, ledgers, opened_of(claims), window, positions_of(claims)
    )
    broken_lines = None
    if any(source.breaks_off for stream in evidence.streams for source in stream.sources):
        from logaudit.reconcile.broken_lines import BrokenLines  # noqa: PLC0415 - few logs do

        broken_lines = BrokenLines(evidence, closes)
        broken_lines.without_broken_values(links)
    rooms = (*rooms_of(evidence, ledgers, problems), *rooms_elsewhere(evidence, lone))
    trades = _trades(evidence, claims, runs, (ledgers, links, said), rooms, broken_lines)
    fills: tuple[LoggedFill, ...] = ()
    if evidence.of(EventKind.ORDER_FILLED):
        from logaudit.reconcile.order_fills import reconcile_fills  # noqa: PLC0415 - few bots tell of fills

        fills = reconcile_fills(evidence, ledgers, runs, rooms)
    return Session(
        evidence=evidence,
        runs=runs,
        closes=closes,
        positions=positions,
        ledgers=ledgers,
        trades=trades,
        repeats=_repeats(links, trades),
        duplicates=tuple(links.duplicates),
        conventions=conventions,
        possible_ledgers=tuple(room.location for room in rooms if room.is_file),
        unread_times=tuple(room.interval for room in rooms if room.is_file),
        doubted=tuple((closes[near.close], links.rows[near.row]) for near in links.doubted),
        fills=fills,
    )


def _trades(
    evidence: SessionEvidence,
    claims: Sequence[Claim],
    runs: Sequence[Run],
    written: tuple[Sequence[ReconciledLedger], Links, Sequence[Witness]],
    rooms: Sequence[Room],
    broken_lines: BrokenLines | None,
) -> tuple[Trade, ...]:
    """One trade for each close and one for each row that none explains, in time order."""
    ledgers, links, said = written
    readings = Readings(ledgers)
    judge = TradeClassifier(evidence, said)
    doubt = in_doubt(evidence, claims, written, readings, judge, broken_lines)
    trades: list[Trade] = [
        _unclosed(row, runs, readings, judge, doubted=id(row) in doubt.rows)
        for row in links.unexplained
        if row.kind is not EntryKind.FILL
    ]
    recorded = [claims[i].close for i, found in links.matched.items() if shows_ledger(found)]
    elsewhere = ledgers_elsewhere(evidence, ledgers, runs, recorded)
    begun = evidence.of(EventKind.LEDGER_OPENED, EventKind.RECORDER_READY)
    beyond: frozenset[int] = frozenset()
    if evidence.profile.name == LEARNED:
        from logaudit.reconcile.learned_reach import beyond_reach  # noqa: PLC0415 - few profiles are learned

        beyond = beyond_reach([c.close for c in claims], lambda i: links.row_of(i) is not None)
    before_fee = any(d.kind is DeviationKind.AFTER_FEE for m in links.matched.values() for d in m.deviations)
    acknowledged = {found.row for i, found in links.matched.items() if said[i].acks}
    wholes = whole_positions(claims, {*links.matched, *links.restored})
    since: dict[Address, int] = {}
    for i, found in links.matched.items():
        address, at = links.rows[found.row].location.address, claims[i].close.at.order
        since[address] = min(since.get(address, at), at)
    finder = RoomFinder(rooms, evidence, ledgers, since)
    for i, claim in enumerate(claims):
        close = claim.close
        run = run_of(runs, close.at)
        row, restored = links.row_of(i), links.restored.get(i)
        has_row = row is not None or restored is not None
        room = None if has_row else finder.could_hold(run, close, wholes.get(i))
        state = judge.close(
            close,
            said[i],
            recorded=row is not None,
            acknowledged=row is not None and links.matched[i].row in acknowledged,
            restored=restored is not None,
            at_hand=is_at_hand(ledgers, run, close) or begun_before(begun, ledgers, run, close),
            doubted=i in doubt.closes,
            room=room is not None or i in beyond or elsewhere.holds(run, close),
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
                position=claim.position,
                state=state,
                tied=i in links.tied,
                echoes=claim.echoes,
                again=claim.again,
                parts=links.rows_of(i),
                room=room.location if room is not None and state is TradeState.UNVERIFIABLE else None,
                beyond=i in beyond and state is TradeState.UNVERIFIABLE,
                before_fee=before_fee,
            )
        )
    return tuple(_numbered(sorted(trades, key=lambda t: _time_of(t, readings))))


def _unclosed(
    row: LedgerEntry, runs: Sequence[Run], readings: Readings, judge: TradeClassifier, *, doubted: bool
) -> UnclosedEntry:
    run = run_at(runs, readings.best(row) + row.at.precision - 1)
    state = TradeState.UNVERIFIABLE if doubted or row.may_be_open else judge.row(readings.of(row))
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
