"""``logaudit init`` from a folder to files: finds the logs, scans them, writes settings and jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from logaudit import starter
from logaudit.config import resolve
from logaudit.job import read


def start(
    paths: Sequence[str], flags: Mapping[str, object], wanted: starter.Wanted, working: Path
) -> list[str]:
    """Writes first settings for a log folder, and the jobs wanted; returns what to tell the user."""
    folders = list(paths) or starter.log_folders(working)
    resolved = resolve({**flags, "paths": folders}, {}, working, discover=False)
    starter.refuse(folders, wanted, working)
    outcome = read(resolved)
    return starter.write(folders, outcome, resolved.settings.tz, wanted, working)
