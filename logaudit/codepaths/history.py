"""Searches a repository for the commit that wrote some logs."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from logaudit.codepaths.emitters import grouped, rough_matches
from logaudit.codepaths.model import module_name
from logaudit.codepaths.read_git import Repository
from logaudit.core.events import Emitter
from logaudit.core.source_code import same_module


class RankedCommit(Struct, frozen=True, order=True):
    """A commit, and how many of the places that the logs name look right in it."""

    matched: int
    age: int
    commit: str


def best_commit(repository: Repository, emitters: Iterable[Emitter]) -> str:
    """The commit in which the most places are logging calls, of equal ones the newest; empty when none has any."""
    by_module = {name: group for name, group in grouped(emitters).items() if any(e.line for e in group)}
    scores: dict[tuple[str, str], int] = {}
    ranked: list[RankedCommit] = []
    wanted: dict[str, list[tuple[str, str]]] = {}
    for commit in repository.commits():
        chosen: list[tuple[str, str]] = []
        for path, (blob, _) in repository.files(commit).items():
            chosen += [(logged, blob) for logged in by_module if same_module(logged, module_name(path))]
        wanted[commit] = chosen
    unread = sorted({blob for chosen in wanted.values() for _, blob in chosen})
    texts = dict(zip(unread, repository.blobs(unread), strict=True)) if unread else {}
    for age, (commit, chosen) in enumerate(wanted.items()):
        best: dict[str, int] = {}
        for logged, blob in chosen:
            key = logged, blob
            if key not in scores:
                scores[key] = rough_matches(texts[blob].decode("utf-8", "replace"), by_module[logged])
            best[logged] = max(best.get(logged, 0), scores[key])
        ranked.append(RankedCommit(sum(best.values()), -age, commit))
    top = max(ranked, default=None)
    return top.commit if top is not None and top.matched else ""
