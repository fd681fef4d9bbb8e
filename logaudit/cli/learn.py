"""``logaudit learn``: writes a profile learned from rows that match log lines, or chosen by a person."""

# ruff: noqa: PLC0415 - reading needs imports that --help does not

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.reading_flags import reads
from logaudit.cli.root import app, show
from logaudit.core.errors import ExitCode, UserError

if TYPE_CHECKING:
    from logaudit.audit.pipeline import Reading
    from logaudit.learn import Candidate


@app.command()
@reads(without=("profile", "tz", "no_cache"))
def learn(
    given: flags.Given,
    config: str,
    choose: Annotated[
        str,
        typer.Option(
            "--choose", metavar="NUMBERS", help="Numbers of the listed wordings that tell of closes: 1,3."
        ),
    ] = "",
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")] = "",
) -> None:
    """Learn a bot's profile from ledger rows that match log lines.

    Where no rows match, it lists the wordings that may tell of closes, to choose from. The file says what speaks
    for each choice. Exit code: 0, or 3 when there is no profile.
    """
    from msgspec.structs import replace

    from logaudit.audit.pipeline import read
    from logaudit.audit.prepare import options_of
    from logaudit.cli import console, run

    resolved = run.load_settings(given, config)
    settings = resolved.settings
    if output:
        # The profile in force may be learned anew.
        bare = replace(resolved, settings=replace(settings, profile=""))
        console.check_writable([Path(output)], settings.paths, bare)
    reading = read(settings.paths, options_of(resolved), console.stderr_progress(quiet=settings.quiet))
    text = _first(reading.learned) if reading.learned else _chosen(reading, choose)
    if output:
        console.write_file(Path(output), text.encode())
    else:
        show(text)
    sys.stdout.flush()


def _first(learned: Mapping[str, str]) -> str:
    """The profile of the first bot that was learned."""
    from logaudit.cli.console import print_stderr

    if len(learned) > 1:
        roots = ", ".join(sorted(learned))
        print_stderr(f"logaudit: several bots were learned ({roots}); this is the first.")
    return learned[min(learned)]


def _chosen(reading: "Reading", choose: str) -> str:
    """The profile of the wordings that a person chooses, by ``choose`` or at the terminal."""
    from logaudit.audit.learning import candidates_by_root
    from logaudit.cli.console import print_stderr
    from logaudit.learn import lesson_of_choice, toml_of

    found = candidates_by_root(reading.case.sessions, reading.sources, reading.context)
    if not found:
        why = "the logs' closes are known, or too few rows match lines of one wording"
        if not reading.case.sessions:
            why = "neither a log nor a trades ledger was found"
        print_stderr(f"logaudit: nothing was learned: {why}.")
        raise typer.Exit(ExitCode.NOT_JUDGED)
    listed = found[min(found)]
    base = next(s.profile for s in reading.case.sessions if s.root == min(found))
    if not choose:
        print_stderr("logaudit: nothing was learned: too few rows match lines of one wording.")
        print_stderr("These wordings may tell of closes:")
        for number, one in enumerate(listed, 1):
            print_stderr(
                f"{number:>4}  {one.count} × {_shown(one.text)}\n      {_shown(one.lines[0].message.text)}"
            )
        if sys.stdin.isatty():
            choose = typer.prompt(
                "Which tell of a close that happened? Numbers, or Enter for none", "", err=True
            )
    if not choose.strip():
        print_stderr("Write a profile with those that do: logaudit learn PATHS --choose 1,3 -o bot.toml")
        raise typer.Exit(ExitCode.NOT_JUDGED)
    return toml_of(lesson_of_choice(_picked(listed, choose)), base)


def _picked(listed: Sequence["Candidate"], choose: str) -> "list[Candidate]":
    """The candidates of some numbers.

    Raises:
        UserError: one is no number of the list.
    """
    words = choose.replace(",", " ").split()
    for word in words:
        if not (word.isdecimal() and 1 <= int(word) <= len(listed)):
            raise UserError(f"--choose: {word!r} is no number of the list.", f"There are 1 to {len(listed)}.")
    return [listed[number - 1] for number in sorted({int(word) for word in words})]


def _shown(text: str) -> str:
    from logaudit.core.secrets import Numbering
    from logaudit.core.text import quote

    return Numbering().text(quote(text))
