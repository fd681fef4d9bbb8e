"""Holds a pattern to its own samples and rejects."""

from __future__ import annotations

from typing import Final

from logaudit.core.errors import ProfileError
from logaudit.profiles.profile import Pattern, Sample
from logaudit.profiles.watchdog import SECONDS, Budget, SlowRegexError

#: What to do about a regex that tries too many ways to match.
BACKTRACKS: Final = "Do not repeat what is itself repeated: write (?>…) or a limit such as {0,20}."


def verify(pattern: Pattern, where: str) -> None:
    """Checks that every sample matches with its stated values, and that no reject does.

    Args:
        pattern: compiled, its literals derived.
        where: file and key, for the message.

    Raises:
        ProfileError: names ``where`` and the sample or reject.
    """
    try:
        _verify(pattern, where)
    except SlowRegexError:
        raise ProfileError(
            f"{where}: regex: its own samples and rejects take longer than {SECONDS:g} s.", BACKTRACKS
        ) from None


def _verify(pattern: Pattern, where: str) -> None:
    budget = Budget()
    if pattern.regex.search("") is not None:
        raise ProfileError(
            f"{where}: regex: it matches an empty line, so it would match every line.",
            "Make a part of it obligatory.",
        )
    for i, sample in enumerate(pattern.samples):
        _sample(pattern, sample, f"{where}: samples[{i}]", budget)
    for i, line in enumerate(pattern.rejects):
        if pattern.read(line, budget) is not None:
            raise ProfileError(
                f"{where}: rejects[{i}]: the regex matches {line!r}, which it must not.", "Narrow the regex."
            )


def _sample(pattern: Pattern, sample: Sample, where: str, budget: Budget) -> None:
    found = pattern.read(sample.line, budget)
    if found is None:
        raise ProfileError(
            f"{where}: the regex does not match {sample.line!r}.", "Mend the regex or the sample."
        )
    for name, value in sample.values.items():
        if found.get(name) != value:
            raise ProfileError(
                f"{where}: {name} is {found.get(name)!r}, not {value!r}, in {sample.line!r}.",
                "Mend the regex or the sample.",
            )
    if pattern.literals and not any(literal in sample.line for literal in pattern.literals):
        raise ProfileError(
            f"{where}: {sample.line!r} holds none of {pattern.literals}, which the regex seems to require.",
            "This is a fault in logaudit; please report it with the profile.",
        )
