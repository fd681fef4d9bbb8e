"""Lists the members of a tar, reading forwards only and past damage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.message import msg
from logaudit.sources.archive_members import Member
from logaudit.sources.magic import HEAD, archive_suffix, is_tar_header
from logaudit.sources.source import Damage, ProblemKind

_BLOCK: Final = 512
_MAX_EXTRA: Final = 1 << 20
_FILE_KINDS: Final = (b"0", b"\0", b"7")
_LINK_KIND: Final = b"1"
_SPARSE_KIND: Final = b"S"
_LONG_NAME_KINDS: Final = (b"L", b"K")
_PAX_KIND: Final = b"x"
_BASE_256: Final = 0x80
#: Bytes of a member, beyond which a header cannot be right: no file system holds so many.
_LARGEST: Final = 1 << 60
_PAX_RECORD: Final = lazy_pattern(rb"(\d{1,9}) ([^=]{1,200})=")
_SPARSE: Final = (ProblemKind.UNSUPPORTED, msg("it is stored as a sparse file: unpack the archive first"))

#: ``read(offset, count)`` of the unpacked tar; shorter at its end, raises `Damage` where it breaks.
ReadBytes = Callable[[int, int], bytes]


class TarListing:
    """The regular files in a tar, in its order; folders, devices and symbolic links are no evidence.

    Attributes:
        members: what was found.
        damage: the first thing wrong between the members, None for a sound tar.
        end: the offset at which the last member's data ends.
    """

    def __init__(self, read: ReadBytes, limit: int, most: int) -> None:
        """Lists at once ``most`` members; ``limit`` caps the offset up to which headers are looked for."""
        self._most = most
        self.members: list[Member] = []
        self.damage: Damage | None = None
        self.end = 0
        self._read = read
        self._name = ""
        self._size = -1
        self._sparse = False
        try:
            self._walk(limit)
        except Damage as damage:
            self._note(damage)

    def _note(self, damage: Damage) -> None:
        self.damage = self.damage or damage

    def _walk(self, limit: int) -> None:
        at = 0
        while True:
            if at > limit or len(self.members) >= self._most:
                raise _more_than("unpacked_size" if at > limit else "archive_members")
            block = self._read(at, _BLOCK)
            if len(block) < _BLOCK:
                raise Damage(msg("the tar ends early"))
            if is_tar_header(block):
                at = self._header(block, at + _BLOCK)
            elif not block.strip(b"\0") and self.damage is None:
                return
            else:
                # The members behind the damage are found by searching for the next header.
                self._note(Damage(msg("a header inside the tar is damaged")))
                at += _BLOCK

    def _header(self, block: bytes, data: int) -> int:
        """Takes in one header whose data begins at ``data``; the offset of the next one."""
        kind = block[156:157]
        size = _number(block[124:136])
        if size > _LARGEST:
            self._note(Damage(msg("a header inside the tar states an impossible size")))
            return data
        if kind in _LONG_NAME_KINDS or kind == _PAX_KIND:
            self._extend(kind, self._read(data, min(size, _MAX_EXTRA)))
        else:
            size = max(0, size if self._size < 0 else self._size)
            if kind in _FILE_KINDS or kind in (_LINK_KIND, _SPARSE_KIND):
                self._member(block, kind, data, 0 if kind == _LINK_KIND else size)
            self._name, self._size, self._sparse = "", -1, False
        self.end = data + size
        return data + (size + _BLOCK - 1) // _BLOCK * _BLOCK

    def _extend(self, kind: bytes, extra: bytes) -> None:
        """Keeps what an extension header says about the member that follows it."""
        if kind == b"L":
            self._name = _text(extra)
        elif kind == _PAX_KIND:
            for key, value in _pax_records(extra):
                if key == b"path":
                    self._name = _text(value)
                elif key == b"size" and value.isdigit():
                    self._size = int(value[:18])
                elif key.startswith(b"GNU.sparse."):
                    self._sparse = True

    def _member(self, block: bytes, kind: bytes, data: int, size: int) -> None:
        name = self._name or _header_name(block)
        if kind != _LINK_KIND and name.endswith("/"):  # how the oldest tars write a folder
            return
        self.members.append(
            Member(
                name,
                size,
                packed=size,
                offset=data,
                bar=_SPARSE if self._sparse or kind == _SPARSE_KIND else None,
                skip=msg("a second name of another member") if kind == _LINK_KIND else None,
                head=self._read(data, min(size, HEAD)) if archive_suffix(name) else None,
            )
        )


def _more_than(limit: str) -> Damage:
    return Damage(msg("it holds more than the limit allows"), ProblemKind.OVER_LIMIT, limit=limit)


def _header_name(block: bytes) -> str:
    prefix = _text(block[345:500]) if block[257:263] == b"ustar\0" else ""
    return f"{prefix}/{_text(block[:100])}" if prefix else _text(block[:100])


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")


def _number(raw: bytes) -> int:
    """A header's number: octal digits, or base 256 for what digits cannot hold."""
    if raw[0] & _BASE_256:
        return int.from_bytes(raw[1:], "big")
    digits = raw.strip(b" \0")
    return int(digits, 8) if digits and not digits.strip(b"01234567") else 0


def _pax_records(extra: bytes) -> list[tuple[bytes, bytes]]:
    """Key and value of each ``length key=value`` record."""
    records = []
    at = 0
    while match := _PAX_RECORD.match(extra, at):
        end = at + int(match[1])
        records.append((match[2], extra[match.end() : end - 1]))
        at = max(end, match.end())
    return records
