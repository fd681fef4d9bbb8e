"""Paths → outcome: from the cache as far as it reaches, else read and judged; both give the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import astuple, replace

from logaudit.cache import Files, Outcomes, Store, key_of, reading, zone_rules
from logaudit.model.outcome import Outcome
from logaudit.sources import discover
from logaudit.sources.roots import find_roots

if TYPE_CHECKING:
    from logaudit.options import ScanOptions
    from logaudit.pool import Progress


def answer(
    paths: Sequence[str],
    options: ScanOptions,
    progress: Callable[[], Progress],
    store: Store | None = None,
) -> Outcome:
    """What everything under ``paths`` says.

    Args:
        paths: files, folders and patterns.
        options: how to read.
        progress: makes what is told of every source read, where any is.
        store: the cache; None for none.

    Raises:
        UserError: a path does not exist, or the profile is broken.
        NothingToJudgeError: no log and no ledger was found.
    """
    roots = find_roots(paths)
    if store is None or store.within(root.real for root in roots if root.is_folder):
        from logaudit.judge import judge  # noqa: PLC0415 - only what is not known is judged
        from logaudit.scan import read_case  # noqa: PLC0415 - as above

        return judge(read_case(paths, options, progress()))
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

    from logaudit.cache.digests import Digests  # noqa: PLC0415 - as above
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
