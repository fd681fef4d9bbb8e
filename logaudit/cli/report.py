"""``logaudit report``: the incident report, for people."""

# ruff: noqa: PLC0415 - reading needs imports that --help does not

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Annotated, Final

import typer

from logaudit.cli import flags
from logaudit.cli.output_format import chosen_format
from logaudit.cli.reading_flags import reads
from logaudit.cli.root import app, show
from logaudit.core.errors import ExitCode
from logaudit.locale import LANGUAGES

if TYPE_CHECKING:
    from logaudit.config import Settings


class ReportFormat(StrEnum):
    """What report can write."""

    MD = "md"
    MARKDOWN = "markdown"
    HTML = "html"


_ENDINGS: Final = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html"}


@app.command()
@reads(window=True)
def report(
    given: flags.Given,
    config: str,
    source: flags.SourceFlag = None,
    recorder: flags.Recorder = None,
    form: Annotated[
        ReportFormat | None, typer.Option("--format", help="What to write; by the ending of -o, else md.")
    ] = None,
    lang: Annotated[flags.LanguageCode, typer.Option("--lang", help="Language of the report.")] = LANGUAGES[
        0
    ],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")] = "",
    require_coverage: flags.RequireCoverage = None,
) -> None:
    """Write the incident report: what was lost, where, most likely why, and the lines that prove it.

    Exit code: 0 when the report was written, whatever is lost; 2 usage error; 3 as in scan: when nothing was judged,
    less is covered than --require-coverage, or a rule failed.
    """
    given |= flags.given({"source": source, "recorder": recorder, "require-coverage": require_coverage})
    text, code = write(given, config, (_name(form), str(lang)), output)
    show(text)
    raise typer.Exit(code)


def _name(form: ReportFormat | None) -> str | None:
    """The format's short name; scan calls Markdown by its whole one."""
    return "md" if form is ReportFormat.MARKDOWN else form


def write(
    flags: Mapping[str, object], config: str, wording: tuple[str | None, str], target: str
) -> tuple[str, int]:
    """What belongs on stdout, and the exit code: the report, or nothing where ``target`` is a file to write instead.

    ``wording`` is the format that was asked for, ``md`` or ``html``, and the language.

    Raises:
        UserError: a wrong setting, or an output that cannot be written.
    """
    import shlex

    from logaudit.audit.policy import apply_policy
    from logaudit.audit.prepare import check
    from logaudit.cli import console, run
    from logaudit.core.verdict import Verdict, verdict_of
    from logaudit.locale import language
    from logaudit.renderers import document, text

    stated, lang = wording
    resolved = run.load_settings(flags, config)
    _, policy = check(resolved)
    settings = resolved.settings
    if target:
        console.check_writable([Path(target)], settings.paths, resolved)
    form = chosen_format(stated, target, _ENDINGS)  # evidence is named before its ending
    reviewed = apply_policy(run.read(resolved, sums=True), policy)
    command = shlex.join(_words(settings, form, lang))
    page = document.render(reviewed, form, lang=lang, command=command)
    if target:
        console.write_file(Path(target), page)
    if language(lang).code != lang:
        console.print_stderr(
            f"No messages in {lang!r} are installed with logaudit: the report is in English."
        )
    if not settings.quiet:
        console.print_stderr(text.summary_line(reviewed))
    console.say_not_judged(reviewed)
    blind = verdict_of(reviewed) is Verdict.NOT_JUDGED
    return "" if target else page, int(ExitCode.NOT_JUDGED if blind else ExitCode.CLEAN)


def _words(settings: "Settings", form: str, lang: str) -> Iterator[str]:
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
        ("--source", _movable(settings.source)),
        ("--recorder", settings.recorder),
        ("--format", form),
        ("--lang", lang),
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
