"""What commands share: options for reading, scanning with progress, how a terminal looks, plain output."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from msgspec import Struct

from logaudit.config import LogFormatSetting, Resolved, Settings
from logaudit.core.atomic_write import check_targets, write_all
from logaudit.core.errors import UserError

if TYPE_CHECKING:  # what reads, judges and renders loads slowly: each function below asks for what it needs
    from logaudit.audit.options import ScanOptions
    from logaudit.cache import Store
    from logaudit.core.report import Report
    from logaudit.core.time_window import TimeWindow
    from logaudit.ingest.executor import Progress

_PLAIN_WIDTH = 100


class Screen(Struct, frozen=True):
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
    def for_files(cls, *, verbose: bool = False) -> Screen:
        """For files: UTF-8, no colour."""
        return cls(color=False, width=_PLAIN_WIDTH, unicode=True, verbose=verbose)


def options_from_values(
    profile: str, formats: Sequence[str], datefmt: str, encoding: str, zone: str, jobs: int
) -> ScanOptions:
    """Options for reading, of plain values; raises as `options_of` does."""
    written = tuple(LogFormatSetting(format=f, datefmt=datefmt) for f in formats)
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

    from logaudit.audit.options import ScanOptions  # noqa: PLC0415 - said above

    settings = resolved.settings
    if settings.profile:
        from logaudit.profiles import resolve  # noqa: PLC0415 - said above

        with _set_by(resolved, "profile"):
            resolve(settings.profile)
    if settings.tz:
        from logaudit.reconcile.clocks import fixed_offset  # noqa: PLC0415 - said above

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
    written: tuple[WrittenFormat, ...] = ()
    if settings.log_formats:
        from logaudit.logformats import compile_format  # noqa: PLC0415 - said above
        from logaudit.profiles.profile import WrittenFormat  # noqa: PLC0415 - said above

        written = tuple(WrittenFormat(f.format, f.datefmt) for f in settings.log_formats)
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


def _window(resolved: Resolved) -> TimeWindow:
    """What is judged, in the logs' own clock."""
    from logaudit.core.time_window import TimeWindow  # noqa: PLC0415 - said above

    settings = resolved.settings
    if not settings.since and not settings.until:
        return TimeWindow()
    from logaudit.reconcile.clocks import parse_time  # noqa: PLC0415 - said above

    with _set_by(resolved, "since"):
        since = parse_time(settings.since, settings.tz) if settings.since else None
    with _set_by(resolved, "until"):
        until = parse_time(settings.until, settings.tz) if settings.until else None
        if since is not None and until is not None and since >= until:
            raise UserError(f"{settings.until} is not after --since {settings.since}.", "Turn them round.")
    return TimeWindow(since, until)


@contextlib.contextmanager
def _set_by(resolved: Resolved, key: str) -> Iterator[None]:
    """Puts who set a value before what is wrong with it."""
    try:
        yield
    except UserError as error:
        where = f"{resolved.where(key)}: " if resolved.given(key) else ""
        raise type(error)(f"{where}{error.problem}", error.remedy) from None


def scan(paths: Sequence[str], chosen: ScanOptions, *, quiet: bool, store: Store | None = None) -> Report:
    """Reads and judges what is not known from earlier, with progress on a terminal's stderr."""
    from logaudit.audit.pipeline import run  # noqa: PLC0415 - said above

    return run(paths, chosen, partial(_progress, quiet=quiet), store)


def open_cache(settings: Settings) -> Store | None:
    """Where scans are remembered; None where no place is known."""
    from logaudit.cache import VARIABLE, Store, folder_of  # noqa: PLC0415 - said above

    folder = folder_of(os.environ.get(VARIABLE))
    return None if folder is None else Store(folder, settings.cache_size << 20)


def render_positions(report: Report, form: str, screen: Screen) -> str | bytes:
    """The outcome's positions in one of the command's formats."""
    from logaudit.renderers import positions as positions_output  # noqa: PLC0415 - said above

    if form == "csv":
        return positions_output.csv(report)
    if form == "json":
        return positions_output.json(report)
    if form == "parquet":
        return positions_output.parquet(report)
    return positions_output.table(report, width=screen.width, unicode=screen.unicode)


def summary_line(report: Report) -> str:
    """One line for stderr."""
    from logaudit.renderers import text  # noqa: PLC0415 - said above

    return text.summary_line(report)


def say_not_judged(report: Report) -> None:
    """On stderr: that nothing was judged, why, and what to do; nothing where something was."""
    from logaudit.renderers.not_judged import not_judged  # noqa: PLC0415 - said above

    if told := not_judged(report):
        print_stderr(f"logaudit: not judged: {told.problem}\n  {told.remedy}")


def write_file(path: Path, data: str | bytes) -> None:
    """Writes one file whole or not at all.

    Raises:
        UserError: the place cannot be written.
    """
    check_targets([path])
    write_all([(path, data)])


def print_stderr(line: str) -> None:
    """One line to stderr, whatever its encoding."""
    encoding = sys.stderr.encoding or "utf-8"
    if in_actions():
        from logaudit.renderers.github import harmless  # noqa: PLC0415 - said above

        line = harmless(line)
    sys.stderr.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def in_actions() -> bool:
    """Whether this is a step of a GitHub Actions job, whose runner obeys some lines of output."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _progress(*, quiet: bool) -> Progress:
    from logaudit.cli.progress import Progress, on_terminal  # noqa: PLC0415 - said above

    return Progress() if quiet else on_terminal(sys.stderr)
