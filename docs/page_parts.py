"""Generated parts of a Markdown page: found by a Markdown parser, replaced without a change to any other text.

A part is a fenced block or a table right below a comment that says where it comes from::

    <!-- printed by: logaudit scan fixtures/seed-incident/logs -->
    ```text
    …
    ```

    <!-- table of rules -->
    | code | …
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER: Final = MarkdownIt("commonmark").enable("table")
_COMMENT: Final = re.compile(r"<!-- (printed by: .+|table of .+) -->")
_HINT: Final = re.compile(r"printed by:|table of ")
#: What may stand before a fence: the signs of quotes and lists that hold it.
_LEAD: Final = " \t>"


class TornError(ValueError):
    """A page whose blocks do not end where they should, or hold nothing."""


class Part(NamedTuple):
    """The lines from ``start`` to before ``end`` are made by ``source``."""

    source: str
    start: int
    end: int


def parts(text: str) -> list[Part]:
    """The generated parts of a page, in order.

    Raises:
        TornError: a block is not closed, holds the fence of another one or nothing, or a comment has no block.
    """
    lines, tokens = text.split("\n"), _PARSER.parse(text)
    found = []
    for number, token in enumerate(tokens):
        if token.type == "fence":
            _check_fence(token, lines)
        elif token.type == "html_block" and token.content.count("<!--") != token.content.count("-->"):
            raise TornError(f"{_place(token)}: the comment is not closed")
        elif token.type == "html_block" and _HINT.search(token.content):
            comment = _COMMENT.fullmatch(token.content.rstrip("\n"))
            if not comment or token.level:
                raise TornError(f"{_place(token)}: the comment is not of one line, or not at the margin")
            found.append(_part(comment[1], token, tokens[number + 1 : number + 2]))
    return found


def regenerated(text: str, make: Callable[[str], str]) -> str:
    """The page with each generated part made anew.

    Args:
        text: the page.
        make: the lines of a part from its source, the words of the comment.

    Raises:
        TornError: the page is torn, or what was made would tear it.
    """
    lines, before = text.split("\n"), parts(text)
    made = list(lines)
    for part in reversed(before):
        fresh = make(part.source)
        if not fresh.strip():
            raise TornError(f"nothing comes from {part.source!r}")
        made[part.start : part.end] = fresh.split("\n")
    page = "\n".join(made)
    if _outside(page) != _outside(text):
        raise TornError("text outside of the generated parts would change")
    return page


def _outside(text: str) -> list[str]:
    """A page's lines, with one in place of each generated part."""
    lines = text.split("\n")
    for part in reversed(parts(text)):
        lines[part.start : part.end] = [f"({part.source})"]
    return lines


def _part(source: str, comment: Token, following: list[Token]) -> Part:
    """The part below a comment, given the token that follows the comment."""
    block = following[0] if following else comment
    kind = "fence" if source.startswith("printed by:") else "table_open"
    start, end = _lines(block)
    if block.type != kind or start != _lines(comment)[1]:
        raise TornError(f"{_place(comment)}: no {kind.removesuffix('_open')} stands right below the comment")
    if kind == "fence":
        return Part(source, start + 1, end - 1)
    if end - start <= 2:  # noqa: PLR2004 - the heading and the line below it
        raise TornError(f"{_place(block)}: the table is empty")
    return Part(source, start, end)


def _check_fence(fence: Token, lines: list[str]) -> None:
    start, end = _lines(fence)
    mark = fence.markup
    closing = lines[end - 1].strip(_LEAD)
    if end - start < 2 or closing.strip(mark[0]) or len(closing) < len(mark):  # noqa: PLR2004 - both of its fences
        raise TornError(f"{_place(fence)}: the block is not closed")
    inner = re.compile(rf"[ \t>]*{re.escape(mark)}", re.MULTILINE)
    if inner.search(fence.content):
        raise TornError(f"{_place(fence)}: the block holds the fence of another one")
    if not fence.content.strip():
        raise TornError(f"{_place(fence)}: the block is empty")


def _lines(token: Token) -> tuple[int, int]:
    """The first line of a block, from 0, and the one behind its last."""
    start, end = token.map or (0, 0)  # blocks always have their lines
    return start, end


def _place(token: Token) -> str:
    return f"line {_lines(token)[0] + 1}"
