"""In which order tasks are handed out, and which of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from logaudit.ingest.executor.task import Task

#: Tasks travel together until they weigh so much, or are so many: a worker waits between any two bundles.
_LARGEST: Final = 16 << 20
_MOST: Final = 32
#: Towards the end they weigh less, so that all workers end at about the same time: small ones …
_SMALLEST: Final = 2 << 20
#: … and of what is left for each worker this part.
_SHARE: Final = 8


def bundles(tasks: Sequence[Task[Any, Any]], jobs: int = 1) -> Iterator[list[int]]:
    """The heaviest first, so that none of the ``jobs`` workers is left with a long one at the end; small ones together.

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
    weight, left = 0, sum(strands.values())
    for index in sorted(range(len(tasks)), key=rank):
        bundle.append(index)
        weight += tasks[index].weight
        enough = min(max(left // (_SHARE * jobs), _SMALLEST), _LARGEST)
        if weight >= enough or len(bundle) >= _MOST:
            yield bundle
            left -= weight
            bundle, weight = [], 0
    if bundle:
        yield bundle
