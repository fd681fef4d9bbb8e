"""Whether files under some paths changed: their sizes and times, without a look into them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from logaudit.core.errors import UserError
from logaudit.sources.roots import find_roots


def snapshot(paths: Sequence[str | Path]) -> dict[str, tuple[int, int]]:
    """Every file under the paths → its size and the time of its last change, in nanoseconds.

    Raises:
        UserError: a path does not exist, a pattern matches nothing, or a path is a URL.
    """
    found: dict[str, tuple[int, int]] = {}
    for root in find_roots(paths):
        if root.is_remote:
            raise UserError(f"{root.real} cannot be watched.", "Watch where the bot writes; scan reads URLs.")
        for file in _files(root.path) if root.is_folder else (root.path,):
            try:
                stat = os.stat(file)  # noqa: PTH116 - of thousands of files, every few seconds
            except OSError:  # gone meanwhile
                continue
            found[str(file)] = stat.st_size, stat.st_mtime_ns
    return found


def _files(folder: Path) -> Iterator[str]:
    for where, _, names in os.walk(folder):
        yield from (os.path.join(where, name) for name in names)  # noqa: PTH118 - as above
