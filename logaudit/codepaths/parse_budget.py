"""What source takes to parse, told before it is parsed: a syntax tree has hundreds of bytes for two of the text."""

from __future__ import annotations

import ast
import re
import sys
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern

#: Bytes that the syntax trees of one source may take together, as estimated here: about 12 MB of usual Python.
MOST_MEMORY: Final = 400 << 20
#: Bytes for each word and sign of a text while it is parsed, at worst, and for each node of a tree that is kept.
_PER_PART: Final = 950
_PER_NODE: Final = 450
#: Bytes for each line that is kept, beside its characters.
_PER_LINE: Final = 60
#: Calls are kept by what they call as well.
_PER_CALL: Final = 1_000
#: Nodes within nodes: what follows them calls itself several times for each.
_DEEPEST: Final = 150
#: Words and signs that are parsed in all, also of files that turn out to be no Python.
_MOST_PARTS: Final = 5_000_000
#: Before Python 3.12 the text before each value of an f-string is looked through: values times characters.
_MOST_LOOKED_THROUGH: Final = 20_000_000_000
_LOOKS_BACK: Final = sys.version_info < (3, 12)
_F_STRING: Final = lazy_pattern(r"""(?:[fF][rR]?|[rR][fF])["']""")
_WORD, _SIGN, _BLANK = b"a", b".", b" "


def _kind(byte: int) -> bytes:
    text = bytes((byte,))
    if byte > 127 or text == b"_" or text.isalnum():  # noqa: PLR2004 - the last of ASCII
        return _WORD
    return _BLANK if text.isspace() and text != b"\n" else _SIGN


_KINDS: Final = b"".join(map(_kind, range(256)))


class ParseBudget:
    """What is left for the files of one source; none is refused for those that were refused before it."""

    def __init__(self) -> None:
        self._memory = MOST_MEMORY
        self._parts = _MOST_PARTS
        self._looks = _MOST_LOOKED_THROUGH

    def admits(self, text: str) -> bool:
        """Whether a file may be parsed; it counts from then on."""
        parts, looks = _parts(text), _looked_through(text)
        kept = len(text) + _PER_LINE * text.count("\n")
        if parts * _PER_PART + kept > self._memory or parts > self._parts or looks > self._looks:
            return False
        self._parts -= parts
        self._looks -= looks
        return True

    def keep(self, text: str, tree: ast.Module) -> None:
        """Counts what is kept of a file.

        Raises:
            RecursionError: it is nested too deeply.
        """
        self._memory -= len(text) + _PER_LINE * text.count("\n") + _size(tree)


def _parts(text: str) -> int:
    """The words and signs of a text, line ends among them: no syntax tree has more nodes than twice as many."""
    kinds = _BLANK + text.encode("utf-8", "surrogatepass").translate(_KINDS)
    return kinds.count(_SIGN) + kinds.count(_BLANK + _WORD) + kinds.count(_SIGN + _WORD)


def _looked_through(text: str) -> int:
    first: re.Match[str] | None = _F_STRING.search(text) if _LOOKS_BACK else None
    return text.count("{", first.start()) * (len(text) - first.start()) if first else 0


def _size(tree: ast.Module) -> int:
    """Bytes that a tree takes: `ast.walk` would take three times as long."""
    todo: list[tuple[ast.AST, int]] = [(tree, 0)]
    size = 0
    while todo:
        node, depth = todo.pop()
        if depth > _DEEPEST:
            raise RecursionError("nested too deeply")
        fields = vars(node)
        if not fields:
            continue  # ``Load`` and the like are one object each
        size += _PER_NODE + (_PER_CALL if node.__class__ is ast.Call else 0)
        for value in fields.values():
            if value.__class__ is list:
                todo += [(item, depth + 1) for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST):
                todo.append((value, depth + 1))
    return size
