"""What a job elsewhere must install to get this logaudit: found by how this one was installed."""

from __future__ import annotations

import json
from importlib import metadata
from typing import Any
from urllib.parse import urlsplit

from logaudit import __version__


def requirement() -> str | None:
    """A requirement for pip: a commit, an address or a version; None where only this machine has what it names."""
    try:
        text = metadata.distribution("logaudit").read_text("direct_url.json")
        origin: dict[str, Any] = json.loads(text) if text else {}
    except (metadata.PackageNotFoundError, ValueError):
        origin = {}
    url = str(origin.get("url", ""))
    if url and not urlsplit(url).hostname:
        return None
    if vcs := origin.get("vcs_info"):
        return f"logaudit @ {vcs.get('vcs', 'git')}+{url}@{vcs.get('commit_id', '')}"
    return url or f"logaudit=={__version__}"
