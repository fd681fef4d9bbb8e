"""How much of the sources is done, told source by source and part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping


class ProgressCount:
    """Adds up to all sources and all their bytes, whatever was read in parts, read twice or not at all."""

    def __init__(self, weights: Mapping[int, int], step: Callable[[int, int], None]) -> None:
        """Bytes of each source that counts, by its index; ``step`` is told sources and bytes done since."""
        self._left = dict(weights)
        self._reported = dict.fromkeys(weights, 0)
        self._complete: set[int] = set()
        self._step = step

    def part(self, index: int, size: int) -> None:
        """So many bytes of a source are done."""
        size = min(size, self._left.get(index, 0))
        if size:
            self._left[index] -= size
            self._reported[index] += size
            self._step(0, size)

    def complete(self, index: int) -> None:
        """All of a source is done."""
        self.part(index, self._left.get(index, 0))
        if index in self._left and index not in self._complete:
            self._complete.add(index)
            self._step(1, 0)

    def again(self, index: int) -> None:
        """Whatever was done of a source is to be done again."""
        told = self._reported.get(index, 0)
        if index in self._complete or told:
            self._step(-(index in self._complete), -told)
            self._complete.discard(index)
            self._left[index] += told
            self._reported[index] = 0
