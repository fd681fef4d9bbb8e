"""Lists the members of a zip from its central directory."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Final

from logaudit.core.message import Message, Text, msg
from logaudit.sources.archive_members import Member
from logaudit.sources.source import ProblemKind
from logaudit.sources.zip_format import ENCRYPTED_FLAGS, METHODS, UTF8_FLAG, member_name, method_name

_UNUSABLE: Final = (
    zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError, OverflowError, IndexError,
)  # fmt: skip
_AES_METHOD: Final = 99


def list_zip(file: Path) -> list[Member] | None:
    """The members in the order of their data, folders left out; None when the directory is unusable.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        with file.open("rb") as handle, zipfile.ZipFile(handle) as archive:
            entries = archive.infolist()
    except _UNUSABLE:
        return None
    if any(e.header_offset < 0 for e in entries):
        return None
    members = [_member(e) for e in entries if not _is_folder(e)]
    return sorted(members, key=lambda m: m.offset)


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
