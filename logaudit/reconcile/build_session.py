"""Evidence of one session → its part of the case: runs, links, witness states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, assert_never

from msgspec.structs import replace

from logaudit.core.events import EventKind
from logaudit.core.location import Address
from logaudit.core.timestamp import SECOND, iso
from logaudit.core.trades import EntryKind, LedgerEntry, TradeState, symbol_key
from logaudit.profiles.profile import LEARNED
from logaudit.reconcile.believed_closes import (
    bears_out,
    explained_by_log,
    left_over,
    unproven,
    without_possible,
)
from logaudit.reconcile.claims import Claim, rebuilt
from logaudit.reconcile.conventions import settle_conventions
from logaudit.reconcile.ledger_elsewhere import ledgers_elsewhere, shows_ledger
from logaudit.reconcile.ledgers import is_at_hand
from logaudit.reconcile.linked_claims import foreign_rows, opened_of, reviewed, settled
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
    doubted = {near.close for near in links.doubted}
    maybe = {id(links.rows[near.row]) for near in links.doubted}
    lost = [i for i in range(len(claims)) if _is_without_row(links, i) and not said[i].failures]
    if any(opened.fields.symbol for opened in evidence.of(EventKind.POSITION_OPENED)):
        # Of several positions in play it does not say which: it may tell the end of one that another line tells, too.
        doubted |= {i for i in lost if not claims[i].close.fields.symbol}
    doubted |= {i for i in lost if claims[i].doubtful}
    doubted |= unproven(evidence, [c.close for c in claims], lambda i: not _is_without_row(links, i))
    if any(ledger.ledger.fills for ledger in ledgers):
        from logaudit.reconcile.mistaken_fills import mistaken_ends, mistaken_openings  # noqa: PLC0415 - few have fills

        mistaken = mistaken_openings(evidence, ledgers, [(i, claims[i].close) for i in lost])
        upset = {*mistaken.values()}
        doubted |= mistaken.keys()
        maybe |= {id(row) for row in links.unexplained if row.location.address in upset}
        maybe |= {id(row) for row in mistaken_ends(evidence, ledgers, links.unexplained)}
    lies_elsewhere = foreign_rows(evidence, ledgers)
    loose = [row for row in links.unexplained if not lies_elsewhere(row)]
    doubted |= explained_by_log(evidence, [c.close for c in claims], lost) | _not_traded(
        evidence, ledgers, claims, lost, links
    )
    without = {i: claims[i].close for i in lost}
    against = left_over(evidence, ledgers, links, without, loose, lambda row: judge.row(readings.of(row)))
    if broken_lines is not None:
        against = {**broken_lines.rows_of(without, links.unexplained, readings), **against}
    doubted |= against.keys()
    maybe |= {id(row) for rows in against.values() for row in rows}
    maybe |= {id(row) for row in _ended_unseen(evidence, claims, ledgers, links)}
    trades: list[Trade] = [
        _unclosed(row, runs, readings, judge, doubted=id(row) in maybe)
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
            doubted=i in doubted,
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


def _not_traded(
    evidence: SessionEvidence,
    ledgers: Sequence[ReconciledLedger],
    claims: Sequence[Claim],
    lost: Sequence[int],
    links: Links,
) -> set[int]:
    """Those of the lost closes that may be no trades of the bot's."""
    if not lost or not links.matched:
        return set()
    from logaudit.reconcile.no_own_trades import not_traded  # noqa: PLC0415 - most closes have a row

    return not_traded(evidence, ledgers, claims, lost, links.matched)


def _ended_unseen(
    evidence: SessionEvidence, claims: Sequence[Claim], ledgers: Sequence[ReconciledLedger], links: Links
) -> Iterable[LedgerEntry]:
    """The rows without a close that bear the time of an open and may be of positions that ended unseen."""
    if not any(ledger.shift.of_open for ledger in ledgers):
        return ()
    from logaudit.reconcile.unseen_ends import ended_unseen  # noqa: PLC0415 - few ledgers show when positions began

    return ended_unseen(evidence, ledgers, links, [claim.close for claim in claims])


def _is_without_row(links: Links, close: int) -> bool:
    return links.row_of(close) is None and close not in links.restored


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
