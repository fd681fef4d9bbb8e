"""The command line: parses flags, calls, prints, exits; it decides nothing.

Its modules do without ``from __future__ import annotations``: typer compiles annotations that are texts, each of
them twice and of all commands whichever is called, which takes longer than the rest of its preparations.
"""

from logaudit.cli.root import app, main, program

__all__ = ["app", "main", "program"]
