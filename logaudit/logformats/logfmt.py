"""Lines of ``key=value`` pairs, as logfmt writes them: ``time=… level=info msg="position closed" symbol=BTC``."""

from __future__ import annotations

import re
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern

#: A value in double quotes with escapes, or one without blanks. Alternatives exclude each other: linear time.
_PAIR: Final = lazy_pattern(r'([A-Za-z_@][\w.\-@]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?:\s+|$)', re.ASCII)
_ESCAPED: Final = lazy_pattern(r"\\(.)")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r"}


def pairs(line: str) -> dict[str, object] | None:
    """The pairs of a line that holds nothing else; None for any other line."""
    found: dict[str, object] = {}
    at, text = 0, line.strip()
    while at < len(text):
        pair = _PAIR.match(text, at)
        if pair is None:
            return None
        found.setdefault(pair[1], _value(pair[2]))
        at = pair.end()
    return found or None


def _value(written: str) -> str:
    if not written.startswith('"'):
        return written
    return _ESCAPED.sub(lambda escape: _ESCAPES.get(escape[1], escape[1]), written[1:-1])
