"""Which sources make one session, and what stands for one that could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from logaudit.digest import OtherDigest, SourceKind
from logaudit.intake.survey import Survey
from logaudit.model.location import Address
from logaudit.pool import Cause, Lost
from logaudit.profile import Profile
from logaudit.sources import Problem, ProblemKind, Source, group_sessions

_CAUSES: Final = {
    Cause.DIED: "the process that read it died, and so did the next: it may take more memory than there is",
    Cause.MEMORY: "reading it takes more memory than there is",
}


class Session(Struct, frozen=True):
    """One bot's folder: the profile it is read with, and why."""

    root: str
    profile: Profile
    why: str


def roots_of(sources: Sequence[Source], surveys: Sequence[Survey]) -> list[str]:
    """The session that each source belongs to, by the bot's folder."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for source, survey in zip(sources, surveys, strict=True):
        held = kinds[folder_of(source.address)]
        if survey.kind in (SourceKind.LOG, SourceKind.LEDGER):
            held.add(survey.kind.value)
    roots = group_sessions({folder: frozenset(held) for folder, held in kinds.items()})
    return [roots[folder_of(source.address)] or "." for source in sources]


def members_of(roots: Sequence[str]) -> dict[str, list[int]]:
    """The sources of each session, by its root."""
    members: dict[str, list[int]] = defaultdict(list)
    for index, root in enumerate(roots):
        members[root].append(index)
    return members


def folder_of(address: Address) -> str:
    """The folder that a source lies in, empty for the scanned one."""
    folder = PurePosixPath(address.path).parent.as_posix()
    return "" if folder == "." else folder


def dead(source: Source, lost: Lost) -> OtherDigest:
    """In place of the digest of a source that no process survived reading."""
    detail = _CAUSES[lost.cause]
    problem = Problem(source.address, ProblemKind.UNREADABLE, detail)
    return OtherDigest(source.address, SourceKind.OTHER, source.size, detail, problem)
