"""Names for reports: clean relative labels from hostile member names and odd file names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.text import as_text

_MAX_LABEL: Final = 1024


def label(name: str) -> str:
    """A relative ``/`` path without drive roots, ``.`` and ``..``; bytes that are no text become U+FFFD.

    It is never used to open or write anything: the cleaning only keeps what reports print resolvable.
    """
    parts = [p for p in as_text(name).replace("\\", "/").split("/") if p not in {"", ".", ".."}]
    return "/".join(parts)[:_MAX_LABEL] or "unnamed"


def unique(names: Sequence[str]) -> Iterator[str]:
    """The names in order, a repeated one numbered before its suffix: ``a.log``, ``a (2).log``."""
    taken = set(names)
    given: set[str] = set()
    counts: dict[str, int] = {}
    for name in names:
        fresh = name
        while fresh in given or (fresh != name and fresh in taken):
            counts[name] = counts.get(name, 1) + 1
            fresh = _numbered(name, counts[name])
        given.add(fresh)
        yield fresh


def _numbered(name: str, number: int) -> str:
    folder, slash, base = name.rpartition("/")
    stem, dot, suffix = base.rpartition(".")
    if not stem:
        stem, dot, suffix = base, "", ""
    return f"{folder}{slash}{stem} ({number}){dot}{suffix}"


def distinct_tails(paths: Sequence[tuple[str, ...]]) -> list[str]:
    """For each path its shortest tail that no other path ends with: the last name, where that will do."""
    return [_tail(path, [p for i, p in enumerate(paths) if i != at]) for at, path in enumerate(paths)]


def _tail(path: tuple[str, ...], others: Sequence[tuple[str, ...]]) -> str:
    for length in range(1, len(path) + 1):
        tail = path[-length:]
        if all(other[-length:] != tail for other in others):
            return "/".join(tail)
    return "/".join(path)
