"""Groups folders into sessions: one deployment of one bot, within which closes and rows are matched."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping
from typing import Final

_Folder = tuple[str, ...]
_BOTH: Final = frozenset({"log", "ledger"})
_ROOT: Final[_Folder] = ()


def group_sessions(folders: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Folder → the folder its session is rooted in, for relative ``/`` paths (``""`` or ``.`` is the root).

    The values say what a folder directly holds: ``log``, ``ledger``, both, or nothing that counts.

    1. A folder with both is a session, even beneath another one.
    2. Any other folder with evidence belongs to the nearest such folder above it.
    3. Of what is left, the smallest subtree that holds both kinds together is a session, rooted at its top;
       but not across a complete session beneath that top, unless the top itself directly holds evidence:
       beside complete deployments, a lone ledger and lone logs are likelier two bots than one.
    4. What stays incomplete is its own session, or that of the topmost incomplete folder above it.
    5. A folder without evidence follows the nearest session root or folder with evidence above it, else the
       nearest below it, else it belongs to the root.

    A folder with evidence thus gets itself or a folder above it.
    """
    evidence = {_parts(folder): held for folder, held in folders.items() if held}
    complete = {folder for folder, held in evidence.items() if held >= _BOTH}
    attached = {folder: _nearest(folder, complete) for folder in evidence}
    found = {folder: session for folder, session in attached.items() if session is not None}
    leftovers = [folder for folder in evidence if folder not in found]
    found |= _merge(leftovers, evidence, complete)
    incomplete = {folder for folder in leftovers if folder not in found}
    found |= {folder: _topmost(folder, incomplete) for folder in incomplete}
    return _spell(folders, _Follower(found))


def _spell(folders: Collection[str], follower: _Follower) -> dict[str, str]:
    """Sessions as the input writes folders: the root is ``.`` where it calls it so."""
    root = "." if "." in folders else ""
    return {folder: "/".join(follower.session(_parts(folder))) or root for folder in folders}


def _merge(
    leftovers: Iterable[_Folder], evidence: Mapping[_Folder, frozenset[str]], complete: Iterable[_Folder]
) -> dict[_Folder, _Folder]:
    """Rule 3, from the deepest folders up: each hands what it cannot complete to the one above."""
    waiting: dict[_Folder, list[_Folder]] = {}
    for folder in leftovers:
        waiting.setdefault(folder, []).append(folder)
        for above in _above(folder):
            waiting.setdefault(above, [])
    crowded = {above for folder in complete for above in _above(folder)}
    merged: dict[_Folder, _Folder] = {}
    for top in sorted(waiting, key=len, reverse=True):
        pool = waiting[top]
        together = frozenset[str]().union(*(evidence[folder] for folder in pool))
        if together >= _BOTH and (top in evidence or top not in crowded):
            merged |= dict.fromkeys(pool, top)
            crowded.update(_above(top))
        elif top:
            waiting[top[:-1]] += pool
    return merged


class _Follower:
    """Rule 5: finds the session of any folder by those of the folders with evidence."""

    def __init__(self, found: Mapping[_Folder, _Folder]) -> None:
        self._above = {session: session for session in found.values()} | dict(found)
        self._below: dict[_Folder, _Folder] = {}
        for folder in sorted(found, key=lambda place: (len(place), place)):
            for above in _above(folder):
                self._below.setdefault(above, found[folder])

    def session(self, folder: _Folder) -> _Folder:
        nearest = _nearest(folder, self._above)
        return self._below.get(folder, _ROOT) if nearest is None else self._above[nearest]


def _parts(folder: str) -> _Folder:
    return tuple(part for part in folder.split("/") if part not in {"", "."})


def _above(folder: _Folder) -> list[_Folder]:
    """The folders that hold it, nearest first, the root last."""
    return [folder[:length] for length in range(len(folder) - 1, -1, -1)]


def _nearest(folder: _Folder, among: Container[_Folder]) -> _Folder | None:
    return next((place for place in (folder, *_above(folder)) if place in among), None)


def _topmost(folder: _Folder, among: set[_Folder]) -> _Folder:
    return next(place for place in reversed((folder, *_above(folder))) if place in among)
