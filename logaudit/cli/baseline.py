"""``logaudit baseline``: makes and shows the file of known findings."""

# ruff: noqa: PLC0415 - reading needs imports that --help does not

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from logaudit import __version__
from logaudit.cli import flags
from logaudit.cli.reading_flags import reads
from logaudit.cli.root import baseline_app, show
from logaudit.core.errors import ExitCode


@baseline_app.command("create")
@reads()
def baseline_create(
    given: flags.Given,
    config: str,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="The file to write; replaced when it is there."),
    ] = "logaudit-baseline.json",
    select: flags.Select = None,
    ignore: flags.Ignore = None,
) -> None:
    """Scans, and writes every finding to a file that makes it known: `scan --baseline FILE`.

    Exit code: 0 when it was written, 3 when nothing was judged; without any log or ledger nothing is written.
    """
    given |= flags.given({"select": flags.words(select), "ignore": flags.words(ignore)})
    raise typer.Exit(write_baseline(given, config, output))


def write_baseline(flags: Mapping[str, object], config: str, target: str) -> int:
    """Scans with the settings' rules and suppressions, and writes what is kept as a baseline; the exit code.

    Raises:
        NothingToJudgeError: nothing was read; a baseline that is there stays as it is.
    """
    from logaudit.audit.policy import create
    from logaudit.cli import console, run

    work = run.prepare(
        {**flags, "outputs": [], "baseline": "", "max-age": "", "require-coverage": 0.0}, config
    )
    path = Path(target)
    console.check_writable([path], work.resolved.settings.paths, work.resolved)
    report = run.run_audit(work)
    run.require_something(report)
    console.write_file(path, create(report.findings, __version__))
    if not work.resolved.settings.quiet:
        console.print_stderr(
            f"logaudit: {path} knows {len(report.findings):,} findings. "
            f"Use it: logaudit scan {shlex.join(work.resolved.settings.paths)} --baseline {path}"
        )
    console.say_not_judged(report)
    return int(ExitCode.CLEAN if report.not_judged is None else ExitCode.NOT_JUDGED)


@baseline_app.command("show")
def baseline_show(
    file: Annotated[str, typer.Argument(help="A baseline.", show_default=False)],
) -> None:
    """Print what a baseline knows."""
    from logaudit.audit.policy import load_baseline
    from logaudit.renderers import baseline_text

    loaded = load_baseline(Path(file))
    show(baseline_text.render(loaded.name, loaded.tool_version, loaded.findings))
