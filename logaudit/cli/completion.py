"""What the shell completes: rules, profiles and time zones; typer completes flags, their choices and files itself."""

# ruff: noqa: PLC0415 - loaded when a shell asks

from collections.abc import Iterator


def rules(incomplete: str) -> Iterator[tuple[str, str]]:
    """Codes and names of rules that begin so, with what they say; the last of several words between commas."""
    from logaudit.rules import REGISTRY

    before, comma, word = incomplete.rpartition(",")
    for registered in REGISTRY:
        rule = registered.rule
        for name in (rule.code, rule.name):
            if (word and name.lower().startswith(word.lower())) or (not word and name == rule.code):
                yield before + comma + name, rule.summary


def profiles(incomplete: str) -> Iterator[tuple[str, str]]:
    """Built-in profiles that begin so, with their titles."""
    from logaudit.profiles import BUILT_IN, load_built_in

    for name in BUILT_IN:
        if name.startswith(incomplete):
            yield name, load_built_in(name).title


def zones(incomplete: str) -> Iterator[str]:
    """Time zones that begin so."""
    from zoneinfo import available_timezones

    for name in sorted(available_timezones()):
        if name.startswith(incomplete):
            yield name
