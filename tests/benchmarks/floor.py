"""Inflates every member of every zip on all cores with a fast library and does nothing else: the floor.

python tests/benchmarks/floor.py FOLDER [JOBS]
"""

from __future__ import annotations

import os
import sys
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from isal import isal_zlib

_HEAD = 30


def inflate(file: Path) -> int:
    """Bytes of text in an archive."""
    size = 0
    with zipfile.ZipFile(file) as archive, file.open("rb") as handle:
        for member in archive.infolist():
            handle.seek(member.header_offset)
            head = handle.read(_HEAD)
            handle.seek(
                int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), os.SEEK_CUR
            )
            size += len(isal_zlib.decompressobj(-15).decompress(handle.read(member.compress_size)))
    return size


def main() -> None:
    """Inflates a folder."""
    files = sorted(Path(sys.argv[1]).rglob("*.zip"))
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count()
    with ProcessPoolExecutor(jobs) as pool:
        print(sum(pool.map(inflate, files, chunksize=4)))  # noqa: T201 - a script prints


if __name__ == "__main__":
    main()
