"""Paths → outcome by way of the cache: what it knows is not read, or not even judged, again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import astuple, replace

from logaudit.cache import CachedReports, Files, Store, key_of, reading, zone_rules
from logaudit.core.report import Report
from logaudit.sources import discover
from logaudit.sources.roots import Root

if TYPE_CHECKING:
    from logaudit.audit.options import ScanOptions
    from logaudit.ingest.executor import Progress


def run_cached(
    paths: Sequence[str],
    roots: Sequence[Root],
    options: ScanOptions,
    progress: Callable[[], Progress],
    store: Store,
) -> Report:
    """As `logaudit.audit.pipeline.run`; ``roots`` are those of ``paths``."""
    store.sweep()
    files = Files(store, roots)
    found = discover(paths, files)
    files.recognise()
    read_as = reading(options.profile, options.formats, options.encoding)
    judged_as = key_of(read_as, options.zone, zone_rules(options.zone), astuple(options.window))
    outcomes = CachedReports(store, files, found, judged_as)
    known = outcomes.get()
    if known is not None:
        outcomes.used(read_as)
        files.save()
        return known

    from logaudit.audit.build_report import build_report  # noqa: PLC0415 - as above
    from logaudit.audit.read_case import read_case  # noqa: PLC0415 - as above
    from logaudit.cache.extracts import CachedExtracts  # noqa: PLC0415 - only what is not known is read

    digests = CachedExtracts(store, files, read_as)
    # Whoever asks the cache next may want the hashes.
    case = read_case(paths, replace(options, sums=True), progress(), found, digests)
    digests.save()
    report = build_report(case)
    if digests.complete:
        outcomes.put(report)
    files.save()
    store.trim()
    return report
