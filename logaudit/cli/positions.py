"""``logaudit positions`` and ``logaudit trades``: what the bot held and closed, as a table."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from logaudit.cli import flags
from logaudit.cli.output_format import chosen_format
from logaudit.cli.reading_flags import reads
from logaudit.cli.root import app, show
from logaudit.core.errors import ExitCode


class PositionsFormat(StrEnum):
    """What positions and trades can print."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


_ENDINGS: Final = {".txt": "table", ".csv": "csv", ".json": "json", ".parquet": "parquet", ".pq": "parquet"}
Form = Annotated[
    PositionsFormat | None,
    typer.Option("--format", help="What to print; by the ending of -o, else a table."),
]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")]


@app.command()
@reads(window=True)
def positions(given: flags.Given, config: str, form: Form = None, output: Output = "") -> None:
    """Print the positions that the logs tell of.

    Exit code: 0, or 3 when no log record was read.
    """
    _print_rows("positions", given, config, form, output)


@app.command()
@reads(window=True)
def trades(given: flags.Given, config: str, form: Form = None, output: Output = "") -> None:
    """Print every close with its row, and every row without a close.

    Exit code: 0, whatever is lost, or 3 when no log record was read.
    """
    _print_rows("trades", given, config, form, output)


def _print_rows(
    what: str, given: flags.Given, config: str, form: PositionsFormat | None, output: str
) -> None:
    """Scans, and prints or writes the positions or the trades."""
    from logaudit.cli import console, run  # noqa: PLC0415 - reading needs imports that --help does not
    from logaudit.renderers import positions as tables  # noqa: PLC0415 - as above

    resolved = run.load_settings(given, config)
    if output:
        console.check_writable([Path(output)], resolved.settings.paths, resolved)
    chosen = chosen_format(form, output, _ENDINGS)  # evidence is named before its ending
    report = run.read(resolved)
    screen = console.Screen.of(sys.stdout, "never")
    data = tables.render(report, what, chosen, width=screen.width, unicode=screen.unicode)
    if output:
        console.write_file(Path(output), data)
    else:
        show(data)
    if not report.summary.records:
        console.say_not_judged(report)
        raise typer.Exit(ExitCode.NOT_JUDGED)
