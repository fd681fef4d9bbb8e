"""What the beginning of a record says, numbered so that many lines can share it."""

from __future__ import annotations

from collections import Counter

import numpy as np
from msgspec import Struct

from logaudit.ingest.vectorized.columns import Numbers


class PrefixInfo(Struct, frozen=True):
    """What records that begin alike have in common.

    Attributes:
        level, log_format: their names.
        emitter: ``module:function``, as far as the log format prints it.
        size: bytes from the line's start to its message; 0 where that, and the emitter, was not looked at.
    """

    level: str
    log_format: str
    emitter: str = ""
    size: int = 0


class PrefixIds:
    """Facts by their numbers, which stay the same from source to source."""

    def __init__(self) -> None:
        self._facts: list[PrefixInfo] = []
        self._numbers: dict[PrefixInfo, int] = {}
        # Pairs of level and log format, numbered, and that of each fact.
        self._kind: dict[tuple[str, str], int] = {}
        self._kinds: list[int] = []

    def __getitem__(self, number: int) -> PrefixInfo:
        return self._facts[number]

    def number(self, fact: PrefixInfo) -> int:
        """The number that stands for a fact."""
        found = self._numbers.get(fact)
        if found is None:
            found = self._numbers[fact] = len(self._facts)
            self._facts.append(fact)
            kind = fact.level, fact.log_format
            self._kinds.append(self._kind.setdefault(kind, len(self._kind)))
        return found

    def tally(self, numbers: Numbers) -> tuple[Counter[str], Counter[str]]:
        """How many of the records with these numbers have each level, and each log format."""
        counts = np.bincount(np.array(self._kinds, np.int32).take(numbers), minlength=len(self._kind))
        levels: Counter[str] = Counter()
        log_formats: Counter[str] = Counter()
        for (level, log_format), count in zip(self._kind, counts.tolist(), strict=True):
            if count:
                levels[level] += count
                log_formats[log_format] += count
        return levels, log_formats
