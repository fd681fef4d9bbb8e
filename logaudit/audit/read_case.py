"""Paths → case: discovers, extracts and merges; the only place that drives the heavy work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from logaudit.audit.options import ScanOptions
from logaudit.audit.unrecognised_closes import expected_by_root
from logaudit.ingest.cache_protocol import ExtractCache
from logaudit.ingest.executor import Progress
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.scheduler import ingest_sources
from logaudit.profiles import BUILT_IN, load_built_in, resolve
from logaudit.reconcile.build_session import build_session
from logaudit.reconcile.normalize import at_home, merge
from logaudit.reconcile.reconciled import Case
from logaudit.reconcile.time_window import limit
from logaudit.sources import Discovery, Problem, discover


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
        limit(
            build_session(
                merge(root, by_root[root], chosen[root].profile), _in_folder(problems, root, by_root)
            ),
            options.window,
        )
        for root in sorted(by_root)
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


def _in_folder(problems: Sequence[Problem], root: str, roots: Iterable[str]) -> list[Problem]:
    """The problems of files whose innermost session is ``root``; the only session has all of them."""
    others = [r for r in roots if r != root]
    inner = [r for r in others if root == "." or r.startswith(f"{root}/")]
    return [
        problem
        for problem in problems
        if (not others or root == "." or problem.address.path.startswith(f"{root}/"))
        and not any(problem.address.path.startswith(f"{r}/") for r in inner)
    ]
