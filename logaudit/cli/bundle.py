"""``logaudit bundle``: an incident in one file that anybody can check."""

# ruff: noqa: PLC0415 - reading needs imports that --help does not

from pathlib import Path
from typing import Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.reading_flags import reads
from logaudit.cli.root import app, show
from logaudit.core.errors import ExitCode


@app.command()
@reads(window=True, without=("no_cache",))
def bundle(
    given: flags.Given,
    config: str,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="The file to write, like incident.logaudit.zip."),
    ],
    source: flags.SourceFlag = None,
    recorder: flags.Recorder = None,
) -> None:
    """Pack a report and its evidence into one file, for logaudit verify.

    Prints the SHA-256 of the file. Exit code: 0 when it was written, whatever the report says; 2 usage error;
    3 when nothing was judged.
    """
    import hashlib

    from logaudit.audit.bundle.make import make_bundle
    from logaudit.audit.pipeline import read
    from logaudit.audit.prepare import options_of
    from logaudit.cli import console, run
    from logaudit.core.verdict import Verdict, verdict_of

    given |= flags.given({"source": source, "recorder": recorder})
    resolved = run.load_settings(given, config)
    settings = resolved.settings
    options = options_of(resolved)
    target = Path(output)
    console.check_writable([target], settings.paths, resolved)
    data, report = make_bundle(
        read(settings.paths, options, console.stderr_progress(quiet=settings.quiet)), options
    )
    console.write_file(target, data)
    show(f"{hashlib.sha256(data).hexdigest()}  {target.name}\n")
    console.say_not_judged(report)
    blind = verdict_of(report) is Verdict.NOT_JUDGED
    raise typer.Exit(int(ExitCode.NOT_JUDGED if blind else ExitCode.CLEAN))
