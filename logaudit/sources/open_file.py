"""Opens one file of the scanned tree and says what it brings: archives are listed, zip members not unpacked."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from logaudit.core.limits import Limits
from logaudit.core.location import Address
from logaudit.core.message import Message, Text, msg, plural
from logaudit.sources.archive_members import Member, admit, within_limits
from logaudit.sources.forward_stream import open_forward_stream
from logaudit.sources.magic import (
    HEAD,
    archive_suffix,
    is_archive,
    is_tar_header,
    is_too_short,
    looks_binary,
    sniff,
    tar_in,
    unsupported_format,
)
from logaudit.sources.read import FREE, blocks
from logaudit.sources.source import (
    Admitted,
    Container,
    Damage,
    FoundFile,
    Problem,
    ProblemKind,
    Source,
    SourceError,
    nested_archive,
    os_reason,
)
from logaudit.sources.tar_index import TarListing
from logaudit.sources.zip_index import ZipListing, list_zip

#: The part of an archive that makes it a spreadsheet's workbook, which is one table file.
_WORKBOOK: Final = "xl/workbook.xml"


def examine(found: FoundFile) -> Admitted:
    """What a file brings; one that cannot be opened brings a problem."""
    try:
        with found.path.open("rb", buffering=0) as handle:
            head = handle.read(HEAD)
        return _classify(found, head)
    except OSError as error:
        return _refused(found, os_reason(error), ProblemKind.UNREADABLE, archives=0)


def _classify(found: FoundFile, head: bytes) -> Admitted:
    match sniff(head):
        case Container.ZIP:
            listing = list_zip(found.path)
            if listing is not None and any(member.name == _WORKBOOK for member in listing.members):
                return _plain(found)
            return _salvaged(found) if listing is None else _zip(found, listing)
        case Container.TAR:
            return _plain_tar(found)
        case Container.GZ | Container.BZ2 | Container.XZ | Container.LZMA as stream:
            return _stream(found, stream)
        case _:
            return _unpacked(found, head)


def _unpacked(found: FoundFile, head: bytes) -> Admitted:
    """A file without an archive's first bytes: text, unless its name promised an archive."""
    suffix = archive_suffix(found.label)
    if name := unsupported_format(head):
        return _refused(
            found, msg("{name} is not read: unpack it first", name=Text(name)), ProblemKind.UNSUPPORTED
        )
    if suffix and is_too_short(head):
        return _refused(found, msg("only its first bytes are there"))
    if suffix and (looks_binary(head) or not head.strip(b"\0")):
        listing = list_zip(found.path)  # its directory lies at the end and may outlive its start
        if listing and listing.members:
            return _zip(found, listing)
        return _refused(
            found, msg("named {suffix}, yet its content is neither that nor text", suffix=Text(suffix))
        )
    return _plain(found)


def _plain(found: FoundFile) -> Admitted:
    return _single(found, Container.PLAIN, found.size, archives=0)


def _single(found: FoundFile, container: Container, size: int, archives: int = 1) -> Admitted:
    """The file as one source, which has ``size`` bytes once unpacked."""
    source = Source(Address(found.label), found.path, container, size, found.size, limits=found.limits)
    return Admitted([source], archives=archives)


def _refused(
    found: FoundFile, detail: Message, kind: ProblemKind = ProblemKind.DAMAGED, archives: int = 1
) -> Admitted:
    return Admitted(problems=[Problem(Address(found.label), kind, detail)], archives=archives)


def _zip(found: FoundFile, listing: ZipListing) -> Admitted:
    members = within_limits(listing.members, found.size, found.limits)
    into = admit(found, Container.ZIP, members)
    into.problems += [
        Problem(Address(found.label), damage.kind, damage.detail, limit=damage.limit)
        for damage in _left_out(listing, len(members), found.limits)
    ]
    return into


