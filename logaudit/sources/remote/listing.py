"""Lists what lies at a URL: an object, or everything below a folder."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from msgspec import Struct

from logaudit.core.errors import UserError
from logaudit.sources.remote.opener import RemoteObject, opener_for
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
    opener = opener_for(store)
    try:
        # A web server lists nothing.
        one = opener.state(key) if key and parts.scheme == "https" else None
        found = [] if one or parts.scheme == "https" else sorted(opener.list(key), key=lambda o: o.key)
        if not found and key and one is None:
            one = opener.state(key)
    except OSError as error:
        raise UserError(
            f"{url} cannot be listed: {os_reason(error)}.",
            "Check the path, and the credentials that docs/scale.md names.",
        ) from error
    if one is None and not found:
        raise UserError(f"{url} does not exist, or nothing lies below it.", "Check the path.")
    return RemoteListing(store, key, one is None, (one,) if one else tuple(found))
