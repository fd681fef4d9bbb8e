"""The interface of remote places, and the one for each scheme."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from logaudit.core.errors import UserError


class RemoteObject(Struct, frozen=True):
    """One object as a listing shows it; it identifies the bytes as a file's state does, and proves nothing.

    Attributes:
        key: its whole name; modified: ns since 1970.
        version: ETag or generation, empty where the place has none.
    """

    key: str
    size: int
    modified: int
    version: str = ""


class Opener(Protocol):
    """One bucket or server."""

    def list(self, prefix: str) -> Iterable[RemoteObject]:
        """All objects below a folder, which is empty for the whole place.

        Raises:
            OSError: the place refuses or does not answer.
        """

    def state(self, key: str) -> RemoteObject | None:
        """One object, None where there is none; raises as `list`."""

    def fetch(self, listed: RemoteObject, target: Path) -> None:
        """Writes an object's bytes to a new file.

        Raises:
            OSError: it cannot be had, or is no longer what was listed.
        """


@cache
def opener_for(store: str) -> Opener:
    """The opener of a URL without a path, one a process.

    Raises:
        UserError: the extra for this scheme is not installed.
    """
    scheme = store.partition("://")[0]
    try:
        if scheme == "sftp":
            from logaudit.sources.remote.file_server import sftp  # noqa: PLC0415 - an extra, loaded where it is used

            return sftp(store)
        from logaudit.sources.remote.object_store import ObjectStoreOpener  # noqa: PLC0415 - as above

        return ObjectStoreOpener(store)
    except ImportError as error:
        extra = "sftp" if scheme == "sftp" else "remote"
        raise UserError(
            f"Reading {scheme}:// needs packages that are not installed.", f"pip install 'logaudit[{extra}]'"
        ) from error
