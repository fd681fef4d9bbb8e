"""The words of this package: a source, what is wrong with one, and what a discovery found."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.core.location import Address
from logaudit.core.message import Message, Text, msg
from logaudit.core.source_report import Skipped

#: Packed bytes of which any limit on lines holds as a whole; of fewer as large a part of it. By default they may have
#: five lines for each byte, which are 300 times as many bytes where lines are as long as those of tracebacks.
_LARGE: Final = 300_000
#: Bytes that any packed file has beside its text, and some more for what is too little to be told from a bomb.
_HEADER: Final = 1_000
#: Packed bytes of a line, at least: it has a time and words of its own. Those of logs take thirteen and more.
PACKED_LINE: Final = 4
#: Packed bytes of a line that a pattern recognises, at least: it has a time and figures of its own. Logs of nothing
#: else take fifteen.
PACKED_MATCH: Final = 8
#: A file's time is what anybody set it to; beyond 64 bits, 292 years from 1970, it tells nothing more.
_FARTHEST: Final = (1 << 63) - 1


class Container(StrEnum):
    """What a source's bytes lie in."""

    PLAIN = "plain"
    ZIP = "zip"
    GZ = "gz"
    BZ2 = "bz2"
    XZ = "xz"
    LZMA = "lzma"
    TAR = "tar"
    TAR_GZ = "tar.gz"
    TAR_BZ2 = "tar.bz2"
    TAR_XZ = "tar.xz"
    TAR_LZMA = "tar.lzma"


class ProblemKind(StrEnum):
    """Why something could not be read to its end."""

    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    OVER_LIMIT = "over-limit"
    UNREADABLE = "unreadable"
    UNSUPPORTED = "unsupported"
    NESTED_ARCHIVE = "nested-archive"


class Problem(Struct, frozen=True):
    """One thing that could not be read, or not to its end.

    Attributes:
        address: the folder, file or member meant.
        kind: which sort of trouble.
        detail: what exactly, one clause without a full stop.
        read: bytes of its text that were handed out before the trouble.
        untrusted: whether these prove nothing, as the whole does not match its checksum.
        limit: the field of `Limits` that left something out, empty for another reason.
    """

    address: Address
    kind: ProblemKind
    detail: Message
    read: int = 0
    untrusted: bool = False
    limit: str = ""

    @property
    def order(self) -> tuple[Address, str, str]:
        """What problems are sorted by."""
        return self.address, self.kind.value, str(self.detail)


class SourceError(Exception):
    """Reading a source stopped; everything readable before was handed out.

    Attributes:
        problem: what stopped it, and after how many bytes.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.address}: {problem.detail}")
        self.problem = problem

    def __reduce__(self) -> tuple[type[SourceError], tuple[Problem]]:
        """Worker processes hand it back whole."""
        return type(self), (self.problem,)


class Damage(Exception):  # noqa: N818 - it names the fact, and never leaves the package
    """What a reader inside the package met, before it is tied to an address."""

    def __init__(
        self,
        detail: Message,
        kind: ProblemKind = ProblemKind.DAMAGED,
        *,
        untrusted: bool = False,
        limit: str = "",
    ) -> None:
        super().__init__(str(detail))
        self.limit = limit
        self.detail = detail
        self.kind = kind
        self.untrusted = untrusted


def nested_archive() -> Damage:
    """An archive where text should be: only one level is opened."""
    return Damage(msg("it is an archive inside an archive: unpack it first"), ProblemKind.NESTED_ARCHIVE)


def free_lines(limits: Limits, packed: int) -> int:
    """Lines that so many packed bytes may have at any rate: many small bombs are no worse than a large one."""
    return limits.packed_lines * min(packed + _HEADER, _LARGE) // _LARGE


class MemberShare(Struct, frozen=True, array_like=True):
    """How much may be read of one member, among all of its archive.

    Attributes:
        lines: that it may have.
        matches: lines that patterns may recognise.
    """

    lines: int
    matches: int


class Source(Struct, frozen=True):
    """One readable stream: a file, a compressed file, or a member of an archive.

    Attributes:
        address: where reports say it is; the member is empty for a file that is one stream.
        file: the file to open.
        container: what the stream lies in.
        size: bytes once unpacked, -1 where the container does not state them.
        packed: bytes it takes in the file; for a tar in a compressed file, those of the file.
        offset: zip: the local header's place; tar: the first byte's place in the unpacked tar.
        method: zip: number of the compression method.
        crc: zip: the stated CRC-32, -1 where none is.
        limits: how much of it is read.
        share: what it may have of what its limits allow; None for all of it.
    """

    address: Address
    file: Path
    container: Container
    size: int
    packed: int
    offset: int = 0
    method: int = 0
    crc: int = -1
    limits: Limits = DEFAULT_LIMITS
    share: MemberShare | None = None

    @property
    def most_lines(self) -> int:
        """Lines that it may have, if it is packed."""
        if self.share is not None:
            return self.share.lines
        return max(free_lines(self.limits, self.packed), self.packed // PACKED_LINE)

    @property
    def most_matches(self) -> int:
        """Lines that patterns may recognise; of a log that lies there as it is, any number."""
        if self.container is Container.PLAIN:
            return sys.maxsize
        if self.share is not None:
            return self.share.matches
        return max(self.limits.packed_matches, self.packed // PACKED_MATCH)


class FileState(Struct, frozen=True):
    """What changes when a file's content does; times in ns since 1970."""

    size: int
    mtime: int
    ctime: int
    inode: int
    device: int

    @classmethod
    def of(cls, status: os.stat_result) -> FileState:
        """The state that a file has, or had."""
        modified = min(max(status.st_mtime_ns or 0, -_FARTHEST), _FARTHEST)
        return cls(status.st_size, modified, status.st_ctime_ns, status.st_ino, status.st_dev)


