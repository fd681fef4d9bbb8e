"""Makes text from logs safe to show: printable characters stay, the rest is escaped visibly."""

from __future__ import annotations

from typing import Final

from logaudit.core.secrets.marks import cut, redact

QUOTE_LIMIT = 500

#: Letters and symbols that look like nothing: fillers of Hangul, of Khmer and of Mongolian, the empty Braille cell.
INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
#: What a quotation that was cut ends with.
CUT: Final = "…"
#: Characters behind a cut that are looked at.
_BEHIND: Final = 4096


def is_shown(char: str) -> bool:
    """Whether a character can be seen, or is a space, and no terminal obeys it."""
    return char.isprintable() and char not in INVISIBLE


def printable(text: str) -> str:
    """``text`` with every character that a terminal could obey, or would not show, replaced by its escape.

    Keeps what `str.isprintable` accepts and escapes the rest (ESC, C1, bidi controls, newlines) and blank letters,
    so the result is one line and shows what was there.
    """
    if text.isprintable() and INVISIBLE.isdisjoint(text):
        return text
    return "".join(c if is_shown(c) else c.encode("unicode_escape").decode("ascii") for c in text)


def quote(text: str, limit: int = QUOTE_LIMIT) -> str:
    """``text`` cut to ``limit`` characters for quoting, marked where cut, credentials redacted.

    Every quotation of a log or ledger passes through here, so that no output can show a credential. What follows
    the cut is looked at, as it tells whether what stands before it is one.
    """
    shown = cut(redact(text[: limit + _BEHIND]), limit, CUT)
    return shown if len(text) <= limit + _BEHIND or shown.endswith(CUT) else shown + CUT


def as_text(name: str) -> str:
    """A name of the file system, in which bytes that are no text become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def plural(count: int, one: str, many: str = "") -> str:
    """``1 close``, ``2 closes``: a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
