"""What the report says of files and sources: what was read, as what, and what was not."""

from msgspec import Struct

from logaudit.core.location import Address, SourceKind
from logaudit.core.message import Message
from logaudit.core.timestamp import Stamp


class ArchiveMember(Struct, frozen=True):
    """A member as its archive states it.

    Attributes:
        bytes: once unpacked, None where that is not stated.
        crc32: eight hexadecimal digits, empty where none is stated.
    """

    member: str
    bytes: int | None
    crc32: str


class FileReport(Struct, frozen=True):
    """One file as it lies on disk.

    Attributes:
        path: as locations name it.
        sha256: of its bytes; empty where they cannot be read, or where the file is large and nothing of it was read.
        members: those of an archive that can be read.
    """

    path: str
    bytes: int
    sha256: str
    members: tuple[ArchiveMember, ...] = ()


class SourceReport(Struct, frozen=True):
    """One source as read, for evidence registers.

    Attributes:
        sha256: of its file as it lies on disk, empty where it was not taken.
        bytes: of its text as unpacked.
        packed: whether it came out of an archive or a compressed file.
    """

    address: Address
    session: str
    kind: SourceKind
    stream: str
    sha256: str
    bytes: int
    records: int
    first: Stamp | None
    last: Stamp | None
    copies: tuple[Address, ...]
    packed: bool = False


class Skipped(Struct, frozen=True):
    """Something that was not read, and why."""

    path: str
    reason: Message
