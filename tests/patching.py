"""Applies unified diffs as `patch -p1` does, and fails where a line is not what the diff says."""

from __future__ import annotations

import re
from pathlib import Path

_HUNK = re.compile(rb"@@ -(\d+),(\d+) \+(\d+),(\d+) @@\n")


def apply(diff: bytes, folder: Path) -> None:
    """Changes the files below ``folder``."""
    for part in re.split(rb"^(?=--- )", diff, flags=re.MULTILINE)[1:]:
        head, target, body = part.split(b"\n", 2)
        path = folder / target.removeprefix(b"+++ b/").decode()
        old = [] if head == b"--- /dev/null" else _lines(path.read_bytes())
        path.write_bytes(b"".join(_applied(old, body)))


def _lines(data: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", data)


def _applied(old: list[bytes], body: bytes) -> list[bytes]:
    new: list[bytes] = []
    at = 0
    for start, count, new_start, new_count, text in _hunks(body):
        begin = start - 1 if count else start
        new += old[at:begin]
        assert len(new) == (new_start - 1 if new_count else new_start)
        kept = [line[1:] for line in text if line[:1] in b" -"]
        assert kept == old[begin : begin + count], (kept, old[begin : begin + count])
        added = [line[1:] for line in text if line[:1] in b" +"]
        assert len(added) == new_count
        new += added
        at = begin + count
    return new + old[at:]


def _hunks(body: bytes) -> list[tuple[int, int, int, int, list[bytes]]]:
    pieces = _HUNK.split(body)
    assert pieces[0] == b""
    found = []
    for i in range(1, len(pieces), 5):
        lines: list[bytes] = []
        for line in _lines(pieces[i + 4]):
            if line.startswith(b"\\"):
                lines[-1] = lines[-1].removesuffix(b"\n")
            else:
                lines.append(line)
        found.append((*map(int, pieces[i : i + 4]), lines))
    return found  # type: ignore[return-value]
