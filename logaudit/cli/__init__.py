"""The command line: parses flags, calls, prints, exits; it decides nothing."""

from logaudit.cli import about, baseline, cache, diff, positions, report, scan, settings, start
from logaudit.cli.root import app, main

__all__ = [
    "about",
    "app",
    "baseline",
    "cache",
    "diff",
    "main",
    "positions",
    "report",
    "scan",
    "settings",
    "start",
]
