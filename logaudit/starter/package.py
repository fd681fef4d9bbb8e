"""What a job must install to get this logaudit: found by how this one was installed."""

from __future__ import annotations

import json
from importlib import metadata
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from logaudit import __version__


def requirement() -> str:
    """A requirement for pip: a commit, a folder or wheel, else the version."""
    try:
        text = metadata.distribution("logaudit").read_text("direct_url.json")
        origin: dict[str, Any] = json.loads(text) if text else {}
    except (metadata.PackageNotFoundError, ValueError):
        origin = {}
    url = str(origin.get("url", ""))
    if vcs := origin.get("vcs_info"):
        return f"logaudit @ {vcs.get('vcs', 'git')}+{url}@{vcs.get('commit_id', '')}"
    if url.startswith("file:"):
        return url2pathname(unquote(urlsplit(url).path))
    return url or f"logaudit=={__version__}"
