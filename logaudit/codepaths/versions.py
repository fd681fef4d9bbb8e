"""Compares the paths of two versions of a source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from logaudit.core.source_code import CloseSite, PathChange, SourceAnalysis


def path_changes(before: SourceAnalysis, after: SourceAnalysis) -> tuple[PathChange, ...]:
    """Every place of either version, in the order of the later one; those of one name go by their order."""
    old, new = _by_name(before.sites), _by_name(after.sites)
    return tuple(
        PathChange(name, was.end if was else None, now.end if now else None, (now or was).place)
        for name in dict.fromkeys((*new, *old))
        for was, now in zip_longest(old.get(name, ()), new.get(name, ()))
    )


def _by_name(sites: Iterable[CloseSite]) -> Mapping[str, Sequence[CloseSite]]:
    found: dict[str, list[CloseSite]] = defaultdict(list)
    for site in sites:
        found[site.name].append(site)
    return found
