"""What was read, by sessions: what each must know of the others is told from summaries, so that none need be open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from logaudit.audit.restored_rows import restored_rows, without_lists
from logaudit.audit.sessions import (
    ReconciledSession,
    SessionInput,
    merged,
    problems_in,
    read_session,
    rows_without_logs,
)
from logaudit.core.source_report import FileReport
from logaudit.core.time_window import TimeWindow
from logaudit.core.trades import LedgerEntry
from logaudit.ingest.codec import HeldExtract
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.session_roots import IngestResult
from logaudit.ingest.source_extract import ExtractKind, ExtractSummary, LogExtract
from logaudit.reconcile.normalize import at_home
from logaudit.reconcile.reconciled import Case
from logaudit.sources import Discovery, Problem, Source, stream_stem

if TYPE_CHECKING:
    from logaudit.codepaths.locate import SourceRef


class Gathered(Struct, frozen=True):
    """What was read.

    Attributes:
        case: what is known of the scan as a whole, without its sessions.
        sessions: what each is made of, the last by their roots first: who takes one holds it alone.
        sources: all that were found; context: how they were read.
    """

    case: Case
    sessions: list[SessionInput]
    sources: tuple[Source, ...]
    context: ReadContext

    def taken(self) -> Iterator[SessionInput]:
        """What each session is made of, in order, given away."""
        while self.sessions:
            yield self.sessions.pop()


def gather(
    found: Discovery,
    ingested: IngestResult,
    context: ReadContext,
    files: tuple[FileReport, ...],
    judged: tuple[str, TimeWindow],
    *,
    named: bool,
) -> Gathered:
    """What was read, by sessions.

    Args:
        found: what was discovered; ingested: what reading gave; context: how it was read.
        files: the register of files, where it is wanted.
        judged: the zone that the user states for the logs, and what is judged.
        named: whether the user named the profile.
    """
    zone, window = judged
    problems = _problems(found, ingested)
    by_root = at_home(_read_anew(found, ingested, context))
    chosen = {session.root: session for session in ingested.sessions}
    sources = {source.address: source for source in found.sources}
    restored = restored_rows(found.sources)
    sessions = [
        SessionInput(
            root=root,
            profile=chosen[root].profile.name,
            why=chosen[root].why,
            extracts=tuple(extracts),
            sources={at: sources[at] for held in extracts if (at := held.summary.address) in sources},
            problems=tuple(problems_in(problems, root, by_root)),
            rows=(),
            restored=restored,
            zone=zone,
            window=window,
            marked=chosen[root].marked,
            named=named,
        )
        for root, extracts in sorted(by_root.items())
    ]
    case = Case(
        sessions=(),
        problems=tuple(problems),
        skipped=found.skipped,
        roots=found.roots,
        archives=found.archives,
        zone=zone,
        window=window,
        recognised=any(session.recognised for session in ingested.sessions),
        files=files,
        homes=tuple(session.root for session in sessions),
        has_ledgers=any(_holds(session, ExtractKind.LEDGER) for session in sessions),
    )
    return Gathered(case, _with_rows(sessions, context)[::-1], found.sources, context)


def each_session(scan: Gathered, source: SourceRef | None, recorder: str) -> Iterator[ReconciledSession]:
    """The sessions, one after another; what they were made of is given away.

    Args:
        scan: what was read.
        source: the bot's source, None for none; recorder: its function that records, empty to find it.
    """
    witness = None
    if source is not None:
        from logaudit.audit.source_witness import SourceWitness  # noqa: PLC0415 - few scans are given the source

        witness = SourceWitness(source, recorder, scan.context)
    for given in scan.taken():
        yield read_session(given, scan.context, witness)


def _read_anew(
    found: Discovery, ingested: IngestResult, context: ReadContext
) -> Mapping[str, Sequence[HeldExtract]]:
    """The extracts; what its neighbours decide or complete is read once more."""
    extracts: Mapping[str, Sequence[HeldExtract]] = ingested.extracts
    sources = without_lists(found.sources)
    by_profile = {session.root: session.profile for session in ingested.sessions}
    if any(summary.undecided for summary in ingested.summaries):
        from logaudit.audit.layouts_by_stream import with_decided  # noqa: PLC0415 - few logs are such

        extracts = with_decided(extracts, sources, context, by_profile)
    if _are_parts_mixed(ingested.summaries):
        from logaudit.audit.names_by_stream import with_names_decided  # noqa: PLC0415 - as above

        extracts = with_names_decided(extracts, sources, context, by_profile)
    if any(summary.lacks_market for summary in ingested.summaries):
        from logaudit.audit.joined_files import with_joined  # noqa: PLC0415 - few folders hold such tables

        extracts = with_joined(extracts, sources, by_profile, context)
    return extracts


def _are_parts_mixed(summaries: Iterable[ExtractSummary]) -> bool:
    """Whether parts of one log were read with different formats."""
    logs = [summary for summary in summaries if summary.formats]
    if len({summary.formats for summary in logs}) <= 1:
        return False
    first: dict[str, tuple[str, ...]] = {}
    names = ((summary.address.member or summary.address.path, summary.formats) for summary in logs)
    return any(first.setdefault(stream_stem(name), formats) != formats for name, formats in names)


def _problems(found: Discovery, ingested: IngestResult) -> list[Problem]:
    problems = [*found.problems, *ingested.problems]
    for extracts in ingested.extracts.values():
        told = (held.summary.problem for held in extracts)
        problems += [problem for problem in told if problem is not None and problem not in problems]
    return sorted(problems, key=lambda p: (p.address, str(p.detail)))


def _holds(session: SessionInput, kind: ExtractKind) -> bool:
    return any(held.summary.kind is kind for held in session.extracts)


def _with_rows(sessions: Sequence[SessionInput], context: ReadContext) -> list[SessionInput]:
    """The sessions; those with logs are told of the rows of ledgers in folders that have none.

    These may be rows of a bot that logs elsewhere.
    """
    if len(sessions) == 1:
        return [*sessions]
    rows: list[LedgerEntry] = []
    found: list[SessionInput] = []
    for session in sessions:
        kept, own = _alone(session, context)
        rows += own
        found.append(kept)
    together = tuple(rows)
    return [replace(s, rows=together) if _holds(s, ExtractKind.LOG) else s for s in found] if rows else found


def _alone(session: SessionInput, context: ReadContext) -> tuple[SessionInput, Sequence[LedgerEntry]]:
    """The session, and its rows where it has no log: as these are kept, its extracts stay open."""
    dated = any(h.summary.kind is ExtractKind.LOG and not h.summary.undated for h in session.extracts)
    if dated or not _holds(session, ExtractKind.LEDGER):
        return session, ()
    extracts = session.opened()
    if any(isinstance(extract, LogExtract) for extract in extracts):
        return session, ()
    evidence, _ = merged(session.root, extracts, context.profile(session.profile), session.zone)
    held = tuple(HeldExtract.unpacked(extract) for extract in extracts)
    return replace(session, extracts=held), rows_without_logs([evidence])
