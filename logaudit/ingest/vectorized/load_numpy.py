"""Loads numpy without the threads that it starts by default."""

from __future__ import annotations

import os
import sys
from typing import Final

#: How many threads numpy's library for matrices starts, one a core unless told.
_THREADS: Final = "OPENBLAS_NUM_THREADS"


def load_numpy() -> None:
    """To be called before the first import: extracts multiply no matrices, and who has threads cannot fork safely."""
    if "numpy" in sys.modules:
        return
    given = os.environ.get(_THREADS)
    os.environ.setdefault(_THREADS, "1")
    try:
        import numpy as np  # noqa: F401, PLC0415 - for those who come after
    finally:
        if given is None:
            del os.environ[_THREADS]
