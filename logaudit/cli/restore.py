"""``logaudit restore``: the missing rows, as patches."""

# ruff: noqa: PLC0415 - reading needs imports that --help does not

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.reading_flags import reads
from logaudit.cli.root import app, show
from logaudit.core.errors import ExitCode, UserError

if TYPE_CHECKING:
    from logaudit.audit.restore import Restoration


@app.command()
@reads(window=True, without=("no_cache",))
def restore(
    given: flags.Given,
    config: str,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The folder to write to; it must lie outside what is scanned.",
        ),
    ] = "",
    *,
    diff: Annotated[bool, typer.Option("--diff", help="Print the patches, and write nothing.")] = False,
) -> None:
    """Write the lost rows as patches: in the ledger's own format, from what the log tells of their trades.

    A patch for each ledger and provenance.json, which names the log lines behind each row, the cells that stay
    empty, and as TODO(human) what a person must decide. No ledger is changed: "patch -p1 -d COPY < PATCH" applies a
    patch to a copy of the scanned folder. A scan of it then says that the trades were restored.

    Exit code: 0 when it was written, also with nothing to restore; 2 usage error; 3 when nothing was judged.
    """
    from logaudit.audit.build_report import build_report
    from logaudit.audit.pipeline import read
    from logaudit.audit.prepare import options_of
    from logaudit.audit.restore import restore as restore_rows
    from logaudit.cli import console, run
    from logaudit.core.verdict import Verdict, verdict_of

    if not output and not diff:
        raise UserError(
            "restore has nowhere to write to.", "Name a folder with -o, or print the patches with --diff."
        )
    resolved = run.load_settings(given, config)
    settings = resolved.settings
    folder = Path(output)
    if not diff:
        _check_folder(folder, settings.paths)
    reading = read(settings.paths, options_of(resolved), console.stderr_progress(quiet=settings.quiet))
    found = restore_rows(reading)
    if diff:
        show(b"".join(ledger.diff for ledger in found.ledgers))
    elif found.ledgers or found.unrestored:
        _write(folder, found)
    if not settings.quiet:
        console.print_stderr(_summary(found, folder, written=not diff))
    report = build_report(reading.case)
    console.say_not_judged(report)
    blind = verdict_of(report) is Verdict.NOT_JUDGED
    raise typer.Exit(int(ExitCode.NOT_JUDGED if blind else ExitCode.CLEAN))


def _check_folder(folder: Path, scanned: Sequence[str]) -> None:
    from logaudit.sources.protect import refuse_inside_evidence

    refuse_inside_evidence([folder / "provenance.json"], scanned)
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file.", "Name a folder.")


def _write(folder: Path, found: "Restoration") -> None:
    from logaudit.audit.restore import PROVENANCE
    from logaudit.core.atomic_write import check_targets, write_all

    patches = [(folder / f"{ledger.path}.patch", ledger.diff) for ledger in found.ledgers if ledger.diff]
    files = [*patches, (folder / PROVENANCE, found.provenance())]
    try:
        for path, _ in files:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"{folder} cannot be written: {error.strerror or error}.", "Choose another place."
        ) from error
    check_targets([path for path, _ in files])
    write_all(files)


def _summary(found: "Restoration", folder: Path, *, written: bool) -> str:
    from logaudit.core.text import plural

    if not found.rows and not found.unrestored:
        return "logaudit: no row is known to be missing: nothing to restore"
    told = f"logaudit: {plural(found.rows, 'row')} of {plural(len(found.ledgers), 'ledger')} restored"
    told += f" into {folder}" if written else ""
    if found.decisions:
        told += f"; {plural(found.decisions, 'decision')} left to you: search provenance.json for TODO(human)"
    return told + ("\n  Apply: patch -p1 -d COPY_OF_LOGS < PATCH" if written else "")
