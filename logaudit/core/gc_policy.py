"""When Python looks for cyclic garbage: only while sources are read.

What imports, judging and rendering make is there until the process ends: to look through all of it again and
again takes a tenth of a small scan, and to look through it once more as the process ends another one. Reading is
another matter: cycles there hold buffers of whole sources.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def disabled() -> Iterator[None]:
    """Within, nothing is collected; after it only what is made from then on."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if before:
            gc.enable()


@contextlib.contextmanager
def enabled() -> Iterator[None]:
    """Within, what is made is collected, even inside of `disabled`; what was there before is left alone."""
    before = gc.isenabled()
    gc.freeze()
    gc.enable()
    try:
        yield
    finally:
        gc.unfreeze()
        if not before:
            gc.disable()
