# The compiled loops; `logaudit.ingest.vectorized.native` calls them.

from numpy import uint8
from numpy.typing import NDArray

from logaudit.ingest.vectorized.columns import Ints, Numbers
from logaudit.ingest.vectorized.native import KnownLayout

def squeezed(text: bytearray, starts: Ints, ends: Ints, most: int) -> list[bytes]: ...
def sweep(
    text: bytearray,
    size: int,
    whole: bool,
    blanks_open: bool,
    layouts: tuple[KnownLayout, ...],
    starts: Ints,
    ends: Ints,
    us: Ints,
    unknown: Ints,
    kinds: NDArray[uint8],
    heads: Numbers,
) -> tuple[int, int]: ...
