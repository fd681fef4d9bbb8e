"""Files of a server through fsspec: SFTP."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import fsspec

from logaudit.sources.remote.opener import RemoteObject


def sftp(store: str) -> FileServerOpener:
    """The opener of ``sftp://[user@]host[:port]``; keys come from the agent and ``~/.ssh``.

    Raises:
        ImportError: paramiko is not installed.
        OSError: the server refuses or does not answer.
    """
    import paramiko  # noqa: PLC0415 - fsspec loads it too, and says less where it is missing

    parts = urlsplit(store)
    more: dict[str, Any] = {"username": parts.username} if parts.username else {}
    if parts.port:
        more["port"] = parts.port
    try:
        return FileServerOpener(fsspec.filesystem("sftp", host=parts.hostname, timeout=30, **more))
    except paramiko.AuthenticationException as error:
        raise PermissionError("the server refuses") from error
    except paramiko.SSHException as error:
        raise OSError("the server does not answer") from error


class FileServerOpener:
    """As `logaudit.sources.remote.opener.Opener` has it, for any file system that fsspec knows.

    One call at a time: of two threads that wait for an SFTP session's answers, one takes the other's, which waits on.
    """

    def __init__(self, system: Any) -> None:  # noqa: ANN401 - fsspec comes without types
        self._system = system
        self._one_by_one = threading.Lock()

    def list(self, prefix: str) -> Iterable[RemoteObject]:
        """As `Opener` has it."""
        try:
            with self._one_by_one:
                found = self._system.find(f"/{prefix}", detail=True)
        except FileNotFoundError:
            return []
        if f"/{prefix}" in found:  # a file
            return []
        return [_listed(key, info) for key, info in found.items()]

    def state(self, key: str) -> RemoteObject | None:
        """As `Opener` has it."""
        try:
            with self._one_by_one:
                info = self._system.info(f"/{key}")
        except FileNotFoundError:
            return None
        return _listed(key, info) if info["type"] == "file" else None

    def fetch(self, listed: RemoteObject, target: Path) -> None:
        """As `Opener` has it."""
        with self._one_by_one:
            self._system.get_file(f"/{listed.key}", os.fspath(target))


def _listed(key: str, info: dict[str, Any]) -> RemoteObject:
    changed = info.get("mtime") or info.get("created") or 0
    seconds = changed.timestamp() if hasattr(changed, "timestamp") else float(changed)
    return RemoteObject(key.strip("/"), info["size"], int(seconds * 10**6) * 1000)
