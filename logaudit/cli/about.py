"""``logaudit rule`` and ``logaudit profile``: what it knows."""

from typing import Annotated

import typer

from logaudit.cli import completion
from logaudit.cli.root import app, profile_app, show


@app.command()
def rule(
    code: Annotated[
        str,
        typer.Argument(
            help="A code like LA101, or a name.", show_default=False, autocompletion=completion.rules
        ),
    ] = "",
) -> None:
    """Explain a rule, or list all rules."""
    from logaudit import rules  # noqa: PLC0415 - reading needs imports that --help does not

    if code:
        show(rules.find(code).page + "\n")
        return
    width = max(len(r.rule.name) for r in rules.REGISTRY)
    lines = [
        f"{r.rule.code}  {r.rule.name:<{width}}  {r.rule.severity.value:<7}  {r.rule.summary}"
        for r in rules.REGISTRY
    ]
    show("\n".join(lines) + "\n")


@profile_app.command("list")
def profile_list() -> None:
    """List the built-in profiles."""
    from logaudit.profiles import BUILT_IN, load_built_in  # noqa: PLC0415 - as in rule

    show("".join(f"{name:<16} {load_built_in(name).title}\n" for name in BUILT_IN))


@profile_app.command("show")
def profile_show(
    name: Annotated[
        str,
        typer.Argument(help="A built-in profile.", show_default=False, autocompletion=completion.profiles),
    ],
) -> None:
    """Print a built-in profile's TOML, to start your own from."""
    from logaudit.profiles import text_of  # noqa: PLC0415 - as in rule

    show(text_of(name))


@profile_app.command("check")
def profile_check(
    name: Annotated[str, typer.Argument(help="A profile name or TOML file.", show_default=False)],
) -> None:
    """Check a profile: every sample must match."""
    from logaudit.profiles import proven, resolve  # noqa: PLC0415 - as in rule
    from logaudit.profiles.check import check  # noqa: PLC0415 - as in rule

    loaded = proven(resolve(name))
    samples = sum(len(p.samples) for p in loaded.patterns)
    notes = "".join(f"note: {note}\n" for note in check(loaded))
    show(f"{loaded.name}: {len(loaded.patterns)} patterns, {samples} samples, all as stated.\n{notes}")
