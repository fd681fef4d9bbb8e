"""Joins what was found of all sessions into a `Report`: sums, orders and texts, all exact and all in a fixed order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from logaudit import __version__
from logaudit.audit.gather import Gathered
from logaudit.audit.not_judged import not_judged
from logaudit.audit.session_report import SessionReport, hashes_of, session_report
from logaudit.audit.session_task import SessionTask
from logaudit.audit.totals import summary
from logaudit.core.diagnosis import Diagnosis
from logaudit.core.finding import Finding
from logaudit.core.location import Address, Location
from logaudit.core.message import Message
from logaudit.core.report import Report
from logaudit.core.rows import Rows, joined_rows
from logaudit.core.secrets import numbered
from logaudit.core.timestamp import Stamp, shortest
from logaudit.diagnosis import joined
from logaudit.ingest.executor import Lost, WorkerPool
from logaudit.ingest.read_context import ReadContext
from logaudit.reconcile.reconciled import Case
from logaudit.rules import la905_rule_failed, run_all

if TYPE_CHECKING:
    from logaudit.codepaths.locate import SourceRef


#: A worker that is to judge first loads what judges, which takes as long as reading so many times
#: `logaudit.ingest.executor.PARALLEL_FROM`.
_STARTS: Final = 8
#: So many sessions have trades that are worth to be held outside of memory.
_MANY: Final = 16


def build_report(case: Case) -> Report:
    """Runs every rule and lays the answer out, without credentials; the same case gives the same report."""
    whole = replace(
        case,
        homes=tuple(session.root for session in case.sessions),
        has_ledgers=any(session.ledgers for session in case.sessions),
    )
    sha256 = hashes_of(case)
    return join_reports(
        replace(whole, sessions=()),
        [session_report(replace(whole, sessions=(session,)), sha256) for session in case.sessions],
    )


def report_of(
    scan: Gathered, pool: WorkerPool[ReadContext], source: SourceRef | None, recorder: str
) -> Report:
    """The report on what was read; sessions are judged apart, and none is held longer than its turn.

    Args:
        scan: what was read; its sessions are given away.
        pool: what judges them.
        source, recorder: as for `logaudit.audit.gather.each_session`.
    """
    hashes = hashes_of(scan.case)
    tasks = [SessionTask.of(given, scan.case, hashes) for given in scan.taken()]
    if source is not None:
        return _with_source(scan, tasks, source, recorder)
    if len(tasks) < _MANY:
        judged = pool.run(tasks, apart=_pays(pool, tasks))
    else:
        from logaudit.audit.held_reports import held_in  # noqa: PLC0415 - few scans have many sessions
        from logaudit.core.spool import Spool  # noqa: PLC0415 - as above

        # Lives as long as the report.
        judged = pool.run(tasks, apart=_pays(pool, tasks), hold=partial(held_in, Spool()))
    return join_reports(
        scan.case,
        [
            task.lost(scan.context, part) if isinstance(part, Lost) else part
            for task, part in zip(tasks, judged, strict=True)
        ],
    )


def _pays(pool: WorkerPool[ReadContext], tasks: Sequence[SessionTask]) -> bool:
    """Whether workers are to judge; rows that all sessions share would travel with each of them."""
    shared = any(task.given.rows for task in tasks)
    return not shared and pool.pays(sum(task.weight for task in tasks) // _STARTS)


def _with_source(scan: Gathered, tasks: Sequence[SessionTask], source: SourceRef, recorder: str) -> Report:
    """As `report_of`, here, as the bot's source is parsed once for all sessions."""
    from logaudit.audit.source_witness import SourceWitness  # noqa: PLC0415 - few scans are given the source

    witness = SourceWitness(source, recorder, scan.context)
    judged = [task.report(scan.context, witness) for task in tasks]
    code = {task.name: said for task, (_, said) in zip(tasks, judged, strict=True) if said is not None}
    return join_reports(replace(scan.case, code=code), [part for part, _ in judged])


