"""Finds the log folders beneath a project, where the user named none."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from logaudit.core.errors import UserError
from logaudit.core.lazy_pattern import lazy_pattern

_LIKELY: Final = ("logs", "log", "data/logs", "var/log")
_EVIDENCE: Final = lazy_pattern(r"\.log(\.|$)|^trades?[-_.].*\.csv|\.(jsonl|ndjson)$", re.IGNORECASE)
#: Folders that never hold a bot's own logs.
_OTHERS: Final = frozenset({"node_modules", "venv", "env", "site-packages", "__pycache__", "build", "dist"})
_DEPTH: Final = 3


def log_folders(working: Path) -> list[str]:
    """Folders beneath ``working`` that hold logs, relative to it.

    Raises:
        UserError: none is there, or the logs lie in ``working`` itself.
    """
    for name in _LIKELY:
        if _holds(working / name, _DEPTH):
            return [name]
    if _holds(working, 1):
        raise UserError(
            "The logs lie in this folder itself, and settings among the evidence are not used.",
            f"Run it from the folder above: logaudit init {working.name}",
        )
    found = [entry.name for entry in _folders(working) if _holds(entry, _DEPTH - 1)]
    if found:
        return found
    raise UserError("No log folder was found beneath this one.", "Name it: logaudit init FOLDER")


def _holds(folder: Path, depth: int) -> bool:
    """Whether a file that looks like a log or a ledger lies at most ``depth`` levels down."""
    if depth == 0 or not folder.is_dir():
        return False
    try:
        with os.scandir(folder) as entries:
            if any(entry.is_file() and _EVIDENCE.search(entry.name) for entry in entries):
                return True
    except OSError:
        return False
    return any(_holds(child, depth - 1) for child in _folders(folder))


def _folders(folder: Path) -> list[Path]:
    try:
        children = sorted(folder.iterdir())
    except OSError:
        return []
    return [c for c in children if c.is_dir() and not c.name.startswith(".") and c.name not in _OTHERS]
