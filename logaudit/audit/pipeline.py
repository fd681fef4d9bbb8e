"""Paths → outcome: from the cache as far as it reaches, else read and judged; both give the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from logaudit.core.report import Report
from logaudit.sources.protect import is_inside
from logaudit.sources.roots import find_roots

if TYPE_CHECKING:
    from logaudit.audit.options import ScanOptions
    from logaudit.cache import Store
    from logaudit.ingest.executor import Progress


def run(
    paths: Sequence[str],
    options: ScanOptions,
    progress: Callable[[], Progress],
    store: Store | None = None,
) -> Report:
    """What everything under ``paths`` says.

    Args:
        paths: files, folders and patterns.
        options: how to read.
        progress: makes what is told of every source read, where any is.
        store: the cache; None for none.

    Raises:
        UserError: a path does not exist, or the profile is broken.
    """
    roots = find_roots(paths)
    if store is not None and not is_inside(store.folder, roots):
        from logaudit.audit.pipeline_cached import run_cached  # noqa: PLC0415 - who goes without a cache does not load it

        return run_cached(paths, roots, options, progress, store)

    from logaudit.audit.build_report import build_report  # noqa: PLC0415 - what a cache knows is not judged
    from logaudit.audit.read_case import read_case  # noqa: PLC0415 - as above

    return build_report(read_case(paths, options, progress()))
