"""SFTP through fsspec and paramiko: keys of the agent and of ``~/.ssh``, and only servers that are known there."""

from __future__ import annotations

import errno
import logging
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

from logaudit.core.errors import UserError
from logaudit.sources.remote.file_server import FileServerOpener

#: Seconds to connect in, and to wait for an answer.
_PATIENCE: Final = 30


def sftp(store: str) -> FileServerOpener:
    """The opener of ``sftp://[user@]host[:port]``.

    Raises:
        UserError: the server is not known, or not the one that is.
        OSError: it refuses or does not answer.
    """
    parts = urlsplit(store)
    more: dict[str, Any] = {"username": unquote(parts.username)} if parts.username else {}
    if parts.port:
        more["port"] = parts.port
    host = parts.hostname or ""
    logging.getLogger("paramiko").setLevel(logging.CRITICAL + 1)  # it prints tracebacks of what is said here

    def connect() -> KnownServer:
        try:
            return KnownServer(host, timeout=_PATIENCE, banner_timeout=_PATIENCE, **more)
        except paramiko.BadHostKeyException:
            raise UserError(
                f"The key of {host} is another one than ~/.ssh/known_hosts has.",
                "Find out why before you trust what it sends.",
            ) from None
        except paramiko.AuthenticationException:
            raise PermissionError(errno.EACCES, "the server refuses") from None
        except paramiko.SSHException as error:
            raise _reason(host, str(error)) from None
        except (OSError, EOFError):
            raise _reason(host, "") from None

    return FileServerOpener(connect, (paramiko.SSHException, paramiko.SFTPError))


class KnownServer(SFTPFileSystem):  # type: ignore[misc] # fsspec comes without types
    """The file system of a server whose key is known; by itself fsspec takes any key."""

    cachable = False

    def real_path(self, path: str) -> str:
        """Where a path leads, links followed."""
        return str(self.ftp.normalize(path))

    def _connect(self) -> None:
        self.client = paramiko.SSHClient()
        self.client.load_system_host_keys()
        self.client.set_missing_host_key_policy(paramiko.RejectPolicy())
        self.client.connect(self.host, **self.ssh_kwargs)
        self.ftp = self.client.open_sftp()
        self.ftp.get_channel().settimeout(_PATIENCE)


def _reason(host: str, text: str) -> Exception:
    if "known_hosts" in text:
        return UserError(
            f"The key of {host} is not in ~/.ssh/known_hosts.",
            "Connect to it once with ssh, which asks for it.",
        )
    if "authentication methods" in text:
        return PermissionError(errno.EACCES, "the server refuses")
    return ConnectionAbortedError(errno.ECONNABORTED, "the server does not answer")
