"""``logaudit extract``: one part of the evidence, read into a file that a scan merges with others."""

# ruff: noqa: PLC0415 - reading needs imports that --help does not

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.reading_flags import reads
from logaudit.cli.root import app, show

if TYPE_CHECKING:
    from logaudit.audit.shards.write import ShardPart


@app.command()
@reads(without=("no_cache", "tz"))
def extract(
    given: flags.Given,
    config: str,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="The shard to write, like shards/3.arrow.")
    ],
    part: Annotated[
        str,
        typer.Option(
            "--part", help="Read only this part of the files, like 3/100 for the third of a hundred."
        ),
    ] = "",
) -> None:
    """Read logs and ledgers into a shard, an Arrow file, for logaudit scan --extracts.

    Jobs on many machines each write one, and one scan judges them all. Exit code: 0 written, 2 usage error.
    """
    from logaudit.audit.prepare import options_of
    from logaudit.audit.shards import write_shard
    from logaudit.cli import console, run

    resolved = run.load_settings(given, config)
    settings = resolved.settings
    target = Path(output)
    wanted = _part(part)
    console.check_writable([target], settings.paths, resolved)
    progress = console.stderr_progress(quiet=settings.quiet)
    count = write_shard(settings.paths, options_of(resolved), target, wanted, progress)
    if not settings.quiet:
        show(f"{target.name}: {count} {'file' if count == 1 else 'files'}\n")


def _part(text: str) -> "ShardPart":
    from logaudit.audit.shards.write import ShardPart
    from logaudit.core.errors import UserError

    number, slash, of = text.partition("/")
    if not text:
        return ShardPart()
    if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise UserError(f"--part {text}: there is no such part.", "Use 1/10 to 10/10 for ten parts.")
    return ShardPart(int(number), int(of))
