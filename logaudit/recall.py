"""Paths → outcome by way of the cache: what it knows is not read, or not even judged, again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import astuple, replace

from logaudit.cache import Files, Outcomes, Store, key_of, reading, zone_rules
from logaudit.model.outcome import Outcome
from logaudit.sources import discover
from logaudit.sources.roots import Root

if TYPE_CHECKING:
    from logaudit.options import ScanOptions
    from logaudit.pool import Progress


def recall(
    paths: Sequence[str],
    roots: Sequence[Root],
    options: ScanOptions,
    progress: Callable[[], Progress],
    store: Store,
) -> Outcome:
    """As `logaudit.answer.answer`; ``roots`` are those of ``paths``."""
    store.sweep()
    files = Files(store, roots)
    found = discover(paths, files)
    files.recognise()
    read_as = reading(options.profile, options.formats, options.encoding)
    judged_as = key_of(read_as, options.zone, zone_rules(options.zone), astuple(options.window))
    outcomes = Outcomes(store, files, found, judged_as)
    known = outcomes.get()
    if known is not None:
        outcomes.used(read_as)
        files.save()
        return known

    from logaudit.cache.digests import Digests  # noqa: PLC0415 - only what is not known is read
    from logaudit.judge import judge  # noqa: PLC0415 - as above
    from logaudit.scan import read_case  # noqa: PLC0415 - as above

    digests = Digests(store, files, read_as)
    # Whoever asks the cache next may want the hashes.
    case = read_case(paths, replace(options, sums=True), progress(), found, digests)
    digests.save()
    outcome = judge(case)
    if digests.complete:
        outcomes.put(outcome)
    files.save()
    store.trim()
    return outcome
