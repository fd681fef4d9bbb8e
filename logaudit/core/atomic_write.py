"""Writes files whole or not at all: none is half-written, and of several none is written when one cannot be."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, Final, Self

from logaudit.core.errors import UserError

#: How a file without a name is asked for; 0 where systems know none. It gets its name by way of its descriptor.
_UNNAMED: Final = getattr(os, "O_TMPFILE", 0)
_DESCRIPTORS: Final = Path("/proc/self/fd")
_FLAGS: Final = os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
#: Files that are kept open at once.
_OPEN: Final = 64
#: Bytes of one call; characters of a name that a temporary one begins with.
_AT_ONCE: Final = 1 << 26
_KEPT: Final = 100


def check_targets(paths: Iterable[Path]) -> None:
    """Refuses what cannot be written, before the work that would be lost.

    Raises:
        UserError: a folder is missing, a target is a folder, two targets are one, or the place is read-only.
    """
    seen: set[Path] = set()
    for path in paths:
        try:
            _check_target(path, seen)
        except OSError as error:  # a name that is too long, among others
            raise _unwritable(path, error) from error


def _check_target(path: Path, seen: set[Path]) -> None:
    if not path.parent.is_dir():
        raise UserError(f"{path} cannot be written: there is no folder {path.parent}.", "Create it first.")
    if path.is_dir():
        raise UserError(f"{path} cannot be written: it is a folder.", "Name a file.")
    real = path.resolve()
    if real in seen:
        raise UserError(f"{path} would be written twice.", "Give each output a file of its own.")
    seen.add(real)
    if not _is_device(path):
        with Draft(path):
            pass


def write_all(files: Sequence[tuple[Path, str | bytes]]) -> None:
    """Writes each content to a file without a name beside its path, then names them all; texts as UTF-8.

    Devices and pipes, which a rename would replace, are written to as they are, after all files.

    Raises:
        UserError: a place cannot be written; nothing is left behind.
    """
    path = Path()
    with contextlib.ExitStack() as drafts:
        try:
            written: list[Draft] = []
            for path, content in files:
                if _is_device(path):
                    continue
                draft = drafts.enter_context(Draft(path, named=len(written) >= _OPEN))
                draft.write(_bytes(content))
                written.append(draft)
            for draft in written:
                path = draft.path
                draft.publish()
            for path, content in files:
                if _is_device(path):
                    path.write_bytes(_bytes(content))
        except OSError as error:
            raise _unwritable(path, error) from error


class Draft:
    """A new file beside ``path``: without a name where the system knows such, so that nothing remains of it."""

    def __init__(self, path: Path, *, named: bool = False) -> None:
        """``named`` asks for one that is not kept open."""
        self.path = path
        self._named = named
        self._temporary: Path | None = None
        self._fd = -1
        if not named and _UNNAMED and _DESCRIPTORS.is_dir():
            with contextlib.suppress(OSError):  # a file system that knows none
                self._fd = os.open(path.parent, _FLAGS | _UNNAMED, 0o666)
        if self._fd < 0:
            self._create(self._name())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        if self._temporary is not None:
            with contextlib.suppress(OSError):
                self._temporary.unlink()

    def write(self, content: bytes) -> None:
        """Writes all of it."""
        view = memoryview(content)
        while view:
            view = view[os.write(self._fd, view[:_AT_ONCE]) :]
        if self._named:
            self._close()

    def stream(self) -> BinaryIO:
        """To write to, and to be closed before it is published."""
        return os.fdopen(os.dup(self._fd), "wb")

    def publish(self) -> None:
        """Gives the file its name, in place of one that is there."""
        if self._temporary is None and self._linked(self.path):
            self._close()
            return
        temporary = self._temporary or self._named_anew()
        self._close()
        temporary.replace(self.path)
        self._temporary = None

    def _named_anew(self) -> Path:
        name = self._temporary = self._name()
        if not self._linked(name):
            with os.fdopen(self._fd, "rb") as content:
                content.seek(0)
                self._create(name)
                while part := content.read(_AT_ONCE):
                    self.write(part)
        return name

    def _create(self, name: Path) -> None:
        self._temporary = name
        self._fd = os.open(name, _FLAGS | os.O_CREAT | os.O_EXCL, 0o666)

    def _linked(self, path: Path) -> bool:
        """Whether the file without a name has this one now: it has none where there is one of that name."""
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.link(_DESCRIPTORS / str(self._fd), path.name, dst_dir_fd=folder, follow_symlinks=True)
        except OSError:
            return False
        finally:
            os.close(folder)
        return True

    def _name(self) -> Path:
        return self.path.with_name(f".{self.path.name[:_KEPT]}.{os.urandom(6).hex()}")

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _unwritable(path: Path, error: OSError) -> UserError:
    return UserError(f"{path} cannot be written: {error.strerror or error}.", "Choose another place.")
