"""One remote file: fetched into a temporary folder when it is first opened, once a machine."""

from __future__ import annotations

import atexit
import errno
import hashlib
import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct

from logaudit.sources.labels import label
from logaudit.sources.remote.opener import RemoteObject, opener_for, patiently
from logaudit.sources.source import FileState

#: What a database keeps beside itself.
_BESIDE: Final = ("-wal", "-shm", "-journal")
_LONGEST_NAME: Final = 80


class RemoteFile(Struct, frozen=True):
    """As `logaudit.sources.lazy_path.FileSupplier` has it.

    Attributes:
        store: the place's URL; listed: the object.
        target: where it is fetched to.
        beside: what else of it the place holds, such as a database's write-ahead log.
    """

    store: str
    listed: RemoteObject
    target: str
    beside: tuple[RemoteFile, ...] = ()

    @classmethod
    def of(cls, store: str, listed: RemoteObject, others: dict[str, RemoteObject], folder: str) -> RemoteFile:
        """An object among ``others``, to be fetched into ``folder``."""
        beside = (others.get(listed.key + suffix) for suffix in _BESIDE)
        near = tuple(cls(store, one, _target(store, one.key, folder)) for one in beside if one is not None)
        return cls(store, listed, _target(store, listed.key, folder), near)

    @property
    def state(self) -> FileState:
        """Size, time and version as listed: what changes when the object does."""
        version = hashlib.sha256(f"{self.store}/{self.listed.key}\0{self.listed.version}".encode()).digest()
        return FileState(self.listed.size, self.listed.modified, 0, int.from_bytes(version[:7]), 0)

    def place(self) -> str:
        """Where it lies on this machine; fetched now if it does not yet.

        Raises:
            OSError: it cannot be had; it is not asked for a second time.
        """
        target = Path(self.target)
        if not target.exists():
            refusal = Refusal.of(target)
            refusal.repeat()
            try:
                self._fetch(target)
            except OSError as error:
                raise refusal.keep(error) from None
        return self.target

    def sibling(self, name: str) -> RemoteFile | None:
        """The file of another name beside it, as far as it belongs to it."""
        return next((one for one in self.beside if Path(one.target).name == name), None)

    def _fetch(self, target: Path) -> None:
        _own(target.parent.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f"{target.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            patiently(lambda: opener_for(self.store).fetch(self.listed, unfinished))
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)


class Refusal(Struct, frozen=True):
    """Why a file was not had, kept beside what was fetched: whoever opens it next, in any process, is told the same."""

    note: Path

    @classmethod
    def of(cls, target: Path) -> Refusal:
        """That of a file which is fetched to ``target``."""
        name = hashlib.sha256(str(target).encode()).hexdigest()[:16]
        return cls(target.parent.parent / f"{name}.refused")

    def repeat(self) -> None:
        """Raises what was kept.

        Raises:
            OSError: the file was asked for before, and not had.
        """
        try:
            number = int(self.note.read_text(encoding="ascii") or 0)
        except FileNotFoundError:
            return
        raise _error(number)

    def keep(self, error: OSError) -> OSError:
        """Keeps the reason, which is returned for whoever asked."""
        kinds = ((PermissionError, errno.EACCES), (FileNotFoundError, errno.ENOENT))
        number = error.errno or next((n for kind, n in kinds if isinstance(error, kind)), 0)
        with suppress(OSError):
            self.note.write_text(str(number), encoding="ascii")
        return _error(number)


def _error(number: int) -> OSError:
    return OSError(number, "it was not had") if number else OSError("it was not had")


def _own(folder: Path) -> None:
    """Makes the folder where it is missing, as on another machine; who makes it removes it."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


def _target(store: str, key: str, folder: str) -> str:
    """A name that no file system refuses; files of one folder stay together."""
    place = PurePosixPath(key)
    home = hashlib.sha256(f"{store}/{place.parent}".encode()).hexdigest()[:16]
    name = "".join(
        "_" if letter in '<>:"|?*' or ord(letter) < ord(" ") else letter for letter in label(place.name)
    )
    if name != place.name or len(name.encode()) > _LONGEST_NAME:
        name = hashlib.sha256(key.encode()).hexdigest()[:16] + name[-_LONGEST_NAME // 4 :]
    return str(Path(folder, home, name))
