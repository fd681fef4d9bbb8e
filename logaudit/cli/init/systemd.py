"""Paths as systemd's unit files spell them.

Source: systemd.unit(5), systemd.service(5), systemd.exec(5).
"""

from __future__ import annotations

from logaudit.core.errors import UserError


def directory(path: str) -> str:
    """A value of ``WorkingDirectory=``, which is the rest of the line: neither quotes nor escapes mean anything.

    Raises:
        UserError: no unit file can name the path.
    """
    # Blanks at the end of a line are cut off, and a backslash there joins it to the next one.
    return specifiers(f"{path}/." if path[-1:] in (" ", "\\") else path)


def program(path: str) -> str:
    """The first word of ``ExecStart=``: quoted where it holds a blank, after a ``:`` where a dollar is no variable.

    Raises:
        UserError: no unit file can name the path.
    """
    if set(path) & set("\"'\\"):
        raise UserError(
            f"systemd starts no program with a quote or a backslash in its path: {path!r}.",
            "Install logaudit in another folder, or leave out --systemd.",
        )
    escaped = specifiers(path)
    quoted = f'"{escaped}"' if " " in escaped else escaped
    return f":{quoted}" if "$" in path else quoted


def specifiers(text: str) -> str:
    """The text with its percent signs doubled: a single one begins a specifier.

    Raises:
        UserError: it holds what a line of a unit file cannot.
    """
    if not text.isprintable():
        raise UserError(
            f"A systemd unit cannot name {text!r}: it holds unprintable characters.",
            "Rename the folder, or leave out --systemd.",
        )
    return text.replace("%", "%%")
