"""In which order tasks are handed out, and which of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from logaudit.pool.types import Task

#: Small tasks travel together until they weigh so much, or are so many.
_BUNDLE: Final = 2 << 20
_MOST: Final = 32


def bundles(tasks: Sequence[Task[Any, Any]]) -> Iterator[list[int]]:
    """The heaviest first, so that no worker is left with a long one at the end; small ones together.

    A strand is as heavy as all its tasks; these keep their order, so that every worker that gets some of them
    goes through the strand once.
    """
    strands: Counter[str] = Counter()
    for task in tasks:
        strands[task.strand] += task.weight

    def rank(index: int) -> tuple[int, str, int]:
        strand = tasks[index].strand
        return -(strands[strand] if strand else tasks[index].weight), strand, index

    bundle: list[int] = []
    weight = 0
    for index in sorted(range(len(tasks)), key=rank):
        bundle.append(index)
        weight += tasks[index].weight
        if weight >= _BUNDLE or len(bundle) >= _MOST:
            yield bundle
            bundle, weight = [], 0
    if bundle:
        yield bundle
