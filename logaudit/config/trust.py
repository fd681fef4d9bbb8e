"""Decides which settings files are obeyed: none that lies among the evidence, none that a stranger left."""

from __future__ import annotations

import glob
import itertools
import os
import stat
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

_RECURSIVE: Final = "**"
_SUPERUSER: Final = 0

#: A folder whatever way leads to it: device and inode, or its real path where the system numbers no files.
_Folder: TypeAlias = tuple[int, int] | str


class Scanned:
    """The paths that are scanned; settings must lie outside of them."""

    def __init__(self, items: Iterable[str], base: Path) -> None:
        """``items`` are files, folders and patterns, relative to ``base``, an absolute folder."""
        self._items = tuple(items)
        self._base = base

    def place_of(self, settings: Path) -> str:
        """Where a settings file lies: ``inside 'logs'``, ``beside 'bot.log'``, or empty for elsewhere.

        Beside a scanned file counts as among the evidence: who writes logs into a folder can write settings there.
        """
        places = {_real(settings.parent), _real(settings).parent}
        beside = set(map(_key, places))
        above = beside | {_key(parent) for place in places for parent in place.parents}
        for (folder, whole), item in self._folders.items():
            if folder in (above if whole else beside):
                return f"{'inside' if whole else 'beside'} {item!r}"
        return ""

    @cached_property
    def _folders(self) -> dict[tuple[_Folder, bool], str]:
        """Folders, with whether everything below them is scanned → the first item that says so."""
        named: dict[tuple[Path, bool], str] = {}
        for item in self._items:
            for found in self._folders_of(item):
                named.setdefault(found, item)
        known: dict[tuple[_Folder, bool], str] = {}
        for (folder, whole), item in named.items():
            known.setdefault((_key(folder), whole), item)
        return known

    def _folders_of(self, item: str) -> Iterator[tuple[Path, bool]]:
        path = self._base / item
        if os.path.lexists(path) or not glob.has_magic(item):  # as `sources.roots` takes it
            yield from _holding(path)
            return
        parts = Path(item).parts
        if _RECURSIVE in parts:
            yield (
                self._base.joinpath(*itertools.takewhile(lambda part: not glob.has_magic(part), parts)),
                True,
            )
        for match in glob.iglob(item, root_dir=self._base, recursive=True):  # noqa: PTH207 - as above
            yield from _holding(self._base / match)


def is_foreign(settings: Path) -> bool:
    """Whether the file is another user's and lies where everybody may put one; POSIX systems only.

    The superuser's files are trusted: who can become that user needs no settings file to change a report.
    """
    if not hasattr(os, "geteuid"):
        return False
    try:
        owners = {settings.lstat().st_uid, settings.stat().st_uid}
        modes = [folder.stat().st_mode for folder in (settings.parent, _real(settings).parent)]
    except OSError:
        return False
    return not owners <= {os.geteuid(), _SUPERUSER} and any(mode & stat.S_IWOTH for mode in modes)


def _holding(path: Path) -> Iterator[tuple[Path, bool]]:
    """A folder itself; for a file the folder it lies in, and the one that a link leads to; else nothing."""
    if path.is_dir():
        yield path, True
    elif os.path.lexists(path):
        yield path.parent, False
        yield _real(path).parent, False


def _key(folder: Path) -> _Folder:
    try:
        status = folder.stat()
    except OSError:
        return str(_real(folder))
    return (status.st_dev, status.st_ino) if status.st_ino else str(_real(folder))


def _real(path: Path) -> Path:
    return Path(os.path.normcase(os.path.realpath(path)))