def join_reports(case: Case, parts: Sequence[SessionReport]) -> Report:
    """The report on a scan.

    Args:
        case: what is known of the scan as a whole, without its sessions.
        parts: what was found of each of its sessions, in order.
    """
    diagnosis = joined([part.diagnosis for part in parts])
    whole = Diagnosis(stopped=tuple(one for one in diagnosis.stopped if not one.session))
    findings = _joined_findings(_of_the_whole(case, parts, whole), parts)
    signs = [part.signs for part in parts]
    return numbered(
        Report(
            tool_version=__version__,
            roots=case.roots,
            profiles=_all(part.profiles for part in parts),
            summary=summary([part.totals for part in parts], case.archives, findings),
            runs=_all(part.runs for part in parts),
            ledgers=_all(part.ledgers for part in parts),
            clocks=_all(part.clocks for part in parts),
            coverage=_all(part.coverage for part in parts),
            healthy=_all(part.healthy for part in parts),
            unjudged=_all(part.unjudged for part in parts),
            trades=joined_rows(part.trades for part in parts),
            repeats=joined_rows(part.repeats for part in parts),
            positions=joined_rows(part.positions for part in parts),
            findings=findings,
            not_judged=not_judged(signs, case.problems, recognised=case.recognised),
            sources=tuple(sorted(_all(part.sources for part in parts), key=lambda s: s.address)),
            files=case.files,
            skipped=tuple(
                sorted(
                    (*case.skipped, *_all(part.skipped for part in parts)),
                    key=lambda s: (s.path, str(s.reason)),
                )
            ),
            diagnosis=diagnosis,
            zone=case.zone,
            offsets=_all(part.offsets for part in parts),
            since=_limit(case.window.since),
            until=_limit(case.window.until),
            code=case.code,
            running=_all(part.running for part in parts),
        )
    )


def _all(parts: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(chain.from_iterable(parts))


def _of_the_whole(case: Case, parts: Sequence[SessionReport], diagnosis: Diagnosis) -> Iterator[Finding]:
    rooms = Counter[Address]()
    for part in parts:
        rooms.update(part.signs.rooms)
    alone = {root: code for root, code in case.code.items() if root not in case.homes}
    outside = {(part.root, address) for part in parts for address in part.outside}
    for finding in run_all(replace(case, code=alone, rooms=dict(rooms)), diagnosis):
        places = {(finding.session, place.address) for place in finding.locations[:1]}
        if not places & outside:
            yield finding


def _limit(at: int | None) -> Stamp | None:
    """An end of the judged window."""
    return None if at is None else shortest(at)


def _joined_findings(whole: Iterable[Finding], parts: Sequence[SessionReport]) -> Sequence[Finding]:
    """All findings in order, of the scan as a whole and of its sessions."""
    first = tuple(whole)
    if any(isinstance(part.findings, Rows) for part in parts):
        from logaudit.audit.held_reports import merged_findings  # noqa: PLC0415 - few scans have many sessions

        merged = merged_findings(first, parts)
        if merged is not None:
            return merged
        if len(parts) == 1 and isinstance(only := parts[0].findings, Rows):
            from logaudit.audit.packed_findings import with_others  # noqa: PLC0415 - few sessions have so many

            return with_others(first, only)
    found = chain(first, *(part.findings for part in parts))
    return tuple(sorted(each_failure_once(found), key=finding_order))


def each_failure_once(findings: Iterable[Finding], failed: set[object] | None = None) -> Iterator[Finding]:
    """The findings; that a rule failed is said once for the scan: not if it is in ``failed``, which gains it."""
    failed = set() if failed is None else failed
    for finding in findings:
        if finding.rule == la905_rule_failed.RULE.code and finding.session == ".":
            if finding.data["stopped"] in failed:
                continue
            failed.add(finding.data["stopped"])
        yield finding


class _Sentence:
    """A message as the last part of a sort key: only where all else is equal is it put into words."""

    def __init__(self, message: Message) -> None:
        self._message = message

    def __lt__(self, other: _Sentence) -> bool:
        return str(self._message) < str(other._message)


def finding_order(finding: Finding) -> tuple[str, int, str, str, tuple[Location, ...], _Sentence]:
    """What findings are sorted by."""
    return (
        finding.session,
        finding.severity.rank,
        finding.rule,
        finding.run,
        finding.locations,
        _Sentence(finding.message),
    )
