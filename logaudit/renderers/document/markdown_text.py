r"""Text → GitHub-flavoured Markdown that shows it and obeys none of it.

Log text stands in code spans and fences longer than any run of backticks inside; words are escaped. All text is
made printable first, so that it holds no line break, no ESC and no bidi control.
"""

from __future__ import annotations

from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.text import printable

_SPECIAL: Final = lazy_pattern(
    r"[\\`*\[\]<>#|~$]|&(?=#|\w)|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=www)\.|@(?=\w)"
)
#: What begins a list, a quotation, a rule or a heading at the start of a line.
_OPENING: Final = lazy_pattern(r"^(?:([-+=])(?=\s|$|[-= ]*$)|(\d+)([.)])(?=\s|$))")
_BACKTICKS: Final = lazy_pattern(r"`+")


def escape_text(text: str) -> str:
    """Words within a line."""
    return _SPECIAL.sub(lambda match: "\\" + match[0], printable(text))


def opening(line: str) -> str:
    """A finished line that must begin a paragraph and nothing else."""
    match = _OPENING.match(line)
    if match is None:
        return line
    head = f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}"
    return head + line[match.end() :]


def span(text: str, *, in_table: bool) -> str:
    """A code span; in a table its bars are escaped, which the table undoes before the span is read."""
    shown = printable(text)
    if not shown:
        return ""
    ticks = "`" * (_longest(shown) + 1)
    if not shown.strip(" ") or shown[0] in " `" or shown[-1] in " `":
        shown = f" {shown} "
    whole = f"{ticks}{shown}{ticks}"
    return whole.replace("|", "\\|") if in_table else whole


def fence(lines: list[str], language: str) -> str:
    """A fenced block of lines; ``language`` is a word of ours."""
    shown = [printable(line) for line in lines]
    ticks = "`" * max(3, 1 + max((_longest(line) for line in shown), default=0))
    return "\n".join([f"{ticks}{language}", *shown, ticks])


def _longest(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)
