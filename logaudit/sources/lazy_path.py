"""Paths of files that are fetched when they are first opened: objects of a store, texts held in a shard."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, Self

from logaudit.sources.source import FileState

if TYPE_CHECKING:
    _Path = Path
else:  # only the system's own class can be derived from, before Python 3.12
    _Path = type(Path())

#: Stores answer many requests at once, each after some time.
_AT_ONCE: Final = 16


class FileSupplier(Protocol):
    """Knows a file that may not be on this machine yet; travels between processes."""

    @property
    def state(self) -> FileState:
        """The state that it was listed with."""

    def place(self) -> str:
        """Where it lies on this machine, fetched if need be.

        Raises:
            OSError: it cannot be had.
        """

    def sibling(self, name: str) -> FileSupplier | None:
        """The file of another name in the same folder."""


class LazyPath(_Path):
    """A path whose file is fetched when the system is asked to open it; its state is known without that.

    Only what is opened (`open`, `os.open`, `io.open`) leads to the file: whoever needs its place as text asks
    `os.fspath`.
    """

    _supplier: FileSupplier | None = None

    @classmethod
    def of(cls, name: str, supplier: FileSupplier) -> LazyPath:
        """The file that ``supplier`` knows; ``name`` is what the path shows."""
        made = cls(name)
        made._supplier = supplier
        return made

    def __fspath__(self) -> str:
        return str(self) if self._supplier is None else self._supplier.place()

    def __reduce__(self) -> tuple[object, ...]:
        if self._supplier is None:
            return Path, (str(self),)
        return LazyPath.of, (str(self), self._supplier)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """The state that the file was listed with."""
        if self._supplier is None:
            return super().stat(follow_symlinks=follow_symlinks)
        state = self._supplier.state
        seconds = [state.mtime // 10**9, state.mtime // 10**9, state.ctime // 10**9]
        whole = (0o100444, state.inode, state.device, 1, 0, 0, state.size, *seconds)
        exact = {"st_mtime_ns": state.mtime, "st_ctime_ns": state.ctime, "st_atime_ns": state.mtime}
        return os.stat_result(whole, exact)

    def with_name(self, name: str) -> Self:
        """The file of another name beside it; one that the supplier does not know is not there."""
        beside = super().with_name(name)
        beside._supplier = self._supplier and self._supplier.sibling(name)  # noqa: SLF001 - its own
        return beside


def fetch_together(paths: Iterable[Path]) -> None:
    """Fetches files of which the bytes are needed soon, several at a time; whoever opens one is told of trouble."""
    wanted = [path for path in paths if isinstance(path, LazyPath)]
    if not wanted:
        return
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - local files need none

    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        for _ in pool.map(_fetch, wanted):
            pass
    finally:  # whoever is interrupted does not wait for what a place that is silent still owes
        pool.shutdown(wait=False, cancel_futures=True)


def _fetch(path: Path) -> None:
    with suppress(OSError):
        os.fspath(path)
