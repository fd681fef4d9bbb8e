"""Finds everything readable under the given paths and says what each thing is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.sources.folder_walk import walk
from logaudit.sources.lazy_path import fetch_together
from logaudit.sources.roots import find_roots
from logaudit.sources.source import Admitted, Discovery, FoundFile


class DiscoveryCache(Protocol):
    """Remembers what files held."""

    def cached(self, found: FoundFile) -> Admitted | None:
        """What the file is known to bring, None when it must be opened."""

    def note(self, found: FoundFile, admitted: Admitted) -> None:
        """What the file was found to bring."""


def discover(
    paths: Sequence[str | Path],
    memory: DiscoveryCache | None = None,
    *,
    follow: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Discovery:
    """Files, folders (recursive) and patterns; archives are listed, zip members not unpacked.

    Addresses are relative: to the folder when it is the only root, else they begin with the root's own
    name. What cannot be read becomes a problem, what is left alone is skipped with a reason. Files that
    ``memory`` knows are not opened. ``follow`` says whether links out of the roots are followed. Every source
    is to be read within ``limits``.

    Raises:
        UserError: a path does not exist or a pattern matches nothing.
    """
    roots = find_roots(paths)
    tree = walk(roots, follow=follow, limits=limits)
    into = Admitted(problems=tree.problems, skipped=tree.skipped)
    known = [None if memory is None else memory.cached(found) for found in tree.files]
    fetch_together(found.path for found, admitted in zip(tree.files, known, strict=True) if admitted is None)
    for found, admitted in zip(tree.files, known, strict=True):
        into.add(admitted or _examined(found, memory))
    return Discovery(
        tuple(into.sources),
        tuple(sorted(into.problems, key=lambda p: p.order)),
        tuple(sorted(into.skipped, key=lambda skip: (skip.path, str(skip.reason)))),
        into.archives,
        tuple(root.name for root in roots),
        tuple(tree.files),
    )


def _examined(found: FoundFile, memory: DiscoveryCache | None) -> Admitted:
    from logaudit.sources.open_file import examine  # noqa: PLC0415 - where all files are known none is opened

    admitted = examine(found)
    if memory is not None:
        memory.note(found, admitted)
    return admitted
