"""Files of a server, listed folder by folder and fetched one at a time; a session that breaks off is begun anew."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from logaudit.sources.remote.opener import RemoteObject

T = TypeVar("T")

_TRIES: Final = 3
#: What the system says of a connection that broke; without a number it is what a library says of one.
_BROKEN: Final = frozenset(
    {None, errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE, errno.ETIMEDOUT, errno.EBADF}
)


class FileServerOpener:
    """As `logaudit.sources.remote.opener.Opener` has it, for any file system that fsspec knows.

    One call at a time: of two threads that wait for an SFTP session's answers, one takes the other's, which waits on.
    """

    def __init__(self, connect: Callable[[], Any], broken: tuple[type[Exception], ...] = ()) -> None:
        """Connects; ``broken`` are a library's own errors of a session that is of no more use."""
        self._connect = connect
        self._broken: tuple[type[Exception], ...] = (EOFError, OSError, *broken)
        self._one_by_one = threading.Lock()
        self._system = connect()

    def list(self, prefix: str) -> Iterable[RemoteObject]:
        """As `Opener` has it; of folders that are refused and links that lead out that is said."""
        try:
            top = self._ask(lambda system: system.info(f"/{prefix}"))
        except FileNotFoundError:
            return []
        return self._walk(prefix) if top["type"] == "directory" else []

    def state(self, key: str) -> RemoteObject | None:
        """As `Opener` has it."""
        try:
            info = self._ask(lambda system: system.info(f"/{key}"))
        except FileNotFoundError:
            return None
        return _listed(key, info) if info["type"] == "file" else None

    def fetch(self, listed: RemoteObject, target: Path) -> None:
        """As `Opener` has it; of a log that grew since, what it had when it was listed."""
        self._ask(lambda system: system.get_file(f"/{listed.key}", os.fspath(target)))
        if target.stat().st_size < listed.size:
            raise OSError(errno.ESTALE, "the file is not what was listed")
        os.truncate(target, listed.size)

    def _walk(self, top: str) -> Iterator[RemoteObject]:
        """Files below a folder, each folder's in order of names."""
        folders = [top]
        while folders:
            folder = folders.pop()
            try:
                entries = self._ask(partial(_entries, f"/{folder}"))
            except PermissionError:
                if folder == top:
                    raise
                yield RemoteObject(folder, 0, 0, trouble=errno.EACCES)
                continue
            for info in sorted(entries, key=lambda info: str(info["name"])):
                key = str(info["name"]).strip("/")
                if info["type"] == "directory":
                    folders.append(key)
                elif info["type"] == "file":
                    yield _listed(key, info)
                elif info["type"] == "link" and not self._leads_inside(key, top):
                    yield RemoteObject(key, 0, 0, trouble=errno.ELOOP)

    def _leads_inside(self, link: str, top: str) -> bool:
        """Whether what a link means is listed by its own name, or is not there."""
        try:
            real = self._ask(lambda system: str(system.real_path(f"/{link}"))).strip("/")
        except FileNotFoundError:
            return True
        return real.startswith(f"{top}/".lstrip("/"))

    def _ask(self, question: Callable[[Any], T]) -> T:
        """An answer of the server, for which a new session is begun where one breaks off.

        Raises:
            OSError: it has none.
        """
        with self._one_by_one:
            for left in reversed(range(_TRIES)):
                try:
                    return question(self._system)
                except (FileNotFoundError, PermissionError):
                    raise
                except self._broken as error:
                    if isinstance(error, OSError) and error.errno not in _BROKEN:
                        raise
                    if left:
                        self._system = self._connect()
        raise ConnectionAbortedError(errno.ECONNABORTED, "the server does not answer")


def _entries(path: str, system: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - fsspec comes without types
    found: list[dict[str, Any]] = system.ls(path, detail=True)
    return found


def _listed(key: str, info: dict[str, Any]) -> RemoteObject:
    changed = info.get("mtime") or info.get("created") or 0
    seconds = changed.timestamp() if hasattr(changed, "timestamp") else float(changed)
    return RemoteObject(key.strip("/"), info["size"] or 0, int(seconds * 10**6) * 1000)
