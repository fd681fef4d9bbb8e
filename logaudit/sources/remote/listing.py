"""Lists what lies at a URL: an object, or everything below a folder."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from msgspec import Struct

from logaudit.core.errors import UserError
from logaudit.sources.remote.opener import Opener, RemoteObject, opener_for, patiently
from logaudit.sources.source import os_reason


class RemoteListing(Struct, frozen=True):
    """What lies at a URL.

    Attributes:
        store: the URL without its path; key: the path.
        is_folder: whether the files lie below it.
    """

    store: str
    key: str
    is_folder: bool
    files: tuple[RemoteObject, ...]


def list_url(url: str) -> RemoteListing:
    """What lies at a URL that `checked` has passed.

    Raises:
        UserError: it cannot be listed, nothing is there, or an extra is missing.
    """
    parts = urlsplit(url)
    store, key = f"{parts.scheme}://{parts.netloc}", unquote(parts.path).strip("/")
    try:
        one, found = patiently(lambda: _asked(opener_for(store), key, lists=parts.scheme != "https"))
    except OSError as error:
        raise UserError(
            f"{url} cannot be listed: {os_reason(error)}.",
            "Check the path, and the credentials that docs/scale.md names.",
        ) from error
    if one is None and not found:
        raise UserError(f"{url} does not exist, or nothing lies below it.", "Check the path.")
    return RemoteListing(store, key, one is None, (one,) if one else tuple(found))


def _asked(opener: Opener, key: str, *, lists: bool) -> tuple[RemoteObject | None, list[RemoteObject]]:
    """The object of this name, or those below it; a web server lists nothing."""
    found = sorted(opener.list(key), key=lambda one: one.key) if lists else []
    return (opener.state(key) if key and not found else None), found
