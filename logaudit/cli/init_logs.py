"""``logaudit init`` from a folder to files: finds the logs, scans them, writes settings and jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from logaudit.cli import init
from logaudit.cli.run import read, require_something
from logaudit.config import resolve


def start(paths: Sequence[str], flags: Mapping[str, object], wanted: init.Wanted, working: Path) -> list[str]:
    """Writes first settings for a log folder, and the jobs wanted; returns what to tell the user."""
    folders = list(paths) or init.log_folders(working)
    resolved = resolve({**flags, "paths": folders}, {}, working, discover=False)
    init.refuse(folders, wanted, working)
    report = read(resolved)
    require_something(report)
    return init.write(folders, report, resolved.settings.tz, wanted, working)