class FoundFile(Struct, frozen=True):
    """One regular file.

    Attributes:
        path: to open it.
        label: relative to the scanned root, with ``/``; unique.
        state: at the time of the walk.
        limits: how much of it is read.
    """

    path: Path
    label: str
    state: FileState
    limits: Limits = DEFAULT_LIMITS

    @property
    def size(self) -> int:
        """Bytes."""
        return self.state.size


def last_written(sources: Mapping[Address, Source], address: Address) -> int | None:
    """When a plain file was last written, µs since 1970 UTC; None for a member of an archive."""
    source = sources.get(address)
    if source is None or source.container is not Container.PLAIN:
        return None
    try:
        return source.file.stat().st_mtime_ns // 1000
    except OSError:
        return None


class Admitted(Struct):
    """What one file of the scanned tree brought."""

    sources: list[Source] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    archives: int = 0

    def add(self, other: Admitted) -> None:
        """Takes in what another file brought."""
        self.sources += other.sources
        self.problems += other.problems
        self.skipped += other.skipped
        self.archives += other.archives


class Discovery(Struct, frozen=True):
    """Everything found under the given paths, in an order that depends on names alone.

    Attributes:
        sources: ordered by path; the members of one archive as they follow each other in it, which is the
            order in which they are cheapest to read.
        problems: what cannot be read at all; what breaks while being read is reported by the reader.
        skipped: what was left alone on purpose.
        archives: archive and compressed files met, readable or not.
        roots: the given paths as the addresses name them.
        files: every regular file, read or not, ordered by label.
    """

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    archives: int
    roots: tuple[str, ...]
    files: tuple[FoundFile, ...] = ()


def os_reason(error: OSError) -> Message:
    """Why the system refused, in words that do not depend on its language."""
    if isinstance(error, PermissionError):
        return msg("permission denied")
    if isinstance(error, FileNotFoundError):
        return msg("it vanished while being read")
    number = error.errno or 0
    if (known := _of_remote_places(number)) is not None:
        return known
    if (name := errno.errorcode.get(number)) is None:
        return msg("the system reports an input/output error")
    return msg("the system reports {name}", name=Text(name))


def _of_remote_places(number: int) -> Message | None:
    """What numbers of the system's errors stand for in `logaudit.sources.remote`; None for others."""
    return {
        errno.ESTALE: msg("it changed after it was listed"),
        errno.ECONNABORTED: msg("the place gives no answer that can be used"),
        errno.EPROTO: msg("its certificate is not one that this machine trusts"),
        errno.ELOOP: msg("it is a link that is not followed"),
        errno.EXDEV: msg("it lies in another region than the environment says"),
    }.get(number)
