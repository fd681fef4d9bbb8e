"""What the commands do: scan with progress, render, write files whole, choose the exit code."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from logaudit.errors import ExitCode, UserError
from logaudit.judge import judge
from logaudit.model.finding import Severity
from logaudit.model.outcome import Outcome
from logaudit.outputs import json_v1
from logaudit.outputs import positions as positions_output
from logaudit.outputs import text as text_output
from logaudit.profile import WrittenFormat
from logaudit.pool import Progress
from logaudit.scan import ScanOptions, read_case

_PLAIN_WIDTH = 100
#: Progress appears when a scan takes longer than this, seconds.
_PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class Screen:
    """How a text report may look."""

    color: bool
    width: int
    unicode: bool
    verbose: bool = False

    @classmethod
    def of(cls, stream: TextIO, color: str, *, verbose: bool = False) -> Screen:
        """What ``stream`` can show; ``color`` is auto, always or never. Honours NO_COLOR."""
        terminal = stream.isatty()
        auto = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        encoding = (stream.encoding or "ascii").lower().replace("-", "").replace("_", "")
        return cls(
            color=color == "always" or (color == "auto" and auto),
            width=shutil.get_terminal_size((_PLAIN_WIDTH, 24)).columns if terminal else _PLAIN_WIDTH,
            unicode=encoding.startswith("utf"),
            verbose=verbose,
        )

    @classmethod
    def plain(cls, *, verbose: bool = False) -> Screen:
        """For files: UTF-8, no colour."""
        return cls(color=False, width=_PLAIN_WIDTH, unicode=True, verbose=verbose)


def options(
    profile: str, formats: Sequence[str], datefmt: str, encoding: str, zone: str, jobs: int
) -> ScanOptions:
    """Flags → options; checks what can be checked before reading.

    Raises:
        UserError: an unknown time zone, encoding or format string.
    """
    import codecs  # noqa: PLC0415 - only here

    from logaudit.clocks import fixed_offset  # noqa: PLC0415 - as above
    from logaudit.dialect import compile_format  # noqa: PLC0415 - as above

    if zone:
        fixed_offset(zone, 0)
    if encoding:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise UserError(
                f"There is no encoding named {encoding!r}.", "Try utf-8, cp1251 or cp1252."
            ) from None
    written = tuple(WrittenFormat(f, datefmt) for f in formats)
    for item in written:
        compile_format(item.format, item.datefmt)
    return ScanOptions(profile=profile, formats=written, encoding=encoding, zone=zone, jobs=jobs)


def scan(paths: Sequence[str], chosen: ScanOptions, *, quiet: bool) -> Outcome:
    """Reads and judges, with progress on a terminal's stderr."""
    return judge(read_case(paths, chosen, Progress() if quiet else _progress()))


def render(outcome: Outcome, form: str, screen: Screen) -> str:
    """The outcome in one of scan's formats."""
    if form == "json":
        return json_v1.render(outcome)
    return text_output.render(
        outcome, color=screen.color, width=screen.width, unicode=screen.unicode, verbose=screen.verbose
    )


def render_positions(outcome: Outcome, form: str, screen: Screen) -> str | bytes:
    """The outcome's positions in one of the command's formats."""
    if form == "csv":
        return positions_output.csv(outcome)
    if form == "json":
        return positions_output.json(outcome)
    if form == "parquet":
        return positions_output.parquet(outcome)
    return positions_output.table(outcome, width=screen.width, unicode=screen.unicode)


def summary_line(outcome: Outcome) -> str:
    """One line for stderr."""
    return text_output.summary_line(outcome)


def exit_code(outcome: Outcome, limit: Severity | None) -> int:
    """1 when a finding is at or above ``limit``; None never fails."""
    if limit is not None and any(f.severity.rank <= limit.rank for f in outcome.findings):
        return ExitCode.FINDINGS
    return ExitCode.CLEAN


def parse_outputs(given: Sequence[str], known: Sequence[str]) -> list[tuple[str, Path]]:
    """``FORMAT=FILE`` pairs.

    Raises:
        UserError: a pair is malformed, its format unknown, or its folder missing.
    """
    found: list[tuple[str, Path]] = []
    for item in given:
        form, equals, name = item.partition("=")
        if not equals or not name:
            raise UserError(
                f"--output {item!r} is not FORMAT=FILE.", f"For example json={form or 'report.json'}."
            )
        if form not in known:
            raise UserError(f"--output: unknown format {form!r}.", f"One of: {', '.join(known)}.")
        path = Path(name)
        if not path.parent.is_dir():
            raise UserError(f"--output: there is no folder {path.parent}.", "Create it first.")
        found.append((form, path))
    return found


def write_file(path: Path, data: str | bytes) -> None:
    """Writes to a temporary file beside ``path`` and renames it: never half a file.

    Raises:
        UserError: the place cannot be written.
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as temporary:
            temporary.write(content)
        Path(temporary.name).replace(path)
    except OSError as error:
        with contextlib.suppress(OSError, UnboundLocalError):
            Path(temporary.name).unlink()
        raise UserError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error


def say(line: str) -> None:
    """One line to stderr, whatever its encoding."""
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


class _Bar:
    """A rich progress bar that appears only when patience runs out."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._bar: object | None = None
        self._total = 0
        self._done = 0

    def start(self, _sources: int, size: int) -> None:
        self._total = size

    def step(self, size: int) -> None:
        self._done += size
        if self._bar is None and time.monotonic() - self._began > _PATIENCE:
            self._bar = self._make()
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done)  # type: ignore[attr-defined]

    def finish(self) -> None:
        if self._bar is not None:
            self._bar.stop()  # type: ignore[attr-defined]

    def _make(self) -> object:
        from rich.console import Console  # noqa: PLC0415 - only slow scans pay for it
        from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
        from rich.progress import Progress as RichProgress  # noqa: PLC0415

        bar = RichProgress(
            TextColumn("reading"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = bar.add_task("reading", total=self._total)
        bar.start()
        return bar


def _progress() -> Progress:
    if not sys.stderr.isatty():
        return Progress()
    bar = _Bar()
    return Progress(start=bar.start, step=bar.step, finish=bar.finish)
