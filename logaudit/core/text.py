"""Makes text from logs safe to show: printable characters stay, the rest is escaped visibly."""

from __future__ import annotations

from typing import Final

from logaudit.core.secrets.marks import cut, redact

QUOTE_LIMIT = 500

#: What a quotation that was cut ends with.
CUT: Final = "…"
#: Characters behind a cut that are looked at.
_BEHIND: Final = 4096


def printable(text: str) -> str:
    """``text`` with every character a terminal could obey replaced by its backslash escape.

    Keeps what `str.isprintable` accepts and escapes the rest (ESC, C1, bidi controls, newlines), so the
    result is one line and shows what was there.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def quote(text: str, limit: int = QUOTE_LIMIT) -> str:
    """``text`` cut to ``limit`` characters for quoting, marked where cut, credentials redacted.

    Every quotation of a log or ledger passes through here, so that no output can show a credential. What follows
    the cut is looked at, as it tells whether what stands before it is one.
    """
    shown = cut(redact(text[: limit + _BEHIND]), limit, CUT)
    return shown if len(text) <= limit + _BEHIND or shown.endswith(CUT) else shown + CUT


def plural(count: int, one: str, many: str = "") -> str:
    """``1 close``, ``2 closes``: a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
