"""Keys of entries: hashes of everything that shapes what an entry holds."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from logaudit import __version__

#: What entries look like; raised when that changes in a way that the program's own files do not show.
FORMAT: Final = 2


def key_of(*parts: object) -> str:
    """A key of plain values: texts, bytes, numbers, and lists and structs of them."""
    try:
        packed = msgspec.msgpack.encode(parts)
    except UnicodeEncodeError:  # paths whose bytes are no text
        packed = repr(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(packed).hexdigest()


@cache
def program() -> str:
    """The program that makes entries: its version, and the state of its files, for those who change them."""
    found = sorted(_files(str(Path(__file__).parent.parent)))
    return key_of(FORMAT, __version__, sys.version_info[:3], os.name, found)


def reading(profile: str, formats: Sequence[object], encoding: str) -> str:
    """How sources are read; a profile of the user's counts by its content."""
    return key_of(program(), profile, _content(profile), list(formats), encoding)


def extracts_key(reading: str, label: str, sketch: bytes) -> str:
    """Of the extracts of one file: its name dates rows and decides what an empty table is, its folder does neither."""
    return key_of("extracts", reading, sketch, label.rpartition("/")[2])


def zone_rules(zone: str) -> bytes:
    """What this machine knows of a time zone: which offsets a name means changes with its files."""
    if not zone or zone[:1] in "+-":
        return b""
    from importlib.metadata import version  # noqa: PLC0415 - only for named zones
    from zoneinfo import TZPATH  # noqa: PLC0415 - as above

    places = [Path(folder, zone.strip()) for folder in TZPATH]
    return next(filter(None, map(_bytes, places)), version("python-dateutil").encode())


def _content(profile: str) -> bytes:
    return _bytes(Path(profile)) if profile else b""


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError):
        return b""


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    """Name, size and time of every module (compiled or not) and profile; none where the program is in an archive."""
    try:
        with os.scandir(folder) as entries:
            inside = list(entries)
    except OSError:
        return
    for entry in inside:
        if entry.name.endswith((".py", ".toml", ".so", ".pyd")):
            status = entry.stat()
            yield entry.path, status.st_size, status.st_mtime_ns
        elif entry.name != "__pycache__" and entry.is_dir():
            yield from _files(entry.path)
