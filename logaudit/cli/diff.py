"""``logaudit diff``: what changed between two scans."""

# ruff: noqa: PLC0415 - reading needs imports that --help does not

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from logaudit.cli import flags
from logaudit.cli.output_format import chosen_format
from logaudit.cli.reading_flags import reads
from logaudit.cli.root import app, show
from logaudit.core.errors import ExitCode


class DiffFormat(StrEnum):
    """What diff can print."""

    TEXT = "text"
    JSON = "json"


_ENDINGS: Final = {".txt": "text", ".json": "json"}


@app.command()
@reads(without=("paths",))
def diff(
    given: flags.Given,
    config: str,
    before: Annotated[
        str, typer.Argument(help="The earlier scan: a scan's JSON file, or logs.", show_default=False)
    ],
    after: Annotated[str, typer.Argument(help="The later one.", show_default=False)],
    form: Annotated[
        DiffFormat | None, typer.Option("--format", help="What to print; by the ending of -o, else text.")
    ] = None,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")] = "",
    fail_on: flags.FailOnFlag = None,
    *,
    verbose: flags.Verbose = None,
    color: flags.ColorFlag = None,
) -> None:
    """Compare two scans: what is new, gone and unchanged, and what became of the lost trades.

    Exit code: 1 when a new finding is at or above --fail-on, else 0; 2 and 3 as for scan.
    """
    given |= flags.given({"fail-on": fail_on, "verbose": verbose, "color": color})
    text, code = difference(given, config, (before, after), form, output)
    show(text)
    raise typer.Exit(code)


def difference(
    flags: Mapping[str, object], config: str, sides: tuple[str, str], stated: str | None, target: str
) -> tuple[str, int]:
    """What belongs on stdout, and the exit code; ``target`` is a file to write instead, or empty.

    ``stated`` is the format that was asked for.
    """
    from msgspec.structs import replace

    from logaudit.audit.diff import compare, is_saved, of_report, saved
    from logaudit.audit.policy import apply_policy
    from logaudit.audit.prepare import check
    from logaudit.cli import console, run
    from logaudit.core.finding import Severity
    from logaudit.renderers import diff_json, diff_text

    scanned = [side for side in sides if not is_saved(side)]
    given = {**flags, "paths": scanned, "outputs": [], "baseline": "", "max-age": "", "require-coverage": 0.0}
    resolved = run.load_settings(given, config)
    options, policy = check(resolved)
    settings = resolved.settings
    if target:
        console.check_writable([Path(target)], sides, resolved)
    form = chosen_format(stated, target, _ENDINGS)  # evidence is named before its ending
    bare = replace(options, sums=False)
    before, after = (
        saved(side)
        if is_saved(side)
        else of_report(apply_policy(run.scan([side], bare, settings), policy), side)
        for side in sides
    )
    found = compare(before, after)
    screen = console.Screen.for_files() if target else console.Screen.of(sys.stdout, settings.color)
    text = diff_json.render(found) if form == "json" else diff_text.render(
        found, color=screen.color, width=screen.width, unicode=screen.unicode, verbose=settings.verbose
    )  # fmt: skip
    limit = None if settings.fail_on == "never" else Severity(settings.fail_on)
    failed = limit is not None and any(known.severity.rank <= limit.rank for known in found.new)
    blind = [scan.side.label for scan in (before, after) if not scan.judged]
    code = int(ExitCode.FINDINGS if failed else ExitCode.NOT_JUDGED if blind else ExitCode.CLEAN)
    for label in blind:
        console.print_stderr(
            f"logaudit: {label} was not judged, so what is new or gone beside it says little."
        )
    if target:
        console.write_file(Path(target), text)
        return "", code
    if console.in_actions():
        from logaudit.renderers import github

        text = text.replace("##[", "##\\u005b") if form == "json" else github.harmless(text)
    return text, code
