"""``logaudit learn``: a profile for a bot that none knows, from ledger rows that match its log lines."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.root import app, show
from logaudit.core.errors import ExitCode


@app.command()
def learn(
    paths: flags.Paths = None,
    log_format: flags.LogFormat = None,
    date_format: flags.DateFormat = "",
    encoding: flags.Encoding = None,
    output: Annotated[str, typer.Option("--output", "-o", help="Write to this file.")] = "",
    config: flags.Config = "",
    jobs: flags.Jobs = None,
    quiet: flags.Quiet = None,
) -> None:
    """Writes a profile learned from ledger rows that match log lines.

    The file says what speaks for each choice. Exit code: 0, or 3 when nothing was learned.
    """
    from logaudit.audit.pipeline import read  # noqa: PLC0415 - reading needs imports that --help does not
    from logaudit.audit.prepare import options_of  # noqa: PLC0415 - as above
    from logaudit.cli import console, run  # noqa: PLC0415 - as above

    given = flags.reading(
        paths=paths,
        profile=None,
        log_format=log_format,
        date_format=date_format,
        encoding=encoding,
        tz=None,
        jobs=jobs,
        no_cache=None,
        quiet=quiet,
    )
    resolved = run.load_settings(given, config)
    settings = resolved.settings
    if output:
        console.check_writable([Path(output)], settings.paths)
    progress = console.stderr_progress(quiet=settings.quiet)
    learned = read(settings.paths, options_of(resolved), progress).learned
    if not learned:
        console.print_stderr(
            "logaudit: nothing was learned: the logs' closes are known, or too few rows match lines of one wording."
        )
        raise typer.Exit(ExitCode.NOT_JUDGED)
    if len(learned) > 1:
        roots = ", ".join(sorted(learned))
        console.print_stderr(f"logaudit: several bots were learned ({roots}); this is the first.")
    text = learned[min(learned)]
    if output:
        console.write_file(Path(output), text.encode())
    else:
        show(text)
    sys.stdout.flush()
