"""What a report says of one session: all that can be said without the others, so that these need not be at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.audit.ledger_reports import clock_report, ledger_report, names_in_utc
from logaudit.audit.not_judged import SessionSigns, signs_of
from logaudit.audit.statements import healthy
from logaudit.audit.time_window import not_judged_ledgers, within_window
from logaudit.audit.totals import totals_of
from logaudit.audit.trade_reports import position_reports, repeat_reports, trade_reports
from logaudit.audit.unjudged import unjudged
from logaudit.core.diagnosis import Diagnosis
from logaudit.core.events import EventKind
from logaudit.core.finding import Finding
from logaudit.core.location import Address, SourceKind
from logaudit.core.message import Message, msg
from logaudit.core.report import (
    ClockReport,
    CoverageReport,
    LedgerReport,
    OffsetReport,
    ProfileChoice,
    RunningPnl,
    RunReport,
    Statement,
    Summary,
)
from logaudit.core.rows import PLAIN_ROWS, RowsOf, rows_of
from logaudit.core.source_report import Skipped, SourceReport
from logaudit.core.timestamp import SECOND, stamp_at
from logaudit.core.trade_report import PositionReport, RepeatReport, TradeReport
from logaudit.diagnosis import diagnose
from logaudit.diagnosis.impact import running_pnl
from logaudit.ingest.source_extract import HealthExtract, LedgerExtract, LogExtract
from logaudit.profiles.profile import LEARNED
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.money_parts import incomparable, log_money
from logaudit.reconcile.positions import Run
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules import run_all

#: Why a source was left alone.
_REASONS: Final = {
    SourceKind.EMPTY: msg("empty"),
    SourceKind.OTHER: msg("neither a log nor a table of trades"),
    SourceKind.UNREAD_TABLE: msg("a table that is not understood"),
    SourceKind.UNDATED_LOG: msg(
        "its times show no year or no date, and neither its name nor what lies beside it tells one"
    ),
}


class SessionReport(Struct, frozen=True):
    """One session's part of a report; what is named as in `logaudit.core.report.Report` goes into it as it is.

    Attributes:
        totals: what it adds to the summary.
        skipped: its sources that are neither logs nor tables.
        signs: what tells whether anything was verified.
        outside: its ledgers of which nothing is judged.
    """

    profiles: tuple[ProfileChoice, ...]
    runs: tuple[RunReport, ...]
    ledgers: tuple[LedgerReport, ...]
    clocks: tuple[ClockReport, ...]
    coverage: tuple[CoverageReport, ...]
    healthy: tuple[Statement, ...]
    unjudged: tuple[Statement, ...]
    trades: RowsOf[TradeReport]
    repeats: RowsOf[RepeatReport]
    positions: RowsOf[PositionReport]
    findings: RowsOf[Finding]
    sources: tuple[SourceReport, ...]
    skipped: tuple[Skipped, ...]
    offsets: tuple[OffsetReport, ...]
    running: tuple[RunningPnl, ...]
    totals: Summary
    diagnosis: Diagnosis
    signs: SessionSigns
    outside: frozenset[Address]

    @property
    def root(self) -> str:
        """The session's folder."""
        return self.profiles[0].session


def hashes_of(case: Case) -> dict[str, str]:
    """The SHA-256 of the files, where they are wanted, by their paths."""
    return {file.path: file.sha256 for file in case.files}


def session_report(case: Case, sha256: Mapping[str, str]) -> SessionReport:
    """Runs every rule over the only session of a case.

    Args:
        sha256: as `hashes_of` has them.
    """
    (session,) = case.sessions
    diagnosis = diagnose(case, session)
    unlike = incomparable(session)
    utc = names_in_utc(session)
    clocks = tuple(clock_report(case, session, ledger, utc=utc) for ledger in session.ledgers)
    # What could not be read is no session's alone.
    own = replace(case, problems=())
    return SessionReport(
        profiles=(
            ProfileChoice(
                session.root,
                session.profile.name,
                case.why_profile.get(session.root, Message("")),
                learned=session.profile.origin == LEARNED,
            ),
        ),
        runs=tuple(_run(session, run) for run in session.runs),
        ledgers=tuple(
            ledger_report(session, ledger, clock, unlike)
            for ledger, clock in zip(session.ledgers, clocks, strict=True)
        ),
        clocks=clocks,
        coverage=tuple(_coverage(session, i) for i in range(len(session.evidence.streams))),
        healthy=healthy(case),
        unjudged=unjudged(case),
        trades=rows_of(trade_reports(session), TradeReport),
        repeats=rows_of((r for t in session.closed for r in repeat_reports(session, t)), RepeatReport),
        positions=rows_of(position_reports(session), PositionReport),
        findings=_findings(own, diagnosis),
        sources=tuple(_sources(session, sha256)),
        skipped=tuple(_skipped(session)),
        offsets=_offsets(session, case.zone),
        running=(running_pnl(session),),
        totals=totals_of(session),
        diagnosis=diagnosis,
        signs=signs_of(session, expected=session.root in case.expected),
        outside=not_judged_ledgers(session),
    )


def _offsets(session: Session, zone: str) -> tuple[OffsetReport, ...]:
    """Those of the stated zone."""
    if not zone:
        return ()
    from logaudit.audit.zone_offsets import zone_offsets  # noqa: PLC0415 - few scans are told a zone

    return tuple(zone_offsets(session, zone))


def _findings(case: Case, diagnosis: Diagnosis) -> Sequence[Finding]:
    """What the rules find; where that is very much, in order and packed."""
    left = iter(within_window(case, run_all(case, diagnosis)))
    first = tuple(islice(left, PLAIN_ROWS + 1))
    if len(first) <= PLAIN_ROWS:
        return first
    from logaudit.audit.packed_findings import in_order  # noqa: PLC0415 - few sessions have so many

    return in_order(chain(first, left))


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


def _sources(session: Session, sha256: Mapping[str, str]) -> Iterator[SourceReport]:
    evidence = session.evidence
    for stream in evidence.streams:
        yield from (_source(session, d, SourceKind.LOG, stream.name, sha256) for d in stream.sources)
    yield from (_source(session, d, SourceKind.LEDGER, "", sha256) for d in evidence.ledgers)
    yield from (_source(session, d, SourceKind.HEALTH, "", sha256) for d in evidence.health)


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


def _skipped(session: Session) -> Iterator[Skipped]:
    """What could be read and is neither log nor table."""
    for extract in session.evidence.others:
        if extract.problem is None:
            yield Skipped(str(extract.address), _REASONS[extract.kind])
