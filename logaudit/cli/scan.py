"""``logaudit scan``: the check itself."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from logaudit.cli import flags
from logaudit.cli.reading_flags import reads
from logaudit.cli.root import app, show
from logaudit.renderers.registry import formats

if TYPE_CHECKING:
    ScanFormat: TypeAlias = str
else:  # the registry is not known to type checkers
    ScanFormat = StrEnum("ScanFormat", {name.upper(): name for name in formats()})


@app.command()
@reads(window=True)
def scan(
    given: flags.Given,
    config: str,
    extracts: Annotated[
        list[str] | None,
        typer.Option(
            "--extracts",
            metavar="FILES",
            help="Shards of logaudit extract to scan in place of PATHS; a pattern, repeatable.",
        ),
    ] = None,
    source: flags.SourceFlag = None,
    recorder: flags.Recorder = None,
    output_format: Annotated[
        ScanFormat | None,
        typer.Option(
            "--format",
            "--output-format",
            metavar="FORMAT",
            help=f"What to print: {', '.join(formats())}; text by default.",
            rich_help_panel=flags.OUTPUT,
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Also write this file, its format by its ending or as FORMAT=FILE; repeatable.",
            rich_help_panel=flags.OUTPUT,
        ),
    ] = None,
    fail_on: flags.FailOnFlag = None,
    min_severity: Annotated[
        flags.MinSeverity | None,
        typer.Option(
            "--min-severity",
            metavar="SEVERITY",
            help="Lowest severity that is shown: error, warning or note (default).",
            rich_help_panel=flags.OUTPUT,
        ),
    ] = None,
    select: flags.Select = None,
    ignore: flags.Ignore = None,
    baseline: flags.BaselineFlag = None,
    require_coverage: flags.RequireCoverage = None,
    max_age: Annotated[
        str | None,
        typer.Option(
            "--max-age",
            metavar="AGE",
            help="How old the newest log line may be, like 26h.",
            rich_help_panel=flags.JUDGING,
        ),
    ] = None,
    exit_zero: Annotated[
        bool | None,
        typer.Option(
            "--exit-zero", help="Exit 0 even when findings would fail.", rich_help_panel=flags.JUDGING
        ),
    ] = None,
    *,
    verbose: flags.Verbose = None,
    color: flags.ColorFlag = None,
    now: Annotated[
        str, typer.Option("--now", hidden=True, help="The moment that --max-age counts from.")
    ] = "",
) -> None:
    """Find the trades that the ledger lost, and the log lines that prove it.

    Exit code: 0 clean, 1 findings at or above --fail-on or logs older than --max-age, 2 usage error,
    3 nothing was judged: nothing readable, no ledger beside the closes, nothing recognised, or less covered
    than --require-coverage. The report is printed all the same.
    """
    from logaudit.cli import run  # noqa: PLC0415 - reading needs imports that --help does not

    given |= flags.given(
        {
            "source": source,
            "recorder": recorder,
            "output-format": output_format,
            "outputs": output or None,
            "fail-on": fail_on,
            "min-severity": min_severity,
            "select": flags.words(select),
            "ignore": flags.words(ignore),
            "baseline": baseline,
            "require-coverage": require_coverage,
            "max-age": max_age,
            "exit-zero": exit_zero,
            "verbose": verbose,
            "color": color,
        }
    )
    work = run.prepare(given, config, now, extracts or ())
    report = run.run_audit(work)
    show(run.deliver(work, report))
    raise typer.Exit(run.finish(work, report))
