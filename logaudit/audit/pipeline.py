"""The driver of an audit: paths → report, from the cache as far as it reaches, else read and judged.

The command line and `logaudit.scan` both call it. What reads and judges is imported where it is called: a scan
whose report the cache holds loads neither, and a scan without a cache does not load the cache.
"""

# ruff: noqa: PLC0415 - said above

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import astuple, replace

from logaudit.core.report import Report
from logaudit.core.secrets import names_secret
from logaudit.core.time_window import TimeWindow
from logaudit.sources import Discovery, Source, discover
from logaudit.sources.protect import is_inside
from logaudit.sources.roots import Root, find_roots
from logaudit.sources.urls import forget_remote

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from logaudit.cache import Store
    from logaudit.codepaths.locate import SourceRef
    from logaudit.core.source_code import SourceAnalysis
    from logaudit.core.source_report import FileReport
    from logaudit.ingest.cache_protocol import ExtractCache
    from logaudit.ingest.executor import Progress
    from logaudit.ingest.read_context import ReadContext
    from logaudit.ingest.source_extract import SourceExtract
    from logaudit.profiles import LedgerSpec, Profile, WrittenFormat
    from logaudit.reconcile.reconciled import Case


class ScanOptions(Struct, frozen=True):
    """Options that affect reading and judging; part of the cache key, except for jobs, executor and sums.

    Attributes:
        profile: name or path; empty to detect one for each session.
        formats: the bot's own format strings, tried before all others.
        ledgers: how some tables are written, as the user states it.
        encoding: stated encoding of all text; empty to detect.
        zone: time zone of the logs' naive times; empty when not known.
        jobs: worker processes; 0 for one a core, up to 8.
        executor: the engine that reads in place of worker processes; empty for none.
        sums: whether hashes of the files are wanted; only some outputs show them.
        window: which closes and rows are judged; everything is read in any case.
        source: the bot's source, None for none; recorder: its function that records, empty to find it.
        follow_links: whether links that lead out of the paths are followed.
    """

    profile: str = ""
    formats: tuple[WrittenFormat, ...] = ()
    encoding: str = ""
    zone: str = ""
    jobs: int = 0
    executor: str = ""
    sums: bool = True
    window: TimeWindow = field(default_factory=TimeWindow)
    ledgers: tuple[LedgerSpec, ...] = ()
    source: SourceRef | None = None
    recorder: str = ""
    follow_links: bool = False


def run(
    paths: Sequence[str],
    options: ScanOptions,
    progress: Callable[[], Progress] | None = None,
    store: Store | None = None,
    executor: Executor | None = None,
    keep: Callable[[Case], None] | None = None,
) -> Report:
    """The report on everything under ``paths``, before settings sort its findings.

    Args:
        paths: files, folders and patterns.
        options: how to read.
        progress: makes what is told of every source read, where any is.
        store: the cache; None for none.
        executor: runs the reading tasks in place of worker processes and of the options' engine; it is not shut down.
        keep: gets what the report was made of; a report that the cache holds is made again then.

    Raises:
        UserError: a path does not exist, or the profile is broken.
    """
    try:
        roots = find_roots(paths)
        if store is not None and not is_inside(store.folder, roots):
            return _run_cached(paths, roots, options, progress, store, executor, keep)
        from logaudit.audit.build_report import build_report

        case = read_case(paths, options, progress and progress(), executor=executor)
        if keep is not None:
            keep(case)
        return build_report(case)
    finally:
        forget_remote()


def _run_cached(
    paths: Sequence[str],
    roots: Sequence[Root],
    options: ScanOptions,
    progress: Callable[[], Progress] | None,
    store: Store,
    executor: Executor | None,
    keep: Callable[[Case], None] | None,
) -> Report:
    """As `run`; what the cache holds is not read, or not even judged, again."""
    from logaudit.cache import CachedReports, Files, key_of, reading, zone_rules

    store.sweep()
    files = Files(store, roots)
    found = discover(paths, files, follow=options.follow_links)
    files.recognise()
    read_as = reading(options.profile, (*options.formats, *options.ledgers), options.encoding)
    judged_as = key_of(read_as, options.zone, zone_rules(options.zone), astuple(options.window))
    reports = CachedReports(store, files, found, judged_as)
    known = reports.get() if options.source is None and keep is None else None
    if known is not None:
        reports.used(read_as)
        files.save()
        return known

    from logaudit.audit.build_report import build_report
    from logaudit.cache.extracts import CachedExtracts

    names = chain((file.label for file in found.files), (source.address.member for source in found.sources))
    if names_secret(names):  # entries hold names
        return build_report(read_case(paths, options, progress and progress(), found, executor=executor))
    extracts = CachedExtracts(store, files, read_as)
    # Whoever asks the cache next may want the hashes.
    case = read_case(paths, replace(options, sums=True), progress and progress(), found, extracts, executor)
    extracts.save()
    if keep is not None:
        keep(case)
    report = build_report(case)
    del case  # of large tables it takes as much memory as the report that is kept next
    if extracts.complete and options.source is None:
        reports.put(report)
    files.save()
    store.trim()
    return report


