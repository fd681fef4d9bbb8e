"""One regular expression that dismisses the lines no pattern can match, by far the most of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from logaudit.profiles.profile import Pattern

#: A longer text adds nothing to the choice but nesting, which the compiler bounds.
_LONGEST: Final = 64


def prefilter(patterns: Iterable[Pattern]) -> re.Pattern[str]:
    """Found in every line that any of ``patterns`` matches; in every line when one has no literal.

    The texts are laid out as a tree of their letters: a plain list of a hundred alternatives is tried
    alternative by alternative, and takes three times as long.
    """
    return _compiled(tuple(p.literals for p in patterns))


@lru_cache
def _compiled(literals: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    if not literals:
        return re.compile(r"(?!)")
    if not all(literals):
        return re.compile("")
    return re.compile(_tree({text[:_LONGEST] for texts in literals for text in texts}))


def _tree(texts: set[str]) -> str:
    if "" in texts:
        return ""
    branches: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        branches[text[0]].add(text[1:])
    written = [re.escape(letter) + _tree(rest) for letter, rest in sorted(branches.items())]
    return written[0] if len(written) == 1 else f"(?:{'|'.join(written)})"
