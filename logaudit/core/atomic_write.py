"""Writes files whole or not at all: none is half-written, and of several none is written when one cannot be."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from logaudit.core.errors import UserError

if TYPE_CHECKING:
    from tempfile import _TemporaryFileWrapper


def check_targets(paths: Iterable[Path]) -> None:
    """Refuses what cannot be written, before the work that would be lost.

    Raises:
        UserError: a folder is missing, a target is a folder, two targets are one, or the place is read-only.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.parent.is_dir():
            raise UserError(
                f"{path} cannot be written: there is no folder {path.parent}.", "Create it first."
            )
        if path.is_dir():
            raise UserError(f"{path} cannot be written: it is a folder.", "Name a file.")
        real = path.resolve()
        if real in seen:
            raise UserError(f"{path} would be written twice.", "Give each output a file of its own.")
        seen.add(real)
        if _is_device(path):
            continue
        try:
            with _temporary(path):
                pass
        except OSError as error:
            raise _unwritable(path, error) from error


def write_all(files: Sequence[tuple[Path, str | bytes]]) -> None:
    """Writes each content to a temporary file beside its path, then renames them all; texts as UTF-8.

    Devices and pipes, which a rename would replace, are written to as they are, after all files.

    Raises:
        UserError: a place cannot be written; nothing is left behind.
    """
    written: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, content in files:
            if _is_device(path):
                continue
            with _temporary(path, delete=False) as temporary:
                written.append((Path(temporary.name), path))
                temporary.write(_bytes(content))
        for source, path in written:
            _like_any_other(source)
            source.replace(path)
        for path, content in files:
            if _is_device(path):
                path.write_bytes(_bytes(content))
    except BaseException as error:
        for source, _ in written:
            with contextlib.suppress(OSError):
                source.unlink()
        if isinstance(error, OSError):
            raise _unwritable(path, error) from error
        raise


def _temporary(path: Path, *, delete: bool = True) -> _TemporaryFileWrapper[bytes]:
    """A new file beside ``path``."""
    import tempfile  # noqa: PLC0415 - most scans write no file

    return tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=delete)


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _like_any_other(path: Path) -> None:
    """Gives a temporary file, which only its owner may read, the permissions of any new file."""
    probe = path.with_name(f"{path.name}.mode")
    with contextlib.suppress(OSError):
        probe.touch()
        path.chmod(probe.stat().st_mode)
        probe.unlink()


def _unwritable(path: Path, error: OSError) -> UserError:
    return UserError(f"{path} cannot be written: {error.strerror or error}.", "Choose another place.")
