"""Which sources make one session, the profile that it is read with, and what stands for a source that is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import assert_never

from msgspec import Struct

from logaudit.core.location import Address, SourceKind
from logaudit.core.message import Code, Message, Text, msg
from logaudit.ingest.codec import HeldExtract
from logaudit.ingest.executor import Cause, Lost
from logaudit.ingest.probe import ProbeResult
from logaudit.ingest.source_extract import ExtractSummary, OtherExtract
from logaudit.profiles import Profile
from logaudit.profiles.detect import choose
from logaudit.sources import Problem, ProblemKind, Source, group_sessions


class SessionProfile(Struct, frozen=True):
    """One bot's folder: the profile it is read with, and why.

    Attributes:
        recognised: whether a sampled log line speaks for the profile; marked: whether one holds a marker of its bot.
    """

    root: str
    profile: Profile
    why: Message
    recognised: bool
    marked: bool


class IngestResult(Struct, frozen=True):
    """Everything that was read.

    Attributes:
        sessions: in order of their roots.
        extracts: those of each session, by its root, in the order of the sources.
        kinds: what each source is, in the order of the sources.
        problems: of sources that show nothing but a problem.
    """

    sessions: tuple[SessionProfile, ...]
    extracts: Mapping[str, list[HeldExtract]]
    kinds: tuple[SourceKind, ...]
    problems: tuple[Problem, ...]

    @property
    def summaries(self) -> Iterator[ExtractSummary]:
        """Of all sources, by their sessions."""
        return (held.summary for some in self.extracts.values() for held in some)


def roots_of(sources: Sequence[Source], surveys: Sequence[ProbeResult]) -> list[str]:
    """The session that each source belongs to, by the bot's folder."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for source, probe in zip(sources, surveys, strict=True):
        held = kinds[folder_of(source.address)]
        if probe.kind in (SourceKind.LOG, SourceKind.LEDGER):
            held.add(probe.kind.value)
        elif probe.kind is SourceKind.TABLE:
            held.add(SourceKind.LEDGER.value)
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


def dead(source: Source, lost: Lost) -> OtherExtract:
    """In place of the extract of a source that no process survived reading."""
    problem = Problem(source.address, ProblemKind.UNREADABLE, _why(lost))
    return OtherExtract(source.address, SourceKind.OTHER, source.size, problem)


def _why(lost: Lost) -> Message:
    match lost.cause:
        case Cause.DIED:
            return msg(
                "the process that read it died, and so did the next: it may take more memory than there is"
            )
        case Cause.MEMORY:
            return msg("reading it takes more memory than there is")
        case Cause.DEFECT:
            return msg(
                "reading it met a defect of logaudit, please report it: {error}", error=Text(lost.detail)
            )
        case _:
            assert_never(lost.cause)


def is_marked(probes: Sequence[ProbeResult], profiles: Sequence[Profile]) -> bool:
    """Whether a line shows a marker of a bot."""
    names = [profile.name for profile in profiles if profile.markers]
    return any(text is not None for probe in probes for name in names for text in probe.markers(name))


def named_profile(root: str, probes: Sequence[ProbeResult], profile: Profile) -> SessionProfile:
    """The profile that the user named."""
    marked = is_marked(probes, (profile,))
    return SessionProfile(root, profile, msg("named by {flag}", flag=Code("--profile")), marked, marked)


def chosen_profile(root: str, probes: Sequence[ProbeResult], profiles: Sequence[Profile]) -> SessionProfile:
    """The profile that most lines and headers speak for."""
    names = {name for probe in probes for name in probe.hits}
    signs = {name: [probe.hits[name] for probe in probes if name in probe.hits] for name in names}
    headers = [probe.header for probe in probes if probe.header]
    choice = choose(profiles, signs, sum(probe.lines for probe in probes), headers)
    return SessionProfile(root, choice.profile, choice.why, choice.recognised, choice.marked)
