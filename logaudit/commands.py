"""What commands share: options for reading, scanning with progress, how a terminal looks, plain output."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from logaudit.config import LogFormat, Resolved, Settings
from logaudit.errors import UserError
from logaudit.files import check_targets, write_all
from logaudit.garbage import collected

if TYPE_CHECKING:  # what reads, judges and renders loads slowly: each function below asks for what it needs
    from logaudit.case import Window
    from logaudit.model.outcome import Outcome
    from logaudit.pool import Progress
    from logaudit.scan import ScanOptions

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
    """Options for reading, of plain values; raises as `options_of` does."""
    written = tuple(LogFormat(format=f, datefmt=datefmt) for f in formats)
    return options_of(
        Resolved(
            Settings(profile=profile, log_formats=written, encoding=encoding, tz=zone, jobs=jobs), {}, None
        )
    )


def options_of(resolved: Resolved) -> ScanOptions:
    """Settings → options for reading; checks what can be checked before reading.

    Raises:
        UserError: an unknown profile, time zone, encoding or format string; says who set it.
    """
    import codecs  # noqa: PLC0415 - said above

    from logaudit.profile import WrittenFormat  # noqa: PLC0415 - said above
    from logaudit.scan import ScanOptions  # noqa: PLC0415 - said above

    settings = resolved.settings
    if settings.profile:
        from logaudit.profile import resolve  # noqa: PLC0415 - said above

        with _set_by(resolved, "profile"):
            resolve(settings.profile)
    if settings.tz:
        from logaudit.clocks import fixed_offset  # noqa: PLC0415 - said above

        with _set_by(resolved, "tz"):
            fixed_offset(settings.tz, 0)
    if settings.encoding:
        with _set_by(resolved, "encoding"):
            try:
                codecs.lookup(settings.encoding)
            except LookupError:
                raise UserError(
                    f"There is no encoding named {settings.encoding!r}.", "Try utf-8, cp1251 or cp1252."
                ) from None
    written = tuple(WrittenFormat(f.format, f.datefmt) for f in settings.log_formats)
    if written:
        from logaudit.dialect import compile_format  # noqa: PLC0415 - said above

        with _set_by(resolved, "log-formats"):
            for item in written:
                compile_format(item.format, item.datefmt)
    return ScanOptions(
        profile=settings.profile,
        formats=written,
        encoding=settings.encoding,
        zone=settings.tz,
        jobs=settings.jobs,
        window=_window(resolved),
    )


def _window(resolved: Resolved) -> Window:
    """What is judged, in the logs' own clock."""
    from logaudit.case import Window  # noqa: PLC0415 - said above
    from logaudit.clocks import moment  # noqa: PLC0415 - said above

    settings = resolved.settings
    with _set_by(resolved, "since"):
        since = moment(settings.since, settings.tz) if settings.since else None
    with _set_by(resolved, "until"):
        until = moment(settings.until, settings.tz) if settings.until else None
        if since is not None and until is not None and since >= until:
            raise UserError(f"{settings.until} is not after --since {settings.since}.", "Turn them round.")
    return Window(since, until)


@contextlib.contextmanager
def _set_by(resolved: Resolved, key: str) -> Iterator[None]:
    """Puts who set a value before what is wrong with it."""
    try:
        yield
    except UserError as error:
        where = f"{resolved.where(key)}: " if resolved.given(key) else ""
        raise type(error)(f"{where}{error.problem}", error.remedy) from None


def scan(paths: Sequence[str], chosen: ScanOptions, *, quiet: bool) -> Outcome:
    """Reads and judges, with progress on a terminal's stderr."""
    from logaudit.judge import judge  # noqa: PLC0415 - said above
    from logaudit.pool import Progress  # noqa: PLC0415 - said above
    from logaudit.scan import read_case  # noqa: PLC0415 - said above

    with collected():
        case = read_case(paths, chosen, Progress() if quiet else _progress())
    return judge(case)


def render_positions(outcome: Outcome, form: str, screen: Screen) -> str | bytes:
    """The outcome's positions in one of the command's formats."""
    from logaudit.outputs import positions as positions_output  # noqa: PLC0415 - said above

    if form == "csv":
        return positions_output.csv(outcome)
    if form == "json":
        return positions_output.json(outcome)
    if form == "parquet":
        return positions_output.parquet(outcome)
    return positions_output.table(outcome, width=screen.width, unicode=screen.unicode)


def summary_line(outcome: Outcome) -> str:
    """One line for stderr."""
    from logaudit.outputs import text  # noqa: PLC0415 - said above

    return text.summary_line(outcome)


def write_file(path: Path, data: str | bytes) -> None:
    """Writes one file whole or not at all.

    Raises:
        UserError: the place cannot be written.
    """
    check_targets([path])
    write_all([(path, data)])


def say(line: str) -> None:
    """One line to stderr, whatever its encoding."""
    encoding = sys.stderr.encoding or "utf-8"
    if in_actions():
        from logaudit.outputs.github import harmless  # noqa: PLC0415 - said above

        line = harmless(line)
    sys.stderr.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def in_actions() -> bool:
    """Whether this is a step of a GitHub Actions job, whose runner obeys some lines of output."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


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
    from logaudit.pool import Progress  # noqa: PLC0415 - said above

    if not sys.stderr.isatty():
        return Progress()
    bar = _Bar()
    return Progress(start=bar.start, step=bar.step, finish=bar.finish)
