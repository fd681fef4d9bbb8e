"""Records of a batch as the surroundings of closes show them: made once, though they lie near many closes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from logaudit.ingest.source_extract import NearbyRecord
from logaudit.ingest.vectorized.columns import Ints
from logaudit.ingest.vectorized.record_batch import RecordBatch

#: So many are remembered, …
_MOST: Final = 16_384
#: … and so many made together: where closes are crowded, those that follow are asked for next.
_TOGETHER: Final = 32
#: A named tuple made of a plain one, without a call of its own `__new__`.
_new: Final = tuple.__new__


class ShownRecords:
    """What closes of a symbol show of single records of one batch."""

    def __init__(self, make: Callable[[RecordBatch, Ints, Ints, str], list[NearbyRecord]]) -> None:
        """``make`` shows the records that begin with some lines, so many µs after a close of a symbol."""
        self._make = make
        self._known: dict[tuple[str, int], NearbyRecord] = {}

    def forget(self) -> None:
        """Another batch comes."""
        self._known.clear()

    def of(self, batch: RecordBatch, first: int, deltas: Sequence[int], symbol: str) -> list[NearbyRecord]:
        """As many records from ``first`` on as there are ``deltas``, which are µs from the close to each."""
        stop = first + len(deltas)
        known = self._known
        if any((symbol, row) not in known for row in range(first, stop)):
            self._learn(batch, first, max(stop, first + _TOGETHER), symbol)
        rows = (known[symbol, row] for row in range(first, stop))
        return [
            _new(NearbyRecord, (emitter, level, template, delta, line, byte))
            for (emitter, level, template, _, line, byte), delta in zip(rows, deltas, strict=True)
        ]

    def _learn(self, batch: RecordBatch, low: int, high: int, symbol: str) -> None:
        if len(self._known) > _MOST:
            self._known.clear()
        lines = batch.opens[low:high]
        shown = self._make(batch, lines, np.zeros(len(lines), np.int64), symbol)
        self._known |= {(symbol, row): near for row, near in enumerate(shown, low)}
