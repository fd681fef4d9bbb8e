"""How much of the sources is done, told source by source and part by part."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from logaudit.intake.tasks import weight_of
from logaudit.sources import Source


class Count:
    """Adds up to all sources and all their bytes, whatever was read in parts, read twice or not at all."""

    def __init__(self, sources: Sequence[Source], step: Callable[[int, int], None]) -> None:
        """``step`` is told sources and bytes done since."""
        self._left = [weight_of(source) for source in sources]
        self._told = [0] * len(sources)
        self._whole: set[int] = set()
        self._step = step

    def part(self, index: int, size: int) -> None:
        """So many bytes of a source are done."""
        size = min(size, self._left[index])
        self._left[index] -= size
        self._told[index] += size
        self._step(0, size)

    def whole(self, index: int) -> None:
        """All of a source is done."""
        if index not in self._whole:
            self._whole.add(index)
            self._step(1, 0)
        self.part(index, self._left[index])

    def again(self, index: int) -> None:
        """Whatever was done of a source is to be done again."""
        self._step(-(index in self._whole), -self._told[index])
        self._whole.discard(index)
        self._left[index] += self._told[index]
        self._told[index] = 0
