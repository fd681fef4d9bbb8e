"""SHA-256 of files as they lie on disk, several at a time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from logaudit.sources.source import FoundFile

#: Bytes from which several threads hash faster than one.
_MANY: Final = 8 << 20


def file_sha256(path: Path) -> bytes:
    """The digest of all bytes; empty when they cannot be read."""
    try:
        with path.open("rb", buffering=0) as handle:
            return hashlib.file_digest(handle, "sha256").digest()
    except OSError:
        return b""


def each_file(read: Callable[[Path], bytes], files: Sequence[FoundFile]) -> list[bytes]:
    """What ``read`` gives of each file, by threads where there is much to read."""
    if sum(file.size for file in files) < _MANY:
        return [read(file.path) for file in files]
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - mostly there is little to hash

    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        return list(pool.map(read, [file.path for file in files]))
