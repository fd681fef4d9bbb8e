"""Makes text from logs safe to show: printable characters stay, the rest is escaped visibly."""

from __future__ import annotations

QUOTE_LIMIT = 500


def printable(text: str) -> str:
    """``text`` with every character a terminal could obey replaced by its backslash escape.

    Keeps what `str.isprintable` accepts and escapes the rest (ESC, C1, bidi controls, newlines), so the
    result is one line and shows what was there.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def quote(text: str, limit: int = QUOTE_LIMIT) -> str:
    """``text`` cut to ``limit`` characters for quoting, marked where cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def plural(count: int, one: str, many: str = "") -> str:
    """``1 close``, ``2 closes``: a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
