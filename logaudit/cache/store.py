"""The cache's folder: entries written whole or not at all, found by kind and key, the least used thrown out first."""

from __future__ import annotations

import contextlib
import itertools
import os
import time
import zlib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Final

from msgspec import Struct

from logaudit.cache.frames import DamagedError, unframe
from logaudit.core.lazy_pattern import lazy_pattern

VARIABLE: Final = "LOGAUDIT_CACHE_DIR"
#: An entry that was used within this time counts as just used, seconds.
_FRESH: Final = 3600
#: How often a cache that hardly grows is measured, seconds.
_MEASURED: Final = 600
#: Temporary files whose writer cannot be asked for are given up after this time, seconds.
_ABANDONED: Final = 3600
#: Throwing out leaves this share of the limit, so that it is not done again at once.
_KEPT: Final = 0.9
_NAME: Final = lazy_pattern(r"[0-9a-f]{64}\.(?:frames|msgpack)")
_TEMPORARY: Final = lazy_pattern(r"([0-9a-f]{8})-(\d+)-\d+\.tmp")
_MEASURED_NAME: Final = "measured"


class CacheEntryKind(Enum):
    """What an entry holds: its folder and suffix."""

    EXTRACT = ("extracts", ".frames")
    CHECKPOINT = ("checkpoints", ".frames")
    REPORT = ("reports", ".msgpack")
    FILES = ("files", ".msgpack")


class Info(Struct, frozen=True):
    """What a cache holds.

    Attributes:
        size: bytes.
        oldest: when the entry was used that is out of use longest, seconds since 1970; None without entries.
        counts: entries by the name of their kind.
    """

    folder: Path
    entries: int
    size: int
    oldest: float | None
    limit: int
    counts: dict[str, int]


