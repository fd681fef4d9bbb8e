"""Paths → case: discovers, extracts and merges; the only place that drives the heavy work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from logaudit.audit.options import ScanOptions
from logaudit.audit.unrecognised_closes import expected_by_root
from logaudit.ingest.cache_protocol import ExtractCache
from logaudit.ingest.executor import Progress
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.scheduler import ingest_sources
from logaudit.ingest.source_extract import SourceExtract
from logaudit.profiles import BUILT_IN, Profile, load_built_in, resolve
from logaudit.reconcile.build_session import build_session
from logaudit.reconcile.normalize import at_home, merge
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.time_window import limit
from logaudit.sources import Discovery, discover


def read_case(
    paths: Sequence[str | Path],
    options: ScanOptions,
    progress: Progress | None = None,
    found: Discovery | None = None,
    memory: ExtractCache | None = None,
) -> Case:
    """Reads everything under ``paths``.

    Args:
        paths: files, folders and patterns.
        options: how to read.
        progress: told of every source read.
        found: what is under the paths, where that is known.
        memory: knows what was read before.

    Raises:
        UserError: a path does not exist, or the profile is broken.
    """
    profiles = [resolve(options.profile)] if options.profile else [load_built_in(name) for name in BUILT_IN]
    found = found or discover(paths)
    kit = ReadContext(tuple(profiles), options.formats, options.encoding, options.sums)
    intake = ingest_sources(
        found.sources, kit, options.jobs, progress or Progress(), named=bool(options.profile), memory=memory
    )
    problems = [*found.problems, *intake.problems]
    for read in intake.extracts.values():
        problems += [d.problem for d in read if d.problem is not None and d.problem not in problems]
    chosen = {session.root: session for session in intake.sessions}
    by_root = at_home(intake.extracts)
    sessions = tuple(
        limit(_build(by_root[root], root, chosen[root].profile), options.window) for root in sorted(by_root)
    )
    return Case(
        sessions=sessions,
        problems=tuple(sorted(problems, key=lambda p: (p.address, p.detail))),
        skipped=found.skipped,
        roots=found.roots,
        archives=found.archives,
        zone=options.zone,
        why_profile={root: chosen[root].why for root in sorted(by_root)},
        window=options.window,
        recognised=any(session.recognised for session in intake.sessions),
        expected=expected_by_root(sessions, found.sources, kit),
    )


def _build(extracts: Sequence[SourceExtract], root: str, profile: Profile) -> Session:
    return build_session(merge(root, extracts, profile))
