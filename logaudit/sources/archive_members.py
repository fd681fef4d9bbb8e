"""Decides which members of an archive become sources, and says what becomes of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.limits import Limits
from logaudit.core.location import Address
from logaudit.core.message import Message
from logaudit.core.source_report import Skipped
from logaudit.sources.ignored_files import ignore_reason
from logaudit.sources.labels import label, unique
from logaudit.sources.magic import archive_suffix, is_archive
from logaudit.sources.read import FREE, blocks
from logaudit.sources.source import (
    Admitted,
    Container,
    FoundFile,
    Problem,
    ProblemKind,
    Source,
    SourceError,
    nested_archive,
)

#: Bytes that deflate makes one byte of, at best.
_DEFLATES_TO: Final = 1032


class Member(Struct, frozen=True):
    """One entry as an archive lists it; the fields are those of `Source`.

    Attributes:
        name: as the archive has it, hostile.
        bar: why it cannot be read; None when it can.
        skip: why it is left alone; None when it is not.
        head: its first bytes, where only the listing could get them cheaply.
    """

    name: str
    size: int
    packed: int
    offset: int
    method: int = 0
    crc: int = -1
    bar: tuple[ProblemKind, Message] | None = None
    skip: Message | None = None
    head: bytes | None = None


def within_limits(members: Sequence[Member], packed: int, limits: Limits) -> Sequence[Member]:
    """The first members of a zip of ``packed`` bytes, as many as may be and as far as they do not make a bomb.

    One that states no size has that of what deflate can pack best. All are read as far as they state, no further.
    """
    room = max(FREE, limits.unpacked_ratio * packed)
    for index, member in enumerate(members[: limits.archive_members]):
        room -= member.size if member.size >= 0 else member.packed * _DEFLATES_TO
        if room < 0:
            return members[:index]
    return members[: limits.archive_members]


def admit(found: FoundFile, container: Container, members: Sequence[Member]) -> Admitted:
    """Sorts the members of one archive; names that repeat are told apart by a number."""
    into = Admitted(archives=1)
    for name, member in zip(unique([label(m.name) for m in members]), members, strict=True):
        _place(into, member, _source(found, name, container, member))
    if into.sources[1:]:
        from logaudit.sources.member_shares import shared  # noqa: PLC0415 - many scans have no archive of several logs

        into.sources = shared(into.sources, found.size)
    return into


def _source(found: FoundFile, name: str, container: Container, member: Member) -> Source:
    return Source(
        Address(found.label, name),
        found.path,
        container,
        member.size,
        member.packed,
        member.offset,
        member.method,
        member.crc,
        found.limits,
    )


def _place(into: Admitted, member: Member, source: Source) -> None:
    skip = member.skip or ignore_reason(source.address.member)
    if skip:
        into.skipped.append(Skipped(str(source.address), skip))
    elif member.bar is not None:
        into.problems.append(Problem(source.address, *member.bar))
    elif problem := _nested(member, source):
        into.problems.append(problem)
    else:
        into.sources.append(source)


def _nested(member: Member, source: Source) -> Problem | None:
    """The problem of a member that is named like an archive, unless its bytes are plain text after all."""
    if not archive_suffix(member.name):
        return None
    if member.head is None:
        try:
            next(blocks(source), b"")
        except SourceError as error:
            return error.problem
    elif is_archive(member.head):
        damage = nested_archive()
        return Problem(source.address, damage.kind, damage.detail)
    return None