class Store:
    """A folder of entries. Nothing that goes wrong with it is an error: entries are then missing."""

    def __init__(self, folder: Path, limit: int) -> None:
        """``limit`` is how many bytes it may take, about."""
        self.folder = folder
        self.limit = limit
        self._written = 0
        self._numbers = itertools.count()

    def get(self, kind: CacheEntryKind, key: str) -> list[memoryview] | None:
        """The payloads of an entry, proven whole; a damaged entry is removed."""
        path = self._path(kind, key)
        try:
            with path.open("rb", buffering=0) as handle:
                data = handle.read()
                used = os.fstat(handle.fileno()).st_mtime
            payloads = list(unframe(key, data))
        except OSError:
            return None
        except DamagedError:
            _remove(path)
            return None
        if kind is not CacheEntryKind.REPORT and time.time() - used > _FRESH:
            self.touch(kind, key)
        return payloads

    def stale(self, kind: CacheEntryKind, key: str) -> bool:
        """Whether an entry was not used for so long that its use should be noted."""
        try:
            return time.time() - self._path(kind, key).stat().st_mtime > _FRESH
        except OSError:
            return False

    def touch(self, kind: CacheEntryKind, key: str) -> None:
        """Notes that an entry is in use."""
        with contextlib.suppress(OSError):
            os.utime(self._path(kind, key))

    def ready(self) -> bool:
        """Whether anything can be written; what is to be written may be costly to make."""
        place = self.folder / "tmp"
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return False
        return os.access(place, os.W_OK)

    def put(self, kind: CacheEntryKind, key: str, data: bytes | bytearray) -> None:
        """Writes an entry: the bytes of a file that holds frames for ``key``."""
        temporary = self.folder / "tmp" / f"{_host()}-{os.getpid()}-{next(self._numbers)}.tmp"
        path = self._path(kind, key)
        try:
            self._write(temporary, data)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            temporary.replace(path)
        except OSError:
            _remove(temporary)
            return
        self._written += len(data)

    def drop(self, kind: CacheEntryKind, key: str) -> None:
        """Removes an entry."""
        _remove(self._path(kind, key))

    def sweep(self) -> None:
        """Removes what killed writers left behind."""
        for path in _listed(self.folder / "tmp"):
            match = _TEMPORARY.fullmatch(path.name)
            if match and _abandoned(path, match[1], int(match[2])):
                _remove(path)

    def trim(self) -> None:
        """Removes the least used entries beyond the limit."""
        if not self._written:
            return
        if self._written * 64 < self.limit and self._measured_lately():
            return
        self._throw_out()
        self._written = 0

    def info(self) -> Info:
        """What the cache holds."""
        found = list(self._entries())
        counts = {kind.value[0]: 0 for kind in CacheEntryKind}
        for _, _, path in found:
            counts[path.parent.name] += 1
        size = sum(size for _, size, _ in found)
        oldest = min((used for used, _, _ in found), default=None)
        return Info(self.folder, len(found), size, oldest, self.limit, counts)

    def clear(self) -> Info:
        """Removes every entry and every temporary file; what was there."""
        found = self.info()
        for _, _, path in list(self._entries()):
            _remove(path)
        for path in _listed(self.folder / "tmp"):
            if _TEMPORARY.fullmatch(path.name):
                _remove(path)
        _remove(self.folder / _MEASURED_NAME)
        for name in (*(kind.value[0] for kind in CacheEntryKind), "tmp"):
            with contextlib.suppress(OSError):
                (self.folder / name).rmdir()
        return found

    def _path(self, kind: CacheEntryKind, key: str) -> Path:
        folder, suffix = kind.value
        return self.folder / folder / f"{key}{suffix}"

    def _write(self, path: Path, data: bytes | bytearray) -> None:
        """A new file that nobody else may read: it quotes logs."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            handle = os.open(path, flags, 0o600)
        except FileNotFoundError:
            self.ready()
            handle = os.open(path, flags, 0o600)
        with open(handle, "wb", buffering=0) as file:  # noqa: PTH123 - an open file has no path
            file.write(data)

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """When each entry was used, its size, and where it is."""
        for kind in CacheEntryKind:
            for path in _listed(self.folder / kind.value[0]):
                if _NAME.fullmatch(path.name):
                    with contextlib.suppress(OSError):
                        status = path.stat()
                        yield status.st_mtime, status.st_size, path

    def _throw_out(self) -> None:
        with contextlib.suppress(OSError):
            (self.folder / _MEASURED_NAME).write_bytes(b"")
        found = sorted(self._entries())
        size = sum(size for _, size, _ in found)
        if size <= self.limit:
            return
        for _, less, path in found:
            _remove(path)
            size -= less
            if size <= self.limit * _KEPT:
                return

    def _measured_lately(self) -> bool:
        try:
            return time.time() - (self.folder / _MEASURED_NAME).stat().st_mtime < _MEASURED
        except OSError:
            return False


def folder_of(environment: str | None) -> Path | None:
    """Where the cache lies: where the variable says, else in the user's cache folder; None where there is none."""
    if environment:
        return Path(os.path.abspath(environment))  # noqa: PTH100 - a link to another disk stays one
    import platformdirs  # noqa: PLC0415 - only who has not said where needs it

    try:
        return platformdirs.user_cache_path("logaudit", appauthor=False)
    except (OSError, RuntimeError):
        return None


def _listed(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries]
    except OSError:
        return []


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _host() -> str:
    """This machine: process numbers mean nothing on another that shares the folder."""
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return f"{zlib.crc32(name.encode()):08x}"


def _abandoned(path: Path, host: str, process: int) -> bool:
    """Whether nobody is writing a temporary file any more."""
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > _ABANDONED:
            return True
    if host != _host():
        return False
    return not _lives(process)


def _lives(process: int) -> bool:
    """Whether a process of this machine is there; on Windows a file that is being written cannot be removed."""
    if os.name == "nt":
        return process == os.getpid()
    with contextlib.suppress(PermissionError, OverflowError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True
