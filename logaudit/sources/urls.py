"""URLs of sources: which are understood, and what of them may be shown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from logaudit.core.errors import UserError

_STORES: Final = frozenset({"s3", "gs", "az", "https"})
_SCHEMES: Final = _STORES | {"sftp"}


def is_url(path: str | Path) -> bool:
    """Whether a path that a user gave is the URL of a source."""
    return isinstance(path, str) and path.partition("://")[0].lower() in _SCHEMES and "://" in path


def checked(url: str) -> str:
    """The URL without a slash at its end.

    Raises:
        UserError: it holds a password or a query, which may be one; neither is shown.
    """
    from urllib.parse import urlsplit  # noqa: PLC0415 - most paths are no URLs

    parts = urlsplit(url)
    if parts.password is not None or parts.query or (parts.username and parts.scheme != "sftp"):
        raise UserError(
            f"A {parts.scheme}:// path holds credentials or a query.",
            "Leave them to the environment (docs/scale.md says which variables are read).",
        )
    if "#" in url:
        raise UserError(f"{url} holds a #, behind which a URL names no place.", "Write it as %23.")
    if not parts.netloc:
        raise UserError(
            f"{url} names no {'host' if parts.scheme == 'sftp' else 'bucket'}.", "Check the path."
        )
    return f"{parts.scheme.lower()}://{parts.netloc}{parts.path}".rstrip("/")


def place_of(url: str) -> Path:
    """A path that is never opened, for labels: the host or bucket, and the folders below it."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - as above

    parts = urlsplit(url)
    return Path(f"/{parts.hostname or parts.netloc}{parts.path}")


def forget_remote() -> None:
    """Ends what this run knows of remote places: their listings, and what was fetched."""
    if (remote := sys.modules.get("logaudit.sources.remote")) is not None:
        remote.clear()
