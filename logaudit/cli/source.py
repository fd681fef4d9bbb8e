"""``logaudit source``: which paths of the bot's code record a close, from its source alone."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.root import app, show

if TYPE_CHECKING:
    from logaudit.renderers.style import RenderStyle


class SourceFormat(StrEnum):
    """What source can print."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


@app.command()
def source(
    where: Annotated[
        str,
        typer.Argument(metavar="DIR|REPO[@REV]", help="The bot's source; OLD..NEW as the revision compares."),
    ],
    profile: flags.ProfileFlag = None,
    recorder: flags.Recorder = None,
    form: Annotated[SourceFormat, typer.Option("--format", help="What to print.")] = SourceFormat.TEXT,
) -> None:
    """Find the closes in the bot's source that are never recorded; nothing of it is run.

    Exit code: 0 no blind path, 1 blind paths, 2 usage error, 3 no recorder or no close was found.
    """
    from logaudit.audit.source_report import analyze_source, source_report  # noqa: PLC0415 - reading loads slowly
    from logaudit.core.errors import ExitCode  # noqa: PLC0415 - as above
    from logaudit.renderers import code_text  # noqa: PLC0415 - as above

    analysis, changes = analyze_source(where, profile or "", recorder or "")
    show(code_text.render(source_report(analysis), changes, form.value, _style()))
    blind = ExitCode.FINDINGS if analysis.blind else ExitCode.CLEAN
    raise typer.Exit(blind if analysis.sites else ExitCode.NOT_JUDGED)


def _style() -> "RenderStyle":
    from logaudit.cli.console import Screen  # noqa: PLC0415 - as above
    from logaudit.renderers.style import RenderStyle  # noqa: PLC0415 - as above
    from logaudit.rules import rulebook  # noqa: PLC0415 - as above

    screen = Screen.of(sys.stdout, "auto")
    return RenderStyle(color=screen.color, width=screen.width, unicode=screen.unicode, rulebook=rulebook)
