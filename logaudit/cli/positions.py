"""``logaudit positions``: what the bot held, reconstructed from its logs."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.root import app, show
from logaudit.core.errors import ExitCode


class PositionsFormat(StrEnum):
    """What positions can print."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


@app.command()
@flags.reads()
def positions(
    given: flags.Given,
    config: str,
    form: Annotated[PositionsFormat, typer.Option("--format", help="What to print.")] = PositionsFormat.TABLE,
    output: Annotated[str, typer.Option("--output", "-o", help="Write to this file.")] = "",
) -> None:
    """Prints the positions reconstructed from the logs.

    Exit code: 0, or 3 when no log record was read.
    """
    from logaudit.cli import console, run  # noqa: PLC0415 - reading needs imports that --help does not
    from logaudit.renderers import positions as positions_output  # noqa: PLC0415 - as above

    resolved = run.load_settings(given, config)
    if output:
        console.check_writable([Path(output)], resolved.settings.paths)
    report = run.read(resolved)
    screen = console.Screen.of(sys.stdout, "never")
    data = positions_output.render(report, form.value, width=screen.width, unicode=screen.unicode)
    if output:
        console.write_file(Path(output), data)
    else:
        show(data)
    if not report.summary.records:
        console.say_not_judged(report)
        raise typer.Exit(ExitCode.NOT_JUDGED)
