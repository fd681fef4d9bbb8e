"""Lines to insert → a unified diff, in bytes: the ledger's encoding and line ends are kept as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

#: Unchanged lines around a change.
_CONTEXT: Final = 3
_NO_END: Final = b"\n\\ No newline at end of file\n"


def insert_lines(lines: Sequence[bytes], added: Sequence[tuple[int, bytes]]) -> list[bytes]:
    """``lines`` with each of ``added`` before the line of its index; both with their line ends.

    Where the last line has no end and something follows it, it gets that of what follows.
    """
    result: list[bytes] = []
    for index, line in enumerate(lines):
        result += [new for at, new in added if at == index]
        result.append(line)
    behind = [new for at, new in added if at >= len(lines)]
    if behind and result and not result[-1].endswith(b"\n"):
        result[-1] += b"\r\n" if behind[0].endswith(b"\r\n") else b"\n"
    return result + behind


def unified_diff(path: str, lines: Sequence[bytes], added: Sequence[tuple[int, bytes]]) -> bytes:
    """The diff that inserts ``added`` (sorted by index) into the file at ``path``."""
    hunks: list[list[tuple[int, bytes]]] = []
    for one in added:
        if hunks and one[0] - hunks[-1][-1][0] <= 2 * _CONTEXT:
            hunks[-1].append(one)
        else:
            hunks.append([one])
    name = path.encode("utf-8", "surrogateescape")
    body = b"--- a/%b\n+++ b/%b\n" % (name, name)
    before = 0
    for hunk in hunks:
        body += _hunk(lines, hunk, before)
        before += len(hunk)
    return body


def new_file_diff(path: str, text: bytes) -> bytes:
    """The diff that makes a file."""
    lines = text.splitlines(keepends=True)
    head = b"--- /dev/null\n+++ b/%b\n@@ -0,0 +1,%d @@\n" % (path.encode(), len(lines))
    return head + b"".join(b"+" + line for line in lines)


def replaced_file_diff(path: str, old: bytes, new: bytes) -> bytes:
    """The diff that writes a small file anew."""
    gone, come = old.splitlines(keepends=True), new.splitlines(keepends=True)
    name = path.encode()
    head = b"--- a/%b\n+++ b/%b\n@@ -1,%d +1,%d @@\n" % (name, name, len(gone), len(come))
    return head + b"".join(b"-" + line for line in gone) + b"".join(b"+" + line for line in come)


def _hunk(lines: Sequence[bytes], added: Sequence[tuple[int, bytes]], before: int) -> bytes:
    """One hunk; ``before`` lines were added above it."""
    start = max(added[0][0] - _CONTEXT, 0)
    stop = min(added[-1][0] + _CONTEXT, len(lines))
    completes = bool(lines) and added[-1][0] >= len(lines) and not lines[-1].endswith(b"\n")
    body = b""
    for index in range(start, stop):
        body += b"".join(b"+" + new for at, new in added if at == index)
        line = lines[index]
        if completes and index == len(lines) - 1:
            end = b"\r\n" if added[-1][1].endswith(b"\r\n") else b"\n"
            body += b"-" + line + _NO_END + b"+" + line + end
        else:
            body += b" " + (line if line.endswith(b"\n") else line + _NO_END)
    body += b"".join(b"+" + new for at, new in added if at >= stop)
    old, new = stop - start, stop - start + len(added)
    old_start = start + 1 if old else start
    return b"@@ -%d,%d +%d,%d @@\n" % (old_start, old, start + before + 1, new) + body
