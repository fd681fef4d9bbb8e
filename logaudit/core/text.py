"""Makes text from logs safe to show: printable characters stay, the rest is escaped visibly."""

from __future__ import annotations

import re
from typing import Final

QUOTE_LIMIT = 500

#: A credential is told by the name it is given: scanners for random-looking text flag every order id.
_CREDENTIAL: Final = re.compile(
    r"(?i)\b(api[ _-]?(?:key|secret)|secret(?:[ _-]?key)?|passphrase|password|signature|listen[ _-]?key"
    r"|(?:access|auth)[ _-]?token|OK-ACCESS-(?:KEY|SIGN|PASSPHRASE)|X-MBX-APIKEY|Authorization)"
    r"(['\"]?\s*[:=]\s*['\"]?)(?:(?:Bearer|Basic)\s+)?[^\s'\",;&}]{4,}"
)
_REDACTED: Final = "«redacted»"
#: Every name holds one of these, however its letters are written: the search for names takes ten times as long.
_STEMS: Final = ("api", "ecret", "phra", "word", "ignature", "ten", "token", "acce", "authorization")
#: What a quotation that was cut ends with.
CUT: Final = "…"


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

    Every quotation of a log or ledger passes through here, so that no output can show a credential.
    """
    return redact(text if len(text) <= limit else text[: limit - 1] + CUT)


def redact(text: str) -> str:
    """``text`` with the values of credentials (by key name) replaced; order ids and prices stay."""
    if not may_hold_credential(text):
        return text
    return _CREDENTIAL.sub(rf"\1\2{_REDACTED}", text)


def may_hold_credential(text: str) -> bool:
    """Whether `redact` may change ``text``: a quick look that errs on the safe side."""
    lower = text.lower()
    for stem in _STEMS:  # noqa: SIM110 - asked of every line that is quoted, and a generator takes twice as long
        if stem in lower:
            return True
    return False


def plural(count: int, one: str, many: str = "") -> str:
    """``1 close``, ``2 closes``: a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
