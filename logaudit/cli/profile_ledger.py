"""``logaudit profile ledger``: what is understood of a table, and the settings that state it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.reading_flags import reads
from logaudit.cli.root import profile_app, show
from logaudit.core.errors import ExitCode

if TYPE_CHECKING:
    from logaudit.reconcile.reconciled import Case


@profile_app.command("ledger")
@reads(
    without=(
        "paths",
        "log_format",
        "date_format",
        "tz",
        "follow_links",
        "jobs",
        "executor",
        "no_cache",
        "quiet",
    )
)
def profile_ledger(
    given: flags.Given,
    config: str,
    file: Annotated[
        str, typer.Argument(help="A table: CSV, SQLite, JSON, XLSX or Parquet.", show_default=False)
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write the [[ledgers]] lines to this file.")
    ] = "",
) -> None:
    """Shows what is understood of a table, column by column, and its first rows.

    Ends with the [[ledgers]] lines for logaudit.toml. Exit code: 0, or 3 when no ledger is understood in it.
    """
    from logaudit.audit.pipeline import read_case  # noqa: PLC0415 - reading needs imports that --help does not
    from logaudit.audit.prepare import options_of  # noqa: PLC0415 - as above
    from logaudit.cli import console, run  # noqa: PLC0415 - as above

    given |= {"paths": [file], "jobs": 1, "executor": "", "no-cache": True, "quiet": True}
    resolved = run.load_settings(given, config)
    if output:
        console.check_writable([Path(output)], resolved.settings.paths, resolved)
    case = read_case(resolved.settings.paths, options_of(resolved))
    texts = [*_sections(case)]
    understood = any(session.ledgers for session in case.sessions)
    if not texts:
        console.print_stderr(f"logaudit: {file} holds no table that may be a ledger.")
        raise typer.Exit(ExitCode.NOT_JUDGED)
    show("\n\n".join("\n".join(lines) for lines in texts) + "\n")
    if output:
        stated = ["\n".join(lines[lines.index("[[ledgers]]") :]) for lines in texts if "[[ledgers]]" in lines]
        console.write_file(Path(output), ("\n\n".join(stated) + "\n").encode())
    if not understood:
        raise typer.Exit(ExitCode.NOT_JUDGED)


def _sections(case: "Case") -> Iterator[list[str]]:
    """What is said of each table and each file that could not be read."""
    from logaudit.ledger.describe import describe_ledger, describe_unknown  # noqa: PLC0415 - as above

    for session in case.sessions:
        for ledger in session.ledgers:
            yield [*describe_ledger(ledger.ledger, ledger.address.member or ledger.address.path)]
        for other in session.evidence.others:
            if other.table is not None:
                yield [*describe_unknown(other.table, other.address.member or other.address.path)]
    for problem in case.problems:
        yield [f"{problem.address}: {problem.detail}"]
