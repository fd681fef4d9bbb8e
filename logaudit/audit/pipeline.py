"""The driver of an audit: paths → report, from the cache as far as it reaches, else read and judged.

The command line and `logaudit.scan` both call it. What reads and judges is imported where it is called: a scan
whose report the cache holds loads neither, and a scan without a cache does not load the cache.
"""

# ruff: noqa: PLC0415 - said above

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import astuple, replace

from logaudit.core.limits import DEFAULT_LIMITS, Limits, only_changed
from logaudit.core.report import Report
from logaudit.core.secrets import names_secret
from logaudit.core.time_window import TimeWindow
from logaudit.sources import Discovery, Source, discover
from logaudit.sources.protect import is_inside
from logaudit.sources.roots import Root, find_roots
from logaudit.sources.urls import forget_remote

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from logaudit.audit.gather import Gathered
    from logaudit.cache import Store
    from logaudit.codepaths.locate import SourceRef
    from logaudit.core.source_report import FileReport
    from logaudit.ingest.cache_protocol import ExtractCache
    from logaudit.ingest.executor import Progress, WorkerPool
    from logaudit.ingest.read_context import ReadContext
    from logaudit.ingest.source_extract import SourceExtract
    from logaudit.profiles import LedgerSpec, Profile, WrittenFormat
    from logaudit.reconcile.reconciled import Case


#: So many extracts wait compressed; to pack fewer would only take time.
_MANY: Final = 256


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
        limits: how much is read of each source.
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
    limits: Limits = DEFAULT_LIMITS


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
        return report_on(paths, options, progress and progress(), executor=executor, keep=keep)
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
    files = Files(store, roots, options.limits)
    found = discover(paths, files, follow=options.follow_links, limits=options.limits)
    files.recognise()
    stated = (*options.formats, *options.ledgers, *only_changed(options.limits))
    read_as = reading(options.profile, stated, options.encoding)
    judged_as = key_of(read_as, options.zone, zone_rules(options.zone), astuple(options.window))
    reports = CachedReports(store, files, found, judged_as)
    known = reports.get() if options.source is None and keep is None else None
    if known is not None:
        reports.used(read_as)
        files.save()
        return known

    from logaudit.cache.extracts import CachedExtracts

    names = chain((file.label for file in found.files), (source.address.member for source in found.sources))
    if names_secret(names):  # entries hold names
        return report_on(paths, options, progress and progress(), found, executor=executor, keep=keep)
    extracts = CachedExtracts(store, files, read_as)
    # Whoever asks the cache next may want the hashes.
    wanted = replace(options, sums=True)
    report = report_on(paths, wanted, progress and progress(), found, extracts, executor, keep, extracts.save)
    if extracts.complete and options.source is None:
        reports.put(report)
    files.save()
    store.trim()
    return report


def report_on(
    paths: Sequence[str | Path],
    options: ScanOptions,
    progress: Progress | None = None,
    found: Discovery | None = None,
    memory: ExtractCache | None = None,
    executor: Executor | None = None,
    keep: Callable[[Case], None] | None = None,
    done: Callable[[], None] = lambda: None,
) -> Report:
    """The report on everything under ``paths``; sessions are judged apart, and none is held longer than that takes.

    Args:
        paths, options, progress, found, memory, executor: as for `read`.
        keep: as for `run`; then all sessions are held.
        done: called when everything was read.
    """
    from logaudit.audit.build_report import build_report, report_of

    if keep is not None:
        case = read(paths, options, progress, found, memory, executor, done=done).case
        keep(case)
        return build_report(case)
    with _gathered(paths, options, progress, found, memory, executor, done=done) as (scan, pool):
        return report_of(scan, pool, options.source, options.recorder)


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
    done: Callable[[], None] = lambda: None,
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
        done: as for `report_on`.

    Raises:
        UserError: a path does not exist, or the profile is broken.
    """
    from logaudit.audit.gather import each_session

    with _gathered(paths, options, progress, found, memory, executor, profile, done) as (scan, _):
        sessions = list(each_session(scan, options.source, options.recorder))
    case = replace(
        scan.case,
        sessions=tuple(one.session for one in sessions),
        why_profile={one.session.root: one.why for one in sessions},
        expected={one.session.root: one.expected for one in sessions if one.expected is not None},
        code={one.session.root: one.code for one in sessions if one.code is not None},
    )
    return Reading(
        case,
        {one.session.root: one.extracts for one in sessions},
        {one.session.root: one.learned for one in sessions if one.learned},
        scan.sources,
        scan.context,
    )


@contextmanager
def _gathered(
    paths: Sequence[str | Path],
    options: ScanOptions,
    progress: Progress | None,
    found: Discovery | None,
    memory: ExtractCache | None,
    executor: Executor | None,
    profile: Profile | None = None,
    done: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Gathered, WorkerPool[ReadContext]]]:
    """Everything under ``paths``, discovered and extracted, and the workers that did it; as `read`."""
    from logaudit.audit.engine import spool_for, workers
    from logaudit.audit.gather import gather
    from logaudit.audit.restored_rows import without_lists
    from logaudit.ingest.executor import Progress
    from logaudit.ingest.read_context import ReadContext
    from logaudit.ingest.scheduler import ingest_sources
    from logaudit.profiles import BUILT_IN, load_built_in, resolve

    named = profile or (resolve(options.profile) if options.profile else None)
    profiles = [named] if named else [load_built_in(name) for name in BUILT_IN]
    found = found or discover(paths, follow=options.follow_links, limits=options.limits)
    context = ReadContext(
        tuple(profiles),
        options.formats,
        options.encoding,
        options.sums,
        options.ledgers,
        crowded=len(found.sources) >= _MANY,
    )
    with spool_for(context) as spool, workers(context, options.executor, options.jobs, executor) as pool:
        ingested = ingest_sources(
            without_lists(found.sources),
            pool,
            progress or Progress(),
            spool,
            named=named is not None,
            memory=memory,
        )
        files: tuple[FileReport, ...] = ()
        if options.sums:
            from logaudit.audit.file_register import register

            files = register(found, ingested.summaries, None if memory is None else memory.file_hashes)
        judged = options.zone, options.window
        scan = gather(found, ingested, context, files, judged, named=named is not None)
        done()
        yield scan, pool
