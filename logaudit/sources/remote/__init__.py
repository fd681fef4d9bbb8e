"""Sources where they lie: objects of a store and files of a server, listed by name and fetched once, when opened."""

from __future__ import annotations

import atexit
import glob
import shutil
import tempfile
from pathlib import Path

from logaudit.sources.remote.listing import RemoteListing, list_url
from logaudit.sources.remote.patterns import expand_url
from logaudit.sources.remote.remote_file import RemoteFile

__all__ = ["clear", "expand", "listing", "remote_files"]

_listings: dict[str, RemoteListing] = {}
_spools: list[str] = []


def listing(url: str) -> RemoteListing:
    """What lies at a URL, listed once a run: everything that is read is of one moment.

    Raises:
        UserError: it cannot be listed, or nothing is there.
    """
    if url not in _listings:
        _listings[url] = list_url(url)
    return _listings[url]


def expand(url: str) -> list[str]:
    """The URL itself, or those that it matches as a pattern, as `listing` knows them from now on.

    Raises:
        UserError: nothing matches, or it cannot be listed.
    """
    if not glob.has_magic(url):
        return [url]
    found = expand_url(url)
    _listings.update(found)
    return sorted(found)


def remote_files(url: str) -> list[tuple[str, RemoteFile]]:
    """What lies at a URL: names below it, empty for the object itself, and files in a temporary folder of this run."""
    if not _spools:
        _spools.append(tempfile.mkdtemp(prefix="logaudit-"))
    found = listing(url)
    others = {one.key: one for one in found.files}
    return [
        (one.key[len(found.key) :].lstrip("/"), RemoteFile.of(found.store, one, others, _spools[0]))
        for one in found.files
    ]


def clear() -> None:
    """Forgets what was listed, and removes what was fetched."""
    _listings.clear()
    while _spools:
        shutil.rmtree(Path(_spools.pop()), ignore_errors=True)


atexit.register(clear)
