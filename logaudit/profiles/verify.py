"""Holds a pattern to its own samples and rejects."""

from __future__ import annotations

from logaudit.core.errors import ProfileError
from logaudit.profiles.profile import Pattern, Sample


def verify(pattern: Pattern, where: str) -> None:
    """Checks that every sample matches with its stated values, and that no reject does.

    Args:
        pattern: compiled, its literals derived.
        where: file and key, for the message.

    Raises:
        ProfileError: names ``where`` and the sample or reject.
    """
    if pattern.regex.search("") is not None:
        raise ProfileError(
            f"{where}: regex: it matches an empty line, so it would match every line.",
            "Make a part of it obligatory.",
        )
    for i, sample in enumerate(pattern.samples):
        _sample(pattern, sample, f"{where}: samples[{i}]")
    for i, line in enumerate(pattern.rejects):
        if pattern.read(line) is not None:
            raise ProfileError(
                f"{where}: rejects[{i}]: the regex matches {line!r}, which it must not.", "Narrow the regex."
            )


def _sample(pattern: Pattern, sample: Sample, where: str) -> None:
    found = pattern.read(sample.line)
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
