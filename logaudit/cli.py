"""The command line: parses flags, calls, prints, exits; it decides nothing."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from logaudit import __version__
from logaudit.errors import ExitCode, UserError
from logaudit.model.finding import Severity

app = typer.Typer(
    name="logaudit",
    help="Finds the trades a trading bot's ledger lost, and the log lines that prove it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
profile_app = typer.Typer(help="The bots logaudit can read.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(profile_app, name="profile")


class ScanFormat(StrEnum):
    """What scan can print."""

    TEXT = "text"
    JSON = "json"


class PositionsFormat(StrEnum):
    """What positions can print."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


class FailOn(StrEnum):
    """From which severity on scan fails."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


Paths = Annotated[
    list[str], typer.Argument(help="Log folders, files, archives or globs.", show_default=False)
]
ProfileFlag = Annotated[
    str, typer.Option("--profile", help="Profile name or TOML file; detected by default.")
]
LogFormat = Annotated[
    list[str], typer.Option("--log-format", help="The bot's own loguru or logging format string; repeatable.")
]
DateFormat = Annotated[str, typer.Option("--date-format", help="The datefmt of a logging --log-format.")]
Encoding = Annotated[str, typer.Option("--encoding", help="Encoding of all text; detected by default.")]
Zone = Annotated[
    str, typer.Option("--tz", help="Time zone of the logs' times, like Europe/Moscow or +03:00.")
]
Jobs = Annotated[int, typer.Option("--jobs", min=0, help="Worker processes; 0 for one a core.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary line.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="All evidence lines.")]
ColorFlag = Annotated[Color, typer.Option("--color", help="When to colour the text report.")]


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it with the flag
    if value:
        typer.echo(f"logaudit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def scan(
    paths: Paths,
    profile: ProfileFlag = "",
    log_format: LogFormat = [],  # noqa: B006 - typer copies it
    date_format: DateFormat = "",
    encoding: Encoding = "",
    tz: Zone = "",
    output_format: Annotated[
        ScanFormat, typer.Option("--output-format", help="What to print.")
    ] = ScanFormat.TEXT,
    output: Annotated[
        list[str], typer.Option("--output", help="FORMAT=FILE: also write a file; repeatable.")
    ] = [],  # noqa: B006 - typer copies it
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="Severity from which to exit 1.")
    ] = FailOn.ERROR,
    jobs: Jobs = 0,
    quiet: Quiet = False,
    verbose: Verbose = False,
    color: ColorFlag = Color.AUTO,
) -> None:
    """Reads logs and ledgers, and prints which trades the ledger lost.

    Exit code: 0 clean, 1 findings at or above --fail-on, 2 usage error, 3 nothing readable to judge.
    """
    from logaudit import commands  # noqa: PLC0415 - reading needs imports that --help does not

    targets = commands.parse_outputs(output, [f.value for f in ScanFormat])
    options = commands.options(profile, log_format, date_format, encoding, tz, jobs)
    outcome = commands.scan(paths, options, quiet=quiet)
    screen = commands.Screen.of(sys.stdout, color.value, verbose=verbose)
    for form, target in targets:
        commands.write_file(target, commands.render(outcome, form, commands.Screen.plain(verbose=verbose)))
    _print(commands.render(outcome, output_format.value, screen))
    if not quiet:
        commands.say(commands.summary_line(outcome))
    limit = None if fail_on is FailOn.NEVER else Severity(fail_on.value)
    raise typer.Exit(commands.exit_code(outcome, limit))


@app.command()
def positions(
    paths: Paths,
    profile: ProfileFlag = "",
    log_format: LogFormat = [],  # noqa: B006 - typer copies it
    date_format: DateFormat = "",
    encoding: Encoding = "",
    tz: Zone = "",
    form: Annotated[PositionsFormat, typer.Option("--format", help="What to print.")] = PositionsFormat.TABLE,
    output: Annotated[str, typer.Option("--output", "-o", help="Write to this file.")] = "",
    jobs: Jobs = 0,
    quiet: Quiet = False,
) -> None:
    """Prints the positions reconstructed from the logs."""
    from logaudit import commands  # noqa: PLC0415 - as in scan

    outcome = commands.scan(
        paths, commands.options(profile, log_format, date_format, encoding, tz, jobs), quiet=quiet
    )
    data = commands.render_positions(outcome, form.value, commands.Screen.of(sys.stdout, "never"))
    if output:
        commands.write_file(Path(output), data)
    elif isinstance(data, bytes):
        sys.stdout.buffer.write(data)
    else:
        _print(data)


@app.command()
def rule(
    code: Annotated[str, typer.Argument(help="A code like LA101, or a name.", show_default=False)] = "",
) -> None:
    """Prints one rule's page, or the list of all rules."""
    from logaudit import rules  # noqa: PLC0415 - as in scan

    if code:
        _print(rules.find(code).page + "\n")
        return
    width = max(len(r.rule.name) for r in rules.REGISTRY)
    lines = [
        f"{r.rule.code}  {r.rule.name:<{width}}  {r.rule.severity.value:<7}  {r.rule.summary}"
        for r in rules.REGISTRY
    ]
    _print("\n".join(lines) + "\n")


@profile_app.command("list")
def profile_list() -> None:
    """Lists the built-in profiles."""
    from logaudit.profile import BUILT_IN, load_built_in  # noqa: PLC0415 - as in scan

    _print("".join(f"{name:<14} {load_built_in(name).title}\n" for name in BUILT_IN))


@profile_app.command("show")
def profile_show(
    name: Annotated[str, typer.Argument(help="A built-in profile.", show_default=False)],
) -> None:
    """Prints a built-in profile's TOML, to start one's own from."""
    from logaudit.profile import text_of  # noqa: PLC0415 - as in scan

    _print(text_of(name))


@profile_app.command("check")
def profile_check(
    name: Annotated[str, typer.Argument(help="A profile name or TOML file.", show_default=False)],
) -> None:
    """Loads a profile, verifies every sample, and advises."""
    from logaudit.profile import resolve  # noqa: PLC0415 - as in scan
    from logaudit.profile.check import check  # noqa: PLC0415 - as in scan

    loaded = resolve(name)
    samples = sum(len(p.samples) for p in loaded.patterns)
    notes = "".join(f"note: {note}\n" for note in check(loaded))
    _print(f"{loaded.name}: {len(loaded.patterns)} patterns, {samples} samples, all as stated.\n{notes}")


def _print(text: str) -> None:
    """Writes text to stdout whatever its encoding: what it cannot show is escaped, never fatal."""
    encoding = sys.stdout.encoding or "utf-8"
    data = text.encode(encoding, "backslashreplace")
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def main() -> NoReturn:
    """Runs the command line; a user's error is one sentence and an exit code, never a traceback."""
    try:
        app(standalone_mode=True)
    except UserError as error:
        _fail(f"logaudit: {error.problem}" + (f"\n  {error.remedy}" if error.remedy else ""), error.code)
    except KeyboardInterrupt:
        _fail("logaudit: interrupted", ExitCode.USAGE)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(ExitCode.USAGE)
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback reaches a user
        _fail(
            f"logaudit: internal error: {type(error).__name__}: {error}\n"
            "  This is a defect of logaudit; set LOGAUDIT_TRACEBACK=1 to see where, and report it.",
            ExitCode.USAGE,
            error,
        )
    sys.exit(0)


def _fail(message: str, code: ExitCode, error: Exception | None = None) -> NoReturn:
    import os  # noqa: PLC0415 - only on failure

    if error is not None and os.environ.get("LOGAUDIT_TRACEBACK"):
        raise error
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(message.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    sys.exit(int(code))
