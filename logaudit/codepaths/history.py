"""Searches a repository for the commit that wrote some logs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from logaudit.codepaths.emitters import grouped, rough_matches
from logaudit.codepaths.model import module_name
from logaudit.codepaths.read_folder import LARGEST
from logaudit.codepaths.read_git import Repository
from logaudit.core.events import Emitter
from logaudit.core.source_code import same_module

#: Files that are read from the repository at once.
_TOGETHER: Final = 40


class RankedCommit(Struct, frozen=True, order=True):
    """A commit, and how many of the places that the logs name look right in it."""

    matched: int
    age: int
    commit: str


def best_commit(repository: Repository, emitters: Iterable[Emitter]) -> str:
    """The commit in which the most places are logging calls, of equal ones the newest; empty when none has any."""
    by_module = {name: group for name, group in grouped(emitters).items() if any(e.line for e in group)}
    versions = {
        commit: {
            (logged, blob)
            for path, (blob, size) in repository.files(commit).items()
            for logged in by_module
            if size <= LARGEST and same_module(logged, module_name(path))
        }
        for commit in repository.commits()
    }
    scores = _scores(repository, set().union(*versions.values()) if versions else set(), by_module)
    ranked: list[RankedCommit] = []
    for age, (commit, chosen) in enumerate(versions.items()):
        best: dict[str, int] = {}
        for logged, blob in chosen:
            best[logged] = max(best.get(logged, 0), scores[logged, blob])
        ranked.append(RankedCommit(sum(best.values()), -age, commit))
    top = max(ranked, default=None)
    return top.commit if top is not None and top.matched else ""


def _scores(
    repository: Repository, versions: Iterable[tuple[str, str]], by_module: Mapping[str, Sequence[Emitter]]
) -> dict[tuple[str, str], int]:
    """Logged module and version of its file → the places that look right in it."""
    modules: dict[str, list[str]] = defaultdict(list)
    for logged, blob in sorted(versions):
        modules[blob].append(logged)
    found: dict[tuple[str, str], int] = {}
    for batch in _batches(sorted(modules)):
        for blob, data in zip(batch, repository.blobs(batch), strict=True):
            text = data.decode("utf-8", "replace")
            for logged in modules[blob]:
                found[logged, blob] = rough_matches(text, by_module[logged])
    return found


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many that git starts seldom, and so few that they fit into memory."""
    for at in range(0, len(names), _TOGETHER):
        yield names[at : at + _TOGETHER]
