"""Dismisses the lines no pattern can match, by far the most of them, and of the patterns those a line cannot match."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

from ahocorasick_rs import BytesAhoCorasick

from logaudit.profiles.profile import Pattern

#: A longer text adds nothing to the choice but nesting, which the compiler bounds.
_LONGEST: Final = 64


def prefilter(patterns: Iterable[Pattern]) -> re.Pattern[str]:
    """Found in every line that any of ``patterns`` matches; in every line when one has no literal.

    The texts are laid out as a tree of their letters: a plain list of a hundred alternatives is tried
    alternative by alternative, and takes three times as long.
    """
    return _compiled(tuple(p.literals for p in patterns))


def literal_search(patterns: Sequence[Pattern]) -> Callable[[str], list[Pattern]]:
    """Of a line those of ``patterns`` that may match it, in their order: all its literals are found at once."""
    numbers, always, search = _all_literals(tuple(p.literals for p in patterns))

    def candidates(text: str) -> list[Pattern]:
        data = text.encode("utf-8", "surrogatepass")
        hits = {numbers[n] for n, _, _ in search.find_matches_as_indexes(data, overlapping=True)}
        return [patterns[i] for i in sorted(hits.union(always))]

    return candidates


@lru_cache
def _all_literals(
    literals: tuple[tuple[str, ...], ...],
) -> tuple[list[int], frozenset[int], BytesAhoCorasick]:
    """For each literal the pattern it belongs to, the patterns without one, and a search for all."""
    told = [(i, text) for i, texts in enumerate(literals) for text in texts if text]
    always = frozenset(i for i, texts in enumerate(literals) if not texts or "" in texts)
    return (
        [i for i, _ in told],
        always,
        BytesAhoCorasick([text.encode("utf-8", "surrogatepass") for _, text in told]),
    )


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
