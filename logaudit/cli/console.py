"""What commands share about the terminal: how it looks, progress, plain output, files written whole."""

# ruff: noqa: PLC0415 - most commands print without rendering or reading

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from msgspec import Struct

from logaudit.core.atomic_write import check_targets, write_all

if TYPE_CHECKING:
    from logaudit.config import Resolved
    from logaudit.core.report import Report
    from logaudit.ingest.executor import Progress

_PLAIN_WIDTH = 100
#: Files that were not read and are named beside the verdict.
_UNREAD_SHOWN = 5
#: GNOME's terminals follow links since 0.50.
_VTE_WITH_LINKS = 5000
_LINK_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio"})
_LINK_TERMS = frozenset({"xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra"})


class Screen(Struct, frozen=True):
    """How a text report may look; ``links`` where the terminal is known to follow them."""

    color: bool
    width: int
    unicode: bool
    verbose: bool = False
    links: bool = False

    @classmethod
    def of(cls, stream: TextIO, color: str, *, verbose: bool = False) -> Screen:
        """What ``stream`` can show; ``color`` is auto, always or never. NO_COLOR wins over FORCE_COLOR."""
        terminal = stream.isatty()
        forced = os.environ.get("FORCE_COLOR", "") not in ("", "0")
        able = terminal and os.environ.get("TERM") != "dumb"
        auto = (forced or able) and not os.environ.get("NO_COLOR")
        colored = color == "always" or (color == "auto" and auto)
        encoding = (stream.encoding or "ascii").lower().replace("-", "").replace("_", "")
        return cls(
            color=colored,
            width=shutil.get_terminal_size((_PLAIN_WIDTH, 24)).columns if terminal else _PLAIN_WIDTH,
            unicode=encoding.startswith("utf"),
            verbose=verbose,
            links=colored and terminal and _knows_links(os.environ),
        )

    @classmethod
    def for_files(cls, *, verbose: bool = False) -> Screen:
        """For files: UTF-8, no colour."""
        return cls(color=False, width=_PLAIN_WIDTH, unicode=True, verbose=verbose)


def _knows_links(environ: Mapping[str, str]) -> bool:
    """Whether the terminal says by its variables that it is one that follows links (OSC 8)."""
    if (forced := environ.get("FORCE_HYPERLINK")) is not None:
        return forced not in {"", "0"}
    vte = environ.get("VTE_VERSION", "")
    return (
        (vte.isdecimal() and int(vte) >= _VTE_WITH_LINKS)
        or environ.get("TERM_PROGRAM") in _LINK_PROGRAMS
        or environ.get("TERM") in _LINK_TERMS
        or any(name in environ for name in ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM"))
    )


def say_not_judged(report: Report) -> None:
    """On stderr where nothing was judged: which files were not read, why nothing was judged, and what to do."""
    from logaudit.core.text import printable
    from logaudit.renderers.not_judged import not_judged, unread

    if told := not_judged(report):
        for line in unread(report, _UNREAD_SHOWN):
            print_stderr(f"logaudit: not read: {printable(line)}")
        print_stderr(f"logaudit: not judged: {told.problem}\n  {told.remedy}")


def check_writable(targets: Sequence[Path], scanned: Sequence[str], resolved: Resolved | None = None) -> None:
    """Checks files that are to be written, before anything is read.

    Raises:
        UserError: one of them is evidence, or what the settings in force say is read, or cannot be written.
    """
    from logaudit.sources.protect import refuse_inputs, refuse_inside_evidence

    refuse_inside_evidence(targets, scanned)
    if targets and resolved is not None:
        refuse_inputs(targets, inputs_of(resolved))
    check_targets(targets)


def inputs_of(resolved: Resolved) -> list[Path]:
    """What is read beside the evidence: settings, profile, known findings and the bot's source."""
    settings = resolved.settings
    named = (settings.profile, settings.baseline, settings.source, settings.source.rpartition("@")[0])
    return [*filter(None, [resolved.file]), *map(Path, filter(None, named))]


def write_file(path: Path, data: str | bytes) -> None:
    """Writes one file whole or not at all.

    Raises:
        UserError: the place cannot be written.
    """
    check_targets([path])
    write_all([(path, data)])


def print_stderr(line: str) -> None:
    """One line to stderr, whatever its encoding, without credentials."""
    from logaudit.core.secrets import Numbering

    line = Numbering().text(line)
    encoding = sys.stderr.encoding or "utf-8"
    if in_actions():
        from logaudit.renderers.github import harmless

        line = harmless(line)
    sys.stderr.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def in_actions() -> bool:
    """Whether this is a step of a GitHub Actions job, whose runner obeys some lines of output."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def stderr_progress(*, quiet: bool) -> Progress:
    """Progress on a terminal's stderr, else none."""
    from logaudit.cli.progress import Progress, on_terminal

    return Progress() if quiet else on_terminal(sys.stderr)
