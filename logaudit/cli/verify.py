"""``logaudit verify``: whether what a bundle says still holds."""

# ruff: noqa: PLC0415 - reading needs imports that --help does not

from pathlib import Path
from typing import Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.root import app, show
from logaudit.core.errors import ExitCode, UserError
from logaudit.locale import LANGUAGES


@app.command()
def verify(
    bundle: Annotated[str, typer.Argument(help="A file that logaudit bundle wrote.", show_default=False)],
    logs: Annotated[
        list[str] | None,
        typer.Argument(help="Its logs, to derive everything from them as well.", show_default=False),
    ] = None,
    lang: Annotated[flags.LanguageCode, typer.Option("--lang", help="Language of what is said.")] = LANGUAGES[
        0
    ],
    jobs: flags.Jobs = None,
    quiet: flags.Quiet = None,
) -> None:
    """Check that every finding of a bundle still follows from its evidence.

    Without the logs: from the extracts in the bundle. With them: also from the logs, whose hashes are compared.
    Exit code: 0 everything holds, 1 something does not, 2 usage error.
    """
    from logaudit.audit.bundle.verify import verify as check
    from logaudit.cli import console
    from logaudit.core.bounded_read import MADE, read_bounded
    from logaudit.locale import language
    from logaudit.renderers.verification_text import render

    try:
        data = read_bounded(Path(bundle), MADE)
    except OSError as error:
        raise UserError(f"{bundle} cannot be read: {error.strerror or error}.", "Check the path.") from None
    progress = console.stderr_progress(quiet=bool(quiet))
    found = check(data, logs or [], jobs=jobs or 0, progress=progress)
    show(render(found, Path(bundle).name, language(str(lang))))
    raise typer.Exit(int(ExitCode.FINDINGS if found.faults else ExitCode.CLEAN))
