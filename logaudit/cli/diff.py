"""``logaudit diff``: what changed between two scans."""

from enum import StrEnum
from typing import Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.root import app, show


class DiffFormat(StrEnum):
    """What diff can print."""

    TEXT = "text"
    JSON = "json"


@app.command()
def diff(
    before: Annotated[
        str, typer.Argument(help="The earlier scan: a scan's JSON file, or logs.", show_default=False)
    ],
    after: Annotated[str, typer.Argument(help="The later one.", show_default=False)],
    form: Annotated[DiffFormat, typer.Option("--format", help="What to print.")] = DiffFormat.TEXT,
    output: Annotated[str, typer.Option("--output", "-o", help="Write to this file.")] = "",
    fail_on: flags.FailOnFlag = None,
    profile: flags.ProfileFlag = None,
    log_format: flags.LogFormat = None,
    date_format: flags.DateFormat = "",
    encoding: flags.Encoding = None,
    tz: flags.Zone = None,
    config: flags.Config = "",
    jobs: flags.Jobs = None,
    no_cache: flags.NoCache = None,
    quiet: flags.Quiet = None,
    verbose: flags.Verbose = None,
    color: flags.ColorFlag = None,
) -> None:
    """Says what is new, gone and unchanged between two scans, and what became of the lost trades.

    Exit code: 1 when a new finding is at or above --fail-on, else 0; 2 and 3 as for scan.
    """
    from logaudit.cli import run  # noqa: PLC0415 - reading needs imports that --help does not

    given = flags.reading(
        paths=[before, after],
        profile=profile,
        log_format=log_format,
        date_format=date_format,
        encoding=encoding,
        tz=tz,
        jobs=jobs,
        no_cache=no_cache,
        quiet=quiet,
    ) | flags.given({"fail-on": fail_on, "verbose": verbose, "color": color})
    text, code = run.difference(given, config, (before, after), form.value, output)
    show(text)
    raise typer.Exit(code)
