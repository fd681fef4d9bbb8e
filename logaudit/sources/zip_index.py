"""Lists the members of a zip from its central directory."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from logaudit.core.message import Message, Text, msg
from logaudit.sources.archive_members import Member
from logaudit.sources.source import ProblemKind
from logaudit.sources.zip_format import (
    ENCRYPTED_FLAGS,
    LOCAL_SIZE,
    METHODS,
    UTF8_FLAG,
    member_name,
    method_name,
)

_UNUSABLE: Final = (
    zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError, OverflowError, IndexError,
)  # fmt: skip
_AES_METHOD: Final = 99
_END_MAGIC: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
#: The record at the end, and the longest comment behind it.
_END_REACH: Final = _END_SIZE + 0xFFFF
_MANY: Final = 0xFFFF


class ZipListing(Struct, frozen=True):
    """What a central directory lists.

    Attributes:
        members: in the order of their data, folders left out; those that share bytes with one before them, too.
        entries: how many entries it has, folders among them.
        promised: how many it should have, as the archive's last record says.
        overlapping: how many were left out because they share bytes with another: no archiver writes such.
    """

    members: list[Member]
    entries: int
    promised: int
    overlapping: int


def list_zip(file: Path) -> ZipListing | None:
    """The members of an archive; None when the directory is unusable.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        with file.open("rb") as handle, zipfile.ZipFile(handle) as archive:
            entries = archive.infolist()
            promised = _promised(handle, len(entries))
    except _UNUSABLE:
        return None
    if any(e.header_offset < 0 for e in entries):
        return None
    listed = sorted((_member(e) for e in entries if not _is_folder(e)), key=lambda m: m.offset)
    members = list(_apart(listed))
    return ZipListing(members, len(entries), promised, len(listed) - len(members))


def _apart(members: Iterable[Member]) -> Iterator[Member]:
    end = 0
    for member in members:
        if member.offset >= end:
            end = member.offset + LOCAL_SIZE + member.packed
            yield member


def _promised(handle: BinaryIO, listed: int) -> int:
    """How many entries the archive's last record counts; where it cannot hold the count, as many as there are."""
    size = handle.seek(0, os.SEEK_END)
    handle.seek(max(size - _END_REACH, 0))
    tail = handle.read()
    at = tail.rfind(_END_MAGIC)
    if at < 0 or len(tail) < at + _END_SIZE:
        return listed
    (count,) = struct.unpack_from("<H", tail, at + 10)
    return listed if count in (_MANY, listed & _MANY) else int(count)


def bar(method: int, *, encrypted: bool) -> tuple[ProblemKind, Message] | None:
    """Why a member with these properties cannot be read; None when it can."""
    if encrypted or method == _AES_METHOD:
        return ProblemKind.ENCRYPTED, msg("it is encrypted: unpack it with its password first")
    if method not in METHODS:
        return (
            ProblemKind.UNSUPPORTED,
            msg("its compression ({name}) is not read: unpack it first", name=Text(method_name(method))),
        )
    return None


def _member(entry: zipfile.ZipInfo) -> Member:
    return Member(
        _name(entry),
        entry.file_size,
        entry.compress_size,
        entry.header_offset,
        entry.compress_type,
        entry.CRC,
        bar(entry.compress_type, encrypted=bool(entry.flag_bits & ENCRYPTED_FLAGS)),
    )


def _name(entry: zipfile.ZipInfo) -> str:
    # `filename` depends on the platform's separator; `orig_filename` is what the directory says.
    if entry.flag_bits & UTF8_FLAG:
        return entry.orig_filename.split("\0", 1)[0]
    return member_name(entry.orig_filename.encode("cp437"), entry.flag_bits)


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename
    return name.endswith("/") or (name.endswith("\\") and not entry.file_size)
