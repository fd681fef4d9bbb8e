"""Tells what a file is by its first bytes; names are a hint where the bytes say nothing."""

from __future__ import annotations

from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.sources.source import Container

HEAD: Final = 512
_BLOCK: Final = 512
_CHECKSUM: Final = slice(148, 156)

#: Longest first: the first that fits a name is cut from it.
ARCHIVE_SUFFIXES: Final = (
    ".tar.lzma", ".tar.bz2", ".tar.gz", ".tar.xz", ".lzma", ".tbz2", ".zip", ".bz2", ".tar", ".tgz",
    ".tbz", ".txz", ".zst", ".rar", ".lz4", ".gz", ".xz", ".7z", ".Z",
)  # fmt: skip
_LOWER_SUFFIXES: Final = tuple(s.lower() for s in ARCHIVE_SUFFIXES)
_MAGICS: Final = (
    (lazy_pattern(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)"), Container.ZIP),
    (lazy_pattern(rb"\x1f\x8b\x08"), Container.GZ),
    (lazy_pattern(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"), Container.BZ2),
    (lazy_pattern(rb"\xfd7zXZ\0"), Container.XZ),
    # The old LZMA format has no magic: default properties, a dictionary of whole KiB, then the size,
    # unknown or below a TiB.
    (lazy_pattern(rb"\x5d\x00\x00[\x00-\xff]{2}(?:\xff{8}|[\x00-\xff]{5}\x00{3})"), Container.LZMA),
)
#: What compressed data begins with, as far as it is the same in all; fewer bytes than these are told by no regex.
_BEGINNINGS: Final = (
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    *(b"BZh%d1AY&SY" % n for n in range(1, 10)),
    b"\xfd7zXZ\0",
    b"\x5d\0\0",
)
_SHORTEST: Final = 10
_FOREIGN: Final = (
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (b"\x04\x22\x4d\x18", "LZ4 data"),
    (b"\x1f\x9d", "Unix compress data"),
    (b"MSCF\0\0\0\0", "a cabinet archive"),
)
_TAR_OF: Final = {
    Container.PLAIN: Container.TAR,
    Container.GZ: Container.TAR_GZ,
    Container.BZ2: Container.TAR_BZ2,
    Container.XZ: Container.TAR_XZ,
    Container.LZMA: Container.TAR_LZMA,
}
# Tab, newline, vertical tab, form feed, return, backspace and escape occur in logs; NUL where power failed.
_CONTROL: Final = bytes(set(range(1, 32)) - {8, 9, 10, 11, 12, 13, 27}) + b"\x7f"


def sniff(head: bytes) -> Container:
    """The container that data beginning with ``head`` (512 bytes) is; PLAIN when it is none."""
    for magic, container in _MAGICS:
        if magic.match(head):
            return container
    return Container.TAR if is_tar_header(head) else Container.PLAIN


def is_too_short(head: bytes) -> bool:
    """Whether the bytes are so few that they say nothing, and might begin compressed data."""
    return bool(head) and len(head) < _SHORTEST and any(whole.startswith(head) for whole in _BEGINNINGS)


def unsupported_format(head: bytes) -> str:
    """The name of an archive format that is not read here; empty when it is none."""
    return next((name for magic, name in _FOREIGN if head.startswith(magic)), "")


def is_archive(head: bytes) -> bool:
    """Whether the bytes begin an archive or compressed data of any known kind."""
    return sniff(head) is not Container.PLAIN or bool(unsupported_format(head))


def tar_in(outer: Container) -> Container:
    """The container for members of a tar that is stored in ``outer``."""
    return _TAR_OF[outer]


def is_tar_header(block: bytes) -> bool:
    """Whether a 512-byte block carries a valid tar checksum (over bytes, signed or not as old tars do)."""
    if len(block) < _BLOCK or not block[0]:
        return False
    digits = block[_CHECKSUM].strip(b" \0")
    if not digits or digits.strip(b"01234567"):
        return False
    stated = int(digits, 8)
    rest = block[:148] + b" " * 8 + block[156:512]
    total = sum(rest)
    return stated in (total, total - 256 * sum(byte > 127 for byte in rest))  # noqa: PLR2004 - sign bit


def looks_binary(head: bytes) -> bool:
    """Whether more than a twentieth of the bytes that are not NUL are control codes no log has."""
    solid = len(head) - head.count(0)
    return (len(head) - len(head.translate(None, _CONTROL))) * 20 > solid


def archive_suffix(name: str) -> str:
    """The archive suffix a name ends with, as written; empty when it has none."""
    lower = name.lower()
    if not lower.endswith(_LOWER_SUFFIXES):
        return ""
    return next(name[-len(s) :] for s in _LOWER_SUFFIXES if lower.endswith(s))
