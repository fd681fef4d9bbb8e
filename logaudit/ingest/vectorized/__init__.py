"""Reads large plain logs many lines at once, with the same result as the reader of single records.

To import it loads numpy, without the threads that numpy starts by default: extracts multiply no matrices, and who has
threads cannot fork safely.
"""

from __future__ import annotations

import os
import sys
from typing import Final

#: How many threads numpy's library for matrices starts, one a core unless told.
_THREADS: Final = "OPENBLAS_NUM_THREADS"


def _load_numpy() -> None:
    if "numpy" in sys.modules:
        return
    given = os.environ.get(_THREADS)
    os.environ.setdefault(_THREADS, "1")
    try:
        import numpy as np  # noqa: F401, PLC0415 - for those who come after
    finally:
        if given is None:
            del os.environ[_THREADS]


_load_numpy()
