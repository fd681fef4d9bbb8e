"""Lays a judged case out as a `Report`: sums, orders and texts, all exact and all in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from logaudit import __version__
from logaudit.audit.ledger_reports import clock_report, ledger_report
from logaudit.audit.not_judged import not_judged
from logaudit.audit.statements import healthy
from logaudit.audit.time_window import within_window
from logaudit.audit.totals import summary
from logaudit.audit.trade_reports import position_reports, repeat_reports, trade_reports
from logaudit.audit.unjudged import unjudged
from logaudit.audit.zone_offsets import zone_offsets
from logaudit.core.events import EventKind
from logaudit.core.finding import Finding
from logaudit.core.location import Location, SourceKind
from logaudit.core.message import Message, msg
from logaudit.core.report import CoverageReport, ProfileChoice, Report, RunReport
from logaudit.core.secrets import numbered
from logaudit.core.source_report import Skipped, SourceReport
from logaudit.core.timestamp import SECOND, Stamp, shortest, stamp_at
from logaudit.diagnosis import diagnose
from logaudit.diagnosis.impact import running_pnl
from logaudit.ingest.source_extract import HealthExtract, LedgerExtract, LogExtract
from logaudit.profiles.profile import LEARNED
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.money_parts import log_money
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


def build_report(case: Case) -> Report:
    """Runs every rule and lays the answer out, without credentials; the same case gives the same report."""
    return numbered(_laid_out(case))


def _laid_out(case: Case) -> Report:
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
        ledgers=tuple(ledger_report(case, s, lc) for s in case.sessions for lc in s.ledgers),
        clocks=tuple(clock_report(case, s, lc) for s in case.sessions for lc in s.ledgers),
        coverage=tuple(_coverage(s, i) for s in case.sessions for i in range(len(s.evidence.streams))),
        healthy=healthy(case),
        unjudged=unjudged(case),
        trades=tuple(t for s in case.sessions for t in trade_reports(s)),
        repeats=tuple(r for s in case.sessions for t in s.closed for r in repeat_reports(s, t)),
        positions=tuple(p for s in case.sessions for p in position_reports(s)),
        findings=findings,
        not_judged=not_judged(case),
        sources=tuple(_sources(case)),
        files=case.files,
        skipped=tuple(sorted(_skipped(case), key=lambda s: (s.path, str(s.reason)))),
        diagnosis=diagnosis,
        zone=case.zone,
        offsets=tuple(offset for session in case.sessions for offset in zone_offsets(session, case.zone)),
        since=_limit(case.window.since),
        until=_limit(case.window.until),
        code=case.code,
        running=tuple(running_pnl(s) for s in case.sessions),
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


def _skipped(case: Case) -> list[Skipped]:
    """What was left alone, then what could be read and is neither log nor table."""
    others = [
        Skipped(str(extract.address), _REASONS[extract.kind])
        for session in case.sessions
        for extract in session.evidence.others
        if extract.problem is None
    ]
    return [*case.skipped, *others]
