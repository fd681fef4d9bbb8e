"""Finds the places in a text at which some pattern of a profile may match, by literals."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind
from numpy.typing import NDArray

from logaudit.profiles import Pattern


class LiteralFinder:
    """Searches for every literal of every pattern at once.

    Attributes:
        blind: whether some pattern implies no literal, so that any line may match.
    """

    def __init__(self, patterns: Iterable[Pattern], also: Iterable[bytes]) -> None:
        """``also``: texts besides the literals of the patterns."""
        known = tuple(patterns)
        self.blind = not all(p.literals for p in known)
        # No line holds a line break.
        texts = sorted({t.encode() for p in known for t in p.literals if "\n" not in t} | set(also))
        # Matches that do not overlap let the search skip ahead, and show every line that holds a literal: two
        # that overlap lie in one line.
        self._search = BytesAhoCorasick(
            texts, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA
        )

    def hits(self, text: memoryview) -> NDArray[np.int64]:
        """Offsets of literals in ``text``, ascending; at least one for every line that holds any."""
        found = self._search.find_matches_as_indexes(text)
        return np.array([start for _, start, _ in found], dtype=np.int64)
