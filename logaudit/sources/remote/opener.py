"""The interface of remote places, and the one for each scheme."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from functools import cache
from pathlib import Path
from typing import Final, Protocol, TypeVar

from msgspec import Struct

from logaudit.core.errors import UserError

T = TypeVar("T")

#: Seconds after which signals are looked for, on systems that let none through while a thread waits.
_LISTEN: Final = 0.5


class RemoteObject(Struct, frozen=True):
    """One object as a listing shows it; it identifies the bytes as a file's state does, and proves nothing.

    Attributes:
        key: its whole name; modified: ns since 1970.
        version: ETag or generation, empty where the place has none.
        trouble: number of the system's error where it is a folder that is refused, or a link; 0 for files.
    """

    key: str
    size: int
    modified: int
    version: str = ""
    trouble: int = 0


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


def patiently(ask: Callable[[], T]) -> T:
    """What a place answers; Ctrl-C is heard meanwhile, which a library that waits in a language of its own does not.

    Raises:
        Exception: as ``ask`` does.
    """
    if threading.current_thread() is not threading.main_thread():
        return ask()
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    while not answer.done():
        wait((answer,), _LISTEN)
    return answer.result()


@cache
def opener_for(store: str) -> Opener:
    """The opener of a URL without a path, one a process.

    Raises:
        UserError: the extra for this scheme is not installed, or what the environment says cannot be used.
        OSError: the place refuses or does not answer.
    """
    scheme = store.partition("://")[0]
    try:
        if scheme == "sftp":
            from logaudit.sources.remote.ssh import sftp  # noqa: PLC0415 - an extra, loaded where it is used

            return sftp(store)
        from logaudit.sources.remote.object_store import ObjectStoreOpener  # noqa: PLC0415 - as above

        return ObjectStoreOpener(store)
    except ImportError as error:
        extra = "sftp" if scheme == "sftp" else "remote"
        raise UserError(
            f"Reading {scheme}:// needs packages that are not installed.", f"pip install 'logaudit[{extra}]'"
        ) from error
