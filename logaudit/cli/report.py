"""``logaudit report``: the incident report, for people."""

from enum import StrEnum
from typing import Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.root import app, show


class ReportFormat(StrEnum):
    """What report can write."""

    MARKDOWN = "md"
    HTML = "html"


class ReportLanguage(StrEnum):
    """Languages of a report."""

    ENGLISH = "en"
    RUSSIAN = "ru"


@app.command()
def report(
    paths: flags.Paths = None,
    profile: flags.ProfileFlag = None,
    log_format: flags.LogFormat = None,
    date_format: flags.DateFormat = "",
    encoding: flags.Encoding = None,
    tz: flags.Zone = None,
    since: flags.Since = None,
    until: flags.Until = None,
    form: Annotated[ReportFormat, typer.Option("--format", help="What to write.")] = ReportFormat.MARKDOWN,
    lang: Annotated[
        ReportLanguage, typer.Option("--lang", help="ReportLanguage of the report.")
    ] = ReportLanguage.ENGLISH,
    output: Annotated[str, typer.Option("--output", "-o", help="Write to this file.")] = "",
    config: flags.Config = "",
    jobs: flags.Jobs = None,
    no_cache: flags.NoCache = None,
    quiet: flags.Quiet = None,
) -> None:
    """Writes the incident report: what was lost, where, most likely why, and the lines that prove it.

    Exit code: 0 when the report was written, whatever it says; 2 usage error; 3 when nothing was judged.
    """
    from logaudit.cli import write_report  # noqa: PLC0415 - reading needs imports that --help does not

    given = flags.reading(
        paths=paths,
        profile=profile,
        log_format=log_format,
        date_format=date_format,
        encoding=encoding,
        tz=tz,
        jobs=jobs,
        no_cache=no_cache,
        quiet=quiet,
        since=since,
        until=until,
    )
    text, code = write_report.report(given, config, write_report.Wording(form.value, lang.value), output)
    show(text)
    raise typer.Exit(code)
