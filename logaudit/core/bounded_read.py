"""Reads files that a user names as a whole, up to a size that none of their kind has: a device never ends."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Final

#: Bytes of settings and profiles, which people write, …
WRITTEN: Final = 16 << 20
#: … and of baselines, reports and bundles, which the program writes.
MADE: Final = 1 << 30


def read_bounded(path: Path, most: int) -> bytes:
    """The bytes of a file.

    Raises:
        OSError: it cannot be read, or has more than ``most`` bytes.
    """
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it has more than {most >> 20:,} MiB")
    return data
