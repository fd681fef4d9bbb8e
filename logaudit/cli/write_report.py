"""One report from settings to a file: settle, read, write it whole, and say how to make it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from msgspec import Struct

from logaudit.cli import run
from logaudit.cli.options import print_stderr, say_not_judged, summary_line, write_file
from logaudit.config.settings import Settings
from logaudit.core.errors import ExitCode
from logaudit.core.verdict import Verdict, verdict_of
from logaudit.locale import language
from logaudit.renderers import document as report_output


class Wording(Struct, frozen=True):
    """How a report is written: ``md`` or ``html``, in ``en`` or ``ru``."""

    form: str
    lang: str


def report(flags: Mapping[str, object], config: str, wording: Wording, target: str) -> tuple[str, int]:
    """What belongs on stdout, and the exit code: the report, or nothing where ``target`` is a file to write instead.

    Raises:
        UserError: a wrong setting, or an output that cannot be written.
    """
    resolved = run.load_settings(flags, config)
    run.check(resolved)
    settings = resolved.settings
    if target:
        run.check_writable([Path(target)], settings.paths)
    outcome = run.read(resolved, sums=True)
    command = shlex.join(_words(settings, wording))
    text = report_output.render(outcome, wording.form, lang=wording.lang, command=command)
    if target:
        write_file(Path(target), text)
    if language(wording.lang).code != wording.lang:
        print_stderr(
            f"No messages in {wording.lang!r} are installed with logaudit: the report is in English."
        )
    if not settings.quiet:
        print_stderr(summary_line(outcome))
    say_not_judged(outcome)
    blind = verdict_of(outcome) is Verdict.NOT_JUDGED
    return "" if target else text, int(ExitCode.NOT_JUDGED if blind else ExitCode.CLEAN)


def _words(settings: Settings, wording: Wording) -> Iterator[str]:
    """The command that makes the same report of the same input; what does not change it is left out."""
    yield from ("logaudit", "report", *map(_movable, settings.paths))
    datefmt = next((written.datefmt for written in settings.log_formats if written.datefmt), "")
    flags = [
        ("--profile", settings.profile),
        *(("--log-format", written.format) for written in settings.log_formats),
        ("--date-format", datefmt),
        ("--encoding", settings.encoding),
        ("--tz", settings.tz),
        ("--since", settings.since),
        ("--until", settings.until),
        ("--format", wording.form),
        ("--lang", wording.lang),
    ]
    for flag, value in flags:
        if value:
            yield from (flag, value)


def _movable(path: str) -> str:
    """A path as given; one from the root of a file system is cut to its name.

    Where a folder lies differs between machines, what it holds does not: the report says so beside it.
    """
    for kind in (PurePosixPath, PureWindowsPath):
        if kind(path).is_absolute():
            return kind(path).name or path
    return path