class Reading(Struct, frozen=True):
    """What reading gave.

    Attributes:
        case: what it comes to.
        extracts: what each source gave, by the root of its session.
        learned: the profiles that rows of a session taught, as TOML by its root.
        sources: where the extracts come from; context: how they were read.
    """

    case: Case
    extracts: Mapping[str, Sequence[SourceExtract]]
    learned: Mapping[str, str]
    sources: tuple[Source, ...]
    context: ReadContext


def read_case(
    paths: Sequence[str | Path],
    options: ScanOptions,
    progress: Progress | None = None,
    found: Discovery | None = None,
    memory: ExtractCache | None = None,
    executor: Executor | None = None,
) -> Case:
    """Everything under ``paths``, reconciled; as `read`."""
    return read(paths, options, progress, found, memory, executor).case


def read(
    paths: Sequence[str | Path],
    options: ScanOptions,
    progress: Progress | None = None,
    found: Discovery | None = None,
    memory: ExtractCache | None = None,
    executor: Executor | None = None,
    profile: Profile | None = None,
) -> Reading:
    """Discovers, extracts and reconciles everything under ``paths``.

    Args:
        paths: files, folders and patterns.
        options: how to read.
        progress: told of every source read.
        found: what is under the paths, where that is known.
        memory: the extracts of earlier scans.
        executor: as for `run`.
        profile: the one to read with, in place of the one that ``options`` name.

    Raises:
        UserError: a path does not exist, or the profile is broken.
    """
    from logaudit.audit.engine import readers
    from logaudit.audit.learning import learn_closes
    from logaudit.audit.restored_rows import with_restored, without_lists
    from logaudit.audit.sessions import build_sessions, problems_in, reconciled, rows_without_logs
    from logaudit.audit.unrecognised_closes import expected_by_root
    from logaudit.ingest.executor import Progress
    from logaudit.ingest.read_context import ReadContext
    from logaudit.ingest.scheduler import ingest_sources
    from logaudit.profiles import BUILT_IN, load_built_in, resolve
    from logaudit.reconcile.normalize import at_home, place_undated
    from logaudit.reconcile.reconciled import Case
    from logaudit.reconcile.time_window import limit
    from logaudit.sources import last_written

    named = profile or (resolve(options.profile) if options.profile else None)
    profiles = [named] if named else [load_built_in(name) for name in BUILT_IN]
    found = found or discover(paths, follow=options.follow_links)
    context = ReadContext(tuple(profiles), options.formats, options.encoding, options.sums, options.ledgers)
    evidence = without_lists(found.sources)
    with readers(options.executor, options.jobs, executor) as (engine, jobs):
        ingested = ingest_sources(
            evidence,
            context,
            jobs,
            progress or Progress(),
            named=named is not None,
            memory=memory,
            executor=engine,
        )
    problems = [*found.problems, *ingested.problems]
    for extracts in ingested.extracts.values():
        problems += [d.problem for d in extracts if d.problem is not None and d.problem not in problems]
    problems.sort(key=lambda p: (p.address, str(p.detail)))
    chosen = {session.root: session for session in ingested.sessions}
    written = partial(last_written, {source.address: source for source in found.sources})
    extracted: Mapping[str, Sequence[SourceExtract]] = ingested.extracts
    by_profile = {session.root: session.profile for session in ingested.sessions}
    if any(getattr(e, "is_undecided", False) for some in extracted.values() for e in some):
        from logaudit.audit.layouts_by_stream import with_decided

        extracted = with_decided(extracted, evidence, context, by_profile)
    if any(getattr(e, "lacks_market", False) for some in extracted.values() for e in some):
        from logaudit.audit.joined_files import with_joined

        extracted = with_joined(extracted, evidence, by_profile, context)
    marked = at_home(with_restored(extracted, found.sources))
    by_root = {root: place_undated(some, written) for root, some in marked.items()}
    built = build_sessions(by_root, {root: c.profile for root, c in chosen.items()}, problems, options.zone)
    taught = {} if named else learn_closes(built.values(), by_root, evidence, context, options.zone)
    for root, new in taught.items():
        built[root] = reconciled(
            new.evidence,
            problems_in(problems, root, by_root),
            rows_without_logs(session.evidence for session in built.values()),
        )
    sessions = tuple(limit(session, options.window) for session in built.values())
    code: dict[str, SourceAnalysis] = {}
    if options.source is not None:
        from logaudit.audit.source_witness import ask_source

        code = ask_source(options.source, options.recorder, sessions, found.sources, context)
    case = Case(
        sessions=sessions,
        problems=tuple(problems),
        skipped=found.skipped,
        roots=found.roots,
        archives=found.archives,
        zone=options.zone,
        why_profile={
            root: taught[root].why if root in taught else chosen[root].why for root in sorted(by_root)
        },
        window=options.window,
        recognised=any(session.recognised for session in ingested.sessions),
        expected=expected_by_root(
            sessions, evidence, context, {s.root for s in ingested.sessions if s.marked}
        ),
        files=_register(found, ingested.extracts, memory) if options.sums else (),
        code=code,
    )
    return Reading(
        case,
        by_root | {root: new.extracts for root, new in taught.items()},
        {root: new.toml for root, new in taught.items()},
        found.sources,
        context,
    )


def _register(
    found: Discovery, extracts: Mapping[str, Iterable[SourceExtract]], memory: ExtractCache | None
) -> tuple[FileReport, ...]:
    from logaudit.audit.file_register import register

    return register(found, chain(*extracts.values()), None if memory is None else memory.file_hashes)
