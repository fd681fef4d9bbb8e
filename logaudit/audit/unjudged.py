"""What could not be judged, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.location import Role
from logaudit.core.message import (
    Code,
    Listed,
    Place,
    Text,
    Time,
    codes,
    label,
    msg,
    plural,
    sentences,
)
from logaudit.core.report import Statement
from logaudit.core.timestamp import DAY, SECOND, Stamp, iso
from logaudit.core.trades import PositionStatus, TradeState
from logaudit.ingest.source_extract import DateSource, LogExtract, Undated
from logaudit.ledger import HealthStatus
from logaudit.reconcile.believed_closes import alarms
from logaudit.reconcile.reconciled import Case, ClosedTrade, Session

_STATUS: Final = {
    HealthStatus.ALIVE: label("table", "alive"),
    HealthStatus.HEADER_ONLY: label("table", "header-only"),
    HealthStatus.EMPTY: label("table", "empty"),
    HealthStatus.MALFORMED: label("table", "malformed"),
}


_DATED_BY: Final = {
    DateSource.NAME: label("date", "its name"),
    DateSource.NEIGHBOURS: label("date", "the rows and logs beside it"),
    DateSource.FILE_TIME: label("date", "the time at which it was last written"),
}


def unjudged(case: Case) -> tuple[Statement, ...]:
    """What nothing can be claimed about, and why."""
    return tuple(s for session in case.sessions for s in _unjudged(session, elsewhere=case.has_ledgers))


def _unjudged(session: Session, *, elsewhere: bool) -> Iterator[Statement]:
    evidence = session.evidence
    if not evidence.streams and session.ledgers:
        yield Statement(
            "no-logs",
            session.root,
            msg(
                "No log lies beside {ledgers}: nothing can be claimed about what it should hold.",
                ledgers=Listed(tuple(Place(lc.address) for lc in session.ledgers)),
            ),
            tuple(lc.address.as_location(Role.LEDGER) for lc in session.ledgers),
        )
    for log in (log for stream in evidence.streams for log in stream.sources if log.dated_by):
        yield _dating(session.root, log)
    if evidence.streams and not session.ledgers:
        yield Statement(
            "no-ledger",
            session.root,
            msg("No trades ledger lies beside the logs of {streams}.", streams=codes(evidence.stream_names)),
        )
    rows = [t for t in session.unclosed if t.state is TradeState.UNVERIFIABLE and not t.row.may_be_open]
    if rows and evidence.span is not None:
        yield Statement(
            "rows-outside-coverage",
            session.root,
            plural(
                "{n} row cannot be verified: the logs at hand cover {start} to {end}.",
                "{n} rows cannot be verified: the logs at hand cover {start} to {end}.",
                len(rows),
                start=Time(Stamp(evidence.span.start, SECOND)),
                end=Time(Stamp(evidence.span.end, SECOND)),
            ),
            tuple(t.row.location for t in rows),
        )
    yield from _without_result(session)
    unsure = [t for t in session.closed if t.state is TradeState.UNVERIFIABLE]
    yield from _beyond(session, [t for t in unsure if t.beyond])
    said = alarms(session) if session.ledgers else []
    yield from _alarms(session, said)
    closes = [t for t in unsure if not t.beyond and t not in said]
    if session.ledgers and closes:
        from logaudit.audit.unjudged_closes import why_unjudged  # noqa: PLC0415 - in most sessions all closes are judged

        statements, closes = why_unjudged(session, closes)
        yield from statements
    if session.ledgers:
        yield from _unverifiable(session, closes)
    else:
        yield from _unchecked(session, closes, elsewhere=elsewhere)
    yield from _fills(session)
    yield from _open_positions(session)
    for extract in evidence.health:
        if extract.health.status is not HealthStatus.ALIVE:
            yield Statement(
                "csv-not-alive",
                session.root,
                msg(
                    "{title} {path} is {status}.",
                    title=Text(extract.health.title),
                    path=Place(extract.address),
                    status=_STATUS[extract.health.status],
                ),
                (extract.address.as_location(),),
            )


def _without_result(session: Session) -> Iterator[Statement]:
    """The rows without a close that may be of positions that have not ended."""
    left = [t.row for t in session.unclosed if t.state is TradeState.UNVERIFIABLE and t.row.may_be_open]
    if left:
        yield Statement(
            "rows-without-result",
            session.root,
            plural(
                "{n} row without a close in the logs shows neither an exit nor a result: its position may still be "
                "open.",
                "{n} rows without a close in the logs show neither an exit nor a result: their positions may still be "
                "open.",
                len(left),
            ),
            tuple(row.location for row in left),
        )


def _fills(session: Session) -> Iterator[Statement]:
    """The fills of which nothing can be claimed."""
    unsure = [fill for fill in session.fills if fill.state is TradeState.UNVERIFIABLE]
    if unsure:
        rooms = tuple(fill.room for fill in unsure if fill.room is not None)
        yield Statement(
            "fills-unchecked",
            session.root,
            plural(
                "{n} fill cannot be verified: its row may lie outside the ledger's time, in what could not be read, "
                "or be one that nothing tells from others.",
                "{n} fills cannot be verified: their rows may lie outside the ledger's time, in what could not be "
                "read, or be some that nothing tells from others.",
                len(unsure),
            ),
            (*(fill.event.location for fill in unsure[:3]), *rooms[:1]),
        )


def _unverifiable(session: Session, closes: Sequence[ClosedTrade]) -> Iterator[Statement]:
    """The closes whose rows the ledgers at hand may hold where nothing tells."""
    if closes:
        yield Statement(
            "closes-unchecked",
            session.root,
            plural(
                "{n} close cannot be verified: its row may lie outside the ledger's time, in what could not be read, "
                "or be one that nothing tells from others.",
                "{n} closes cannot be verified: their rows may lie outside the ledger's time, in what could not be "
                "read, or be some that nothing tells from others.",
                len(closes),
            ),
            tuple(t.close.location for t in closes[:3]),
        )


def _unchecked(session: Session, closes: Sequence[ClosedTrade], *, elsewhere: bool) -> Iterator[Statement]:
    """The closes of a session without a ledger, those that were acknowledged first."""
    acknowledged = [t for t in closes if t.witness.acks]
    logged = [t for t in closes if not t.witness.acks]
    if acknowledged:
        yield Statement(
            "closes-without-ledger",
            session.root,
            plural(
                "{n} close was acknowledged by the recorder, but no ledger lies beside its log to check.",
                "{n} closes were acknowledged by the recorder, but no ledger lies beside their logs to check.",
                len(acknowledged),
            )
            if elsewhere
            else plural(
                "{n} close was acknowledged by the recorder, but no ledger is at hand to check.",
                "{n} closes were acknowledged by the recorder, but no ledger is at hand to check.",
                len(acknowledged),
            ),
            tuple(t.close.location for t in acknowledged[:3]),
        )
    if logged:
        yield Statement(
            "closes-unchecked",
            session.root,
            plural(
                "{n} close was logged, but no ledger lies beside its log to check.",
                "{n} closes were logged, but no ledger lies beside their logs to check.",
                len(logged),
            )
            if elsewhere
            else plural(
                "{n} close was logged, but no ledger is at hand to check.",
                "{n} closes were logged, but no ledger is at hand to check.",
                len(logged),
            ),
            tuple(t.close.location for t in logged[:3]),
        )


def _beyond(session: Session, trades: Sequence[ClosedTrade]) -> Iterator[Statement]:
    """The closes that no rows surround, where the rows taught what a close looks like."""
    if trades:
        yield Statement(
            "closes-beyond-learned",
            session.root,
            sentences(
                plural(
                    "{n} close lies before the first or after the last close with a row, and only the rows show "
                    "what a close is here: it may be of a time in which nothing was recorded.",
                    "{n} closes lie before the first or after the last close with a row, and only the rows show "
                    "what a close is here: they may be of a time in which nothing was recorded.",
                    len(trades),
                ),
                msg(
                    "To count such lines as closes, write the profile ({learn}), check it, give it a name of its own, "
                    "and scan with {flag}.",
                    learn=Code("logaudit learn PATHS -o bot.toml"),
                    flag=Code("--profile bot.toml"),
                ),
            ),
            tuple(t.close.location for t in trades[:3]),
        )


def _alarms(session: Session, trades: Sequence[ClosedTrade]) -> Iterator[Statement]:
    """The lines that may tell of a close, or only of a price that was reached."""
    if trades:
        yield Statement(
            "closes-may-be-alarms",
            session.root,
            sentences(
                plural(
                    "{n} line may tell of a close, or only of a price that was reached: it prints no result, and no "
                    "row or later line shows that the position ended.",
                    "{n} lines may tell of closes, or only of prices that were reached: they print no result, and no "
                    "row or later line shows that the positions ended.",
                    len(trades),
                ),
                msg(
                    "If they are closes, say so in a profile: {learn}.",
                    learn=Code("logaudit learn PATHS -o bot.toml"),
                ),
            ),
            tuple(t.close.location for t in trades[:3]),
        )


_LEFT_OPEN: Final = (PositionStatus.OPEN_AT_END, PositionStatus.FORGOTTEN)


def _open_positions(session: Session) -> Iterator[Statement]:
    left = [p for p in session.positions if p.status in _LEFT_OPEN and p.open]
    if left:
        named = sorted({f"{p.symbol} {p.side.value if p.side else ''}".strip() for p in left})
        yield Statement(
            "open-at-end",
            session.root,
            plural(
                "{n} position still open where the logs end ({names}): their closes, if any, lie outside the logs.",
                "{n} positions still open where the logs end ({names}): their closes, if any, lie outside the logs.",
                len(left),
                names=codes(named),
            ),
            tuple(p.open.location for p in left if p.open),
        )


def _dating(root: str, log: LogExtract) -> Statement:
    """What an undated log was placed in time by."""
    first, by = iso(log.earliest, DAY), _DATED_BY[log.dated_by or DateSource.NAME]
    text = (
        msg(
            "{log} prints no date: its first day, {day}, is taken from {source}.",
            day=Text(first[:10]),
            log=Place(log.address),
            source=by,
        )
        if log.undated is Undated.DAY
        else msg(
            "{log} prints no year: {year} is taken from {source}.",
            year=Text(first[:4]),
            log=Place(log.address),
            source=by,
        )
    )
    return Statement("undated-log", root, text, (log.address.as_location(),))
