"""``logaudit baseline``: makes and shows the file of known findings."""

from pathlib import Path
from typing import Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.root import baseline_app, show


@baseline_app.command("create")
def baseline_create(
    paths: flags.Paths = None,
    output: Annotated[
        str, typer.Option("--output", "-o", help="The file to write; replaced when it is there.")
    ] = "logaudit-baseline.json",
    profile: flags.ProfileFlag = None,
    log_format: flags.LogFormat = None,
    date_format: flags.DateFormat = "",
    encoding: flags.Encoding = None,
    tz: flags.Zone = None,
    select: flags.Select = None,
    ignore: flags.Ignore = None,
    config: flags.Config = "",
    jobs: flags.Jobs = None,
    no_cache: flags.NoCache = None,
    quiet: flags.Quiet = None,
) -> None:
    """Scans, and writes every finding to a file that makes it known: `scan --baseline FILE`.

    Exit code: 0 when it was written, 3 when nothing was judged; without any log or ledger nothing is written.
    """
    from logaudit.cli import run  # noqa: PLC0415 - reading needs imports that --help does not

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
    ) | flags.given({"select": flags.words(select), "ignore": flags.words(ignore)})
    raise typer.Exit(run.write_baseline(given, config, output))


@baseline_app.command("show")
def baseline_show(
    file: Annotated[str, typer.Argument(help="A baseline.", show_default=False)],
) -> None:
    """Prints what a baseline knows."""
    from logaudit.audit.policy import load_baseline  # noqa: PLC0415 - as in baseline_create
    from logaudit.renderers import baseline_text  # noqa: PLC0415 - as in baseline_create

    loaded = load_baseline(Path(file))
    show(baseline_text.render(loaded.name, loaded.tool_version, loaded.findings))
