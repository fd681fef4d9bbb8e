"""Lays a judged case out as an `Report`: sums, orders and texts, all exact and all in a fixed order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from logaudit import __version__
from logaudit.audit.not_judged import not_judged
from logaudit.audit.skipped import skipped_sources
from logaudit.audit.statements import healthy
from logaudit.audit.time_window import within_window
from logaudit.audit.totals import summary
from logaudit.audit.unjudged import unjudged
from logaudit.audit.zone_offsets import zone_offsets
from logaudit.core.events import EventKind
from logaudit.core.fields import TradeFields
from logaudit.core.finding import Finding
from logaudit.core.location import Location, SourceKind
from logaudit.core.message import Code, Message, msg
from logaudit.core.money_parts import amount_of
from logaudit.core.report import (
    ClockReport,
    CoverageReport,
    LedgerReport,
    ProfileChoice,
    Report,
    RunReport,
    SourceReport,
)
from logaudit.core.timestamp import SECOND, Stamp, shortest, stamp_at
from logaudit.core.trade_report import PositionReport, RepeatReport, TradeReport
from logaudit.core.trades import LedgerStatus, TradeState
from logaudit.diagnosis import diagnose
from logaudit.ingest.source_extract import HealthExtract, LedgerExtract, LogExtract
from logaudit.ledger import Convention
from logaudit.ledger.number_style import Decimals
from logaudit.profiles.profile import LEARNED
from logaudit.reconcile.clocks import fixed_offset
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.money_parts import comparable, log_money
from logaudit.reconcile.positions import Position, Run
from logaudit.reconcile.reconciled import (
    Case,
    ClosedTrade,
    ReconciledLedger,
    Session,
    Trade,
    Witness,
    trade_name,
)
from logaudit.rules import run_all


def build_report(case: Case) -> Report:
    """Runs every rule and lays the answer out; the same case gives the same outcome."""
    diagnosis = diagnose(case)
    findings = tuple(sorted(within_window(case, run_all(case, diagnosis)), key=_finding_order))
    return Report(
        tool_version=__version__,
        roots=case.roots,
        profiles=tuple(
            ProfileChoice(
                s.root,
                s.profile.name,
                case.why_profile.get(s.root, Message("")),
                learned=s.profile.origin == LEARNED,
            )
            for s in case.sessions
        ),
        summary=summary(case, findings),
        runs=tuple(_run(s, r) for s in case.sessions for r in s.runs),
        ledgers=tuple(_ledger(case, s, lc) for s in case.sessions for lc in s.ledgers),
        clocks=tuple(_clock(case, s, lc) for s in case.sessions for lc in s.ledgers),
        coverage=tuple(_coverage(s, i) for s in case.sessions for i in range(len(s.evidence.streams))),
        healthy=healthy(case),
        unjudged=unjudged(case),
        trades=tuple(_trade(s, t) for s, t in case.trades()),
        repeats=tuple(r for s in case.sessions for t in s.closed for r in _repeats(s, t)),
        positions=tuple(p for s in case.sessions for p in _positions(s)),
        findings=findings,
        not_judged=not_judged(case),
        sources=tuple(_sources(case)),
        files=case.files,
        skipped=tuple(sorted(skipped_sources(case), key=lambda s: (s.path, str(s.reason)))),
        diagnosis=diagnosis,
        zone=case.zone,
        offsets=tuple(offset for session in case.sessions for offset in zone_offsets(session, case.zone)),
        since=_limit(case.window.since),
        until=_limit(case.window.until),
    )


def _limit(at: int | None) -> Stamp | None:
    """An end of the judged window."""
    return None if at is None else shortest(at)


class _Sentence:
    """A message as the last part of a sort key: only where all else is equal is it put into words."""

    def __init__(self, message: Message) -> None:
        self._message = message

    def __lt__(self, other: _Sentence) -> bool:
        return str(self._message) < str(other._message)


def _finding_order(finding: Finding) -> tuple[str, int, str, str, tuple[Location, ...], _Sentence]:
    return (
        finding.session,
        finding.severity.rank,
        finding.rule,
        finding.run,
        finding.locations,
        _Sentence(finding.message),
    )


def _run(session: Session, run: Run) -> RunReport:
    trades = session.of_run(run)
    ready = None
    if session.profile.has(EventKind.RECORDER_READY):
        ready = bool(session.events_in(run, EventKind.RECORDER_READY))
    force = in_force(session.ledgers, run, run.end)
    missing = [t for t in trades if t.missing]
    return RunReport(
        id=run.id,
        session=session.root,
        start=stamp_at(run.start, SECOND),
        started=run.started is not None,
        end=stamp_at(run.end, SECOND),
        ledger=str(force.address) if force else "",
        ready=ready,
        closes=len(trades),
        recorded=sum(1 for t in trades if t.row is not None),
        missing=len(missing),
        backfilled=sum(not t.lost for t in missing),
        money=log_money(trades),
        start_log=run.started.locations[0] if run.started is not None else None,
    )


def _ledger(case: Case, session: Session, ledger: ReconciledLedger) -> LedgerReport:
    rows = sorted(ledger.ledger.rows, key=lambda r: r.at.us)
    opened = max(ledger.opened, key=lambda e: e.at.us, default=None)
    return LedgerReport(
        path=str(ledger.address),
        session=session.root,
        copies=tuple(str(a) for a in session.evidence.copies.get(ledger.address, ())),
        rows=len(rows),
        malformed=len(ledger.ledger.rejected),
        status=_status(ledger),
        file_date=ledger.ledger.name_date,
        first=rows[0].at if rows else None,
        last=rows[-1].at if rows else None,
        bytes=ledger.extract.size,
        newline=ledger.extract.newline,
        clock=_clock(case, session, ledger),
        opened=opened.at if opened else None,
        opened_log=opened.locations[0] if opened else None,
        comparable=comparable(session, ledger),
        set_aside=dict(sorted(Counter(aside.reason.value for aside in ledger.ledger.aside).items())),
        written=_written(ledger.ledger.convention),
    )


def _written(convention: Convention) -> dict[str, str]:
    """What was decided of how a ledger is written; nothing where its numbers and dates leave no choice."""
    commas = [name for name, sign in convention.decimals.items() if sign is Decimals.COMMA]
    found = {"decimal_comma": ", ".join(commas), "zone_words": ", ".join(convention.zone_words)}
    if convention.order is not None:
        found |= {"date_order": convention.order.value, "date_order_by": convention.order_basis}
    elif convention.order_open:
        found["date_order"] = "open"
    return {name: value for name, value in found.items() if value}


def _status(ledger: ReconciledLedger) -> LedgerStatus:
    """As parsed, but one damaged line already makes a file malformed."""
    return LedgerStatus.MALFORMED if ledger.ledger.rejected else ledger.ledger.status


def _clock(case: Case, session: Session, ledger: ReconciledLedger) -> ClockReport:
    stated = {r.at.offset for r in ledger.ledger.rows if r.at.offset is not None}
    moved = (ledger.shift.seconds or 0) if ledger.shift.is_zone else 0
    offset = fixed_offset(case.zone, _begun(session, ledger)) + moved if case.zone else None
    bounds = _named_bounds(session, ledger)
    basis = ledger.shift.basis
    if stated:
        offset, basis = (stated.pop() if len(stated) == 1 else None), msg("the rows state their offset")
    elif bounds is not None and ledger.naming is not None and ledger.naming.other_day:
        basis = msg("the file's date at the moment it was opened")
    elif case.zone:
        basis = Message("{flag}", (("flag", Code(f"--tz {case.zone}")),))
    return ClockReport(
        session=session.root,
        subject=str(ledger.address),
        offset=offset,
        low=None if bounds is None else bounds[0] + moved,
        high=None if bounds is None else bounds[1] + moved,
        basis=basis,
        shift=None if ledger.shift.changes or session.evidence.restated else ledger.shift.seconds,
        support=ledger.shift.support,
    )


def _begun(session: Session, ledger: ReconciledLedger) -> int:
    """A moment of the ledger's time on the log's clock, for which a zone has one offset."""
    if ledger.openings:
        return ledger.openings[0]
    span = session.evidence.span
    return next((ledger.log_time(r) for r in ledger.own_rows), span.start if span is not None else 0)


def _named_bounds(session: Session, ledger: ReconciledLedger) -> tuple[int, int] | None:
    """The offsets of the log's clock that explain the file's name, where the recorder is known to name files in UTC.

    A name that is the local date too fits either clock: it says something only beside one that is not.
    """
    utc = any(lc.naming is not None and lc.naming.other_day and lc.naming.possible for lc in session.ledgers)
    naming = ledger.naming
    return (naming.low, naming.high) if utc and naming is not None and naming.possible else None


def _coverage(session: Session, index: int) -> CoverageReport:
    stream = session.evidence.streams[index]
    return CoverageReport(
        session=session.root,
        stream=stream.name,
        sources=len(stream.sources),
        records=stream.records,
        intervals=tuple((stamp_at(i.start), stamp_at(i.end)) for i in stream.covered),
        encoding=tuple(sorted({s.encoding for s in stream.sources})),
        dialects=tuple(stream.log_formats.items()),
        levels=tuple(stream.levels.items()),
    )


def _trade(session: Session, trade: Trade) -> TradeReport:
    told = trade.fields
    closed = trade if isinstance(trade, ClosedTrade) else None
    opened = closed.position.open if closed else None
    said = closed.witness if closed else Witness()
    return TradeReport(
        id=trade.id if session.root == "." else f"{session.root}/{trade.id}",
        session=session.root,
        run=trade.run,
        symbol=told.symbol,
        side=told.side,
        opened=opened.at if opened else None,
        closed=trade.at,
        reason=told.reason,
        emitter=str(closed.close.emitter) if closed else "",
        state=trade.state,
        missing=closed is not None and closed.missing,
        ambiguous=closed is not None and closed.ambiguous,
        entry_price=told.entry_price,
        exit_price=told.exit_price,
        size=told.amount,
        gross_pnl=told.gross_pnl,
        net_pnl=told.result if closed else None,
        ledger_net_pnl=trade.row.result if trade.row else None,
        partial=closed is not None and closed.partial,
        log=closed.close.location if closed else None,
        row=trade.row.location if trade.row else None,
        backfill=closed.backfill.location if closed and closed.backfill else None,
        also=tuple(e.location for e in (*said.acks, *said.failures, *said.exchange)),
    )


def _repeats(session: Session, trade: ClosedTrade) -> Iterator[RepeatReport]:
    """The other announcements of a close."""
    for echo in trade.echoes:
        yield RepeatReport(
            session=session.root,
            trade=trade_name(session, trade),
            at=echo.at,
            symbol=echo.fields.symbol,
            side=echo.fields.side,
            emitter=str(echo.emitter),
            exit_price=echo.fields.exit_price,
            net_pnl=echo.fields.result,
            log=echo.location,
        )


def _positions(session: Session) -> Iterator[PositionReport]:
    states = {t.close.locations: t.state for t in session.closed}
    for index, position in enumerate(session.positions):
        yield _position(session, index, position, states)


def _position(
    session: Session, index: int, position: Position, states: Mapping[tuple[Location, ...], TradeState]
) -> PositionReport:
    last = position.closes[-1] if position.closes else None
    opened = position.open
    begun, ended = (e.fields if e is not None else TradeFields() for e in (opened, last))
    entry = begun.entry_price if begun.entry_price is not None else ended.entry_price
    size = begun.amount if begun.amount is not None else ended.size
    return PositionReport(
        id=f"{index + 1}" if session.root == "." else f"{session.root}/{index + 1}",
        session=session.root,
        run=position.run,
        symbol=position.symbol,
        side=position.side,
        opened=opened.at if opened else None,
        closed=last.at if last else None,
        status=position.status,
        entry_price=entry,
        exit_price=ended.exit_price,
        size=size,
        net_pnl=amount_of(c.fields for c in position.closes).value if last else None,
        duration_sec=ended.duration_sec,
        reason=ended.reason,
        emitter=str(last.emitter) if last else "",
        state=states.get(last.locations) if last else None,
        open_log=opened.location if opened else None,
        close_log=last.location if last else None,
    )


def _sources(case: Case) -> list[SourceReport]:
    found: list[SourceReport] = []
    sha256 = {file.path: file.sha256 for file in case.files}
    for session in case.sessions:
        evidence = session.evidence
        for stream in evidence.streams:
            found += [_source(session, d, SourceKind.LOG, stream.name, sha256) for d in stream.sources]
        found += [_source(session, d, SourceKind.LEDGER, "", sha256) for d in evidence.ledgers]
        found += [_source(session, d, SourceKind.HEALTH, "", sha256) for d in evidence.health]
    return sorted(found, key=lambda s: s.address)


def _source(
    session: Session,
    extract: LogExtract | LedgerExtract | HealthExtract,
    kind: SourceKind,
    stream: str,
    sha256: Mapping[str, str],
) -> SourceReport:
    log = extract if isinstance(extract, LogExtract) else None
    return SourceReport(
        address=extract.address,
        session=session.root,
        kind=kind,
        stream=stream,
        sha256=sha256.get(extract.address.path, ""),
        bytes=extract.size,
        records=log.records if log else 0,
        first=log.first if log else None,
        last=log.last if log else None,
        copies=session.evidence.copies.get(extract.address, ()),
        packed=bool(extract.address.member) or (log is not None and log.packed),
    )