def _left_out(listing: ZipListing, read: int, limits: Limits) -> Iterator[Damage]:
    """What an archive has, or should have, beside the members that are read."""
    if listing.entries < listing.promised:
        yield Damage(
            msg(
                "its directory lists {listed} of {promised} members",
                listed=listing.entries,
                promised=listing.promised,
            )
        )
    if listing.overlapping:
        yield Damage(
            plural(
                "{n} member shares its bytes with another and is left out",
                "{n} members share their bytes with others and are left out",
                listing.overlapping,
            )
        )
    if read < len(listing.members):
        yield Damage(
            msg(
                "it has {members} members; the first {most} are read",
                members=Text(str(len(listing.members))),
                most=Text(str(read)),
            ),
            ProblemKind.OVER_LIMIT,
            limit="archive_members" if read == limits.archive_members else "unpacked_ratio",
        )


def _salvaged(found: FoundFile) -> Admitted:
    """Members rescued without a directory. The damage is stated once: by the member that it cut, if any."""
    from logaudit.sources.zip_recovery import recover_members  # noqa: PLC0415 - few archives lost their directory

    most = found.limits.archive_members
    listed = recover_members(found.path, most + 1)
    members = within_limits(listed, found.size, found.limits)
    into = admit(found, Container.ZIP, members)
    if len(members) < len(listed):
        limit = "archive_members" if len(members) == most else "unpacked_ratio"
        detail = msg("it holds more than the limit allows")
        into.problems.append(Problem(Address(found.label), ProblemKind.OVER_LIMIT, detail, limit=limit))
    if not any(_breaks(source) for source in reversed(into.sources)):
        detail = (
            msg("its directory is lost; members were found by their own headers")
            if into.sources
            else msg("its directory is lost and no member can be read")
        )
        into.problems.append(Problem(Address(found.label), ProblemKind.DAMAGED, detail))
    return into


def _breaks(source: Source) -> bool:
    try:
        for _ in blocks(source):
            pass
    except SourceError:
        return True
    return False


def _stream(found: FoundFile, container: Container) -> Admitted:
    """A compressed file: a tar when it unpacks to one, else one source."""
    try:
        head = open_forward_stream(found.path, container).read(0, HEAD)
    except Damage:
        head = b""  # the reader of the source says what is wrong
    if is_tar_header(head):
        return _packed_tar(found, container)
    if is_archive(head):
        damage = nested_archive()
        return _refused(found, damage.detail, damage.kind)
    return _single(found, container, -1)


def _plain_tar(found: FoundFile) -> Admitted:
    with found.path.open("rb", buffering=0) as handle:

        def read(offset: int, count: int) -> bytes:
            handle.seek(min(offset, found.size))
            return handle.read(count)

        listing = TarListing(read, sys.maxsize, found.limits.archive_members)
    return _tar(found, Container.TAR, listing.members, listing.damage, cut=found.size < listing.end)


def _packed_tar(found: FoundFile, outer: Container) -> Admitted:
    """Listing takes unpacking; the rest is unpacked too, for the checksum at its end."""
    tape = open_forward_stream(found.path, outer)
    limits = found.limits
    limit = min(limits.unpacked_size, max(FREE, limits.unpacked_ratio * found.size))
    listing = TarListing(tape.read, limit, limits.archive_members)
    damage = listing.damage
    try:
        tape.drain(limit)
    except Damage as late:
        damage = damage or late
    members = [replace(member, packed=found.size) for member in listing.members]
    return _tar(found, tar_in(outer), members, damage, cut=tape.at < listing.end)


def _tar(
    found: FoundFile, container: Container, members: list[Member], damage: Damage | None, *, cut: bool
) -> Admitted:
    """The members of a tar; damage inside the last member's data (``cut``) is left to its reader."""
    into = admit(found, container, members)
    if damage and not cut:
        into.problems.append(Problem(Address(found.label), damage.kind, damage.detail, limit=damage.limit))
    return into
