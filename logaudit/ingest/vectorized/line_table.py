"""The lines of a stretch, as arrays: where each begins and ends, and what is known of it."""

from __future__ import annotations

from typing import Self

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from logaudit.ingest.vectorized.columns import Ints, Numbers

#: What a line is: one that belongs to the record before it, one that opens a record, one that begins like a
#: record of an unknown log format.
MORE, OPENS, STRANGE = 0, 1, 2


class LineTable(Struct):
    """The lines of a stretch; every array but the last two has one entry a line.

    Attributes:
        starts, ends: byte offsets in the stretch, the line feed left out.
        kinds: `MORE`, `OPENS` or `STRANGE`.
        us: written time of a line that opens a record, naive µs.
        heads: numbers of what their beginnings say, in `LineClassifier.heads`.
        unknown: ascending, the lines of which nothing is certain yet; their other entries are zero.
        odd: ascending, the lines whose text is not what its bytes show: NULs, terminal codes, JSON.
    """

    starts: Ints
    ends: Ints
    kinds: NDArray[np.uint8]
    us: Ints
    heads: Numbers
    unknown: Ints
    odd: Ints

    @classmethod
    def at(cls, starts: Ints, ends: Ints, unknown: Ints) -> Self:
        """Lines of which nothing is known yet but that those that are not ``unknown`` open no record."""
        count = len(starts)
        kinds, us = np.zeros(count, np.uint8), np.zeros(count, np.int64)
        return cls(starts, ends, kinds, us, np.zeros(count, np.int32), unknown, np.zeros(0, np.int64))

    @classmethod
    def none(cls) -> Self:
        """No lines."""
        return cls.at(*(np.zeros(0, np.int64) for _ in range(3)))
