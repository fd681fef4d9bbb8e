"""Values that stand below their names: on the next line, or on all lines that are indented, as YAML writes them."""

from __future__ import annotations

from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern

#: What a name is followed by where its value stands below it: a tag or an anchor, and how a block's lines are joined.
_BELOW: Final = lazy_pattern(
    r"[\\'\"]{0,4}[ \t]{0,4}[:=][ \t]{0,4}(?:[!&][\w./-]{1,40}[ \t]{0,4}){0,2}(?P<joined>[|>][-+0-9]{0,2})?"
    r"[ \t]{0,4}(?P<end>\\?\n|\\n)(?P<indent>[ \t]{0,40})(?=\S)"
)
_MAPPING: Final = lazy_pattern(r"['\"]?[\w .-]{1,60}['\"]?:(?:\s|$)|-\s")
#: Characters of a block that are looked at.
_LONGEST: Final = 8192


def block_behind(text: str, at: int) -> tuple[int, int] | None:
    """Where the value below a name lies that ends at ``at``, empty where names stand there; None if nothing does."""
    match = _BELOW.match(text, at)
    if match is None or not (match["indent"] or match["end"].startswith("\\\n")):
        return None
    start, stop = match.end(), min(len(text), match.end() + _LONGEST)
    newline = match["end"].removeprefix("\\") if match["end"].endswith("\n") else match["end"]
    end = _line_end(text, newline, start, stop)
    while match["joined"] and text.startswith(newline + match["indent"], end):
        end = _line_end(text, newline, end + len(newline), stop)
    if not match["joined"] and _MAPPING.match(text, start, end):
        return start, start
    if text[start] in "'\"" and text[end - 1] == text[start] and end - start > 1:
        return start + 1, end - 1
    return start, end


def _line_end(text: str, newline: str, start: int, stop: int) -> int:
    end = text.find(newline, start, stop)
    return stop if end < 0 else end
