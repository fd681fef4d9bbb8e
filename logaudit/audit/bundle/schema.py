"""What a bundle keeps of a reading: everything that a report follows from, as JSON that people can read too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import Reading, ScanOptions
from logaudit.audit.sessions import build_sessions
from logaudit.core.errors import ProfileError, UserError
from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.core.message import Message
from logaudit.core.report import Report
from logaudit.core.secrets import Numbering, walk
from logaudit.core.source_code import SourceAnalysis
from logaudit.core.source_report import FileReport, Skipped
from logaudit.core.time_window import TimeWindow
from logaudit.ingest.source_extract import (
    HealthExtract,
    LedgerExtract,
    LogExtract,
    OtherExtract,
    SourceExtract,
)
from logaudit.profiles import BUILT_IN, LedgerSpec, Profile, WrittenFormat, parse
from logaudit.profiles.load import text_of
from logaudit.profiles.profile import LEARNED
from logaudit.reconcile.expected_closes import ExpectedCloses
from logaudit.reconcile.reconciled import Case
from logaudit.reconcile.time_window import limit
from logaudit.sources import Problem


class _Log(Struct, frozen=True, tag="log"):
    extract: LogExtract


class _Ledger(Struct, frozen=True, tag="ledger"):
    extract: LedgerExtract


class _Health(Struct, frozen=True, tag="health"):
    extract: HealthExtract


class _Other(Struct, frozen=True, tag="other"):
    extract: OtherExtract


_Tagged: TypeAlias = _Log | _Ledger | _Health | _Other


class ReadSession(Struct, frozen=True):
    """One bot's folder as it was read.

    Attributes:
        profile: the member that holds its profile; learned: whether its rows taught it.
        expected: why closes are expected where none was recognised: lines that only the logs themselves can show.
    """

    root: str
    profile: str
    learned: bool
    why: Message
    expected: ExpectedCloses | None
    extracts: tuple[_Tagged, ...]


class Evidence(Struct, frozen=True):
    """What was read; the fields are those of `Case`.

    Attributes:
        code: what the bot's source said, by root: the source itself is in no bundle.
    """

    files: tuple[FileReport, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    roots: tuple[str, ...]
    archives: int
    recognised: bool
    sessions: tuple[ReadSession, ...]
    code: dict[str, SourceAnalysis] = field(default_factory=dict)


class BundleSettings(Struct, frozen=True):
    """What the evidence was read and judged with; the fields are those of `ScanOptions`.

    Attributes:
        profile: the member that holds the profile that was named, empty where profiles were detected.
    """

    tool_version: str
    profile: str
    formats: tuple[WrittenFormat, ...]
    ledgers: tuple[LedgerSpec, ...]
    encoding: str
    zone: str
    window: TimeWindow
    limits: Limits = DEFAULT_LIMITS

    def options(self, jobs: int) -> ScanOptions:
        """The options that read and judge in the same way."""
        return ScanOptions(
            formats=self.formats,
            ledgers=self.ledgers,
            encoding=self.encoding,
            zone=self.zone,
            window=self.window,
            jobs=jobs,
            limits=self.limits,
        )


def encode(value: object) -> bytes:
    """Structs as JSON for a bundle: keys sorted, credentials redacted. Everything a bundle says passes here."""
    plain = walk(msgspec.to_builtins(value, str_keys=True, order="deterministic"), Numbering().text)
    return msgspec.json.format(msgspec.json.encode(plain), indent=1) + b"\n"


def evidence_of(reading: Reading, profiles: Mapping[str, str]) -> Evidence:
    """What a bundle keeps of a reading; ``profiles`` as `profile_members` names them."""
    case = reading.case
    return Evidence(
        case.files,
        case.problems,
        case.skipped,
        case.roots,
        case.archives,
        case.recognised,
        tuple(
            ReadSession(
                session.root,
                profiles[session.root],
                session.root in reading.learned,
                case.why_profile[session.root],
                case.expected.get(session.root),
                tuple(_tagged(extract) for extract in reading.extracts[session.root]),
            )
            for session in case.sessions
        ),
        case.code,
    )


def profile_members(reading: Reading, named: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    """Root of each session → the member with its profile; member → the profile's TOML.

    Args:
        named: the TOML of the profile that the user named, empty where profiles were detected.
    """
    by_root: dict[str, str] = {}
    by_text: dict[bytes, str] = {}
    for session in reading.case.sessions:
        name = session.profile.name
        text = named or reading.learned.get(session.root, "").encode() or text_of(name).encode()
        by_root[session.root] = by_text.setdefault(text, f"profiles/{len(by_text) + 1}-{name}.toml")
    return by_root, {member: text for text, member in by_text.items()}


def profile_text(profile: str) -> bytes:
    """The TOML of a profile that the user named, by name or path; empty for no name."""
    if not profile:
        return b""
    if profile in BUILT_IN:
        return text_of(profile).encode()
    from pathlib import Path  # noqa: PLC0415 - few name a file

    return Path(profile).read_bytes()


def shareable(text: bytes, profile: str) -> bytes:
    """A profile's TOML without credentials, as a bundle holds it; it reads logs as it did.

    Raises:
        UserError: it would not, as a pattern or what proves one holds a credential.
    """
    words = text.decode("utf-8-sig")
    redacted = Numbering().text(words)
    if redacted == words:
        return text
    kept = redacted.encode()
    try:
        same = [p.written for p in parse(kept, profile).patterns] == [
            p.written for p in parse(text, profile).patterns
        ]
    except ProfileError:
        same = False
    if not same:
        raise UserError(
            f"The patterns or samples of {profile} hold a credential, which a bundle would pass on.",
            "Take it out of them.",
        )
    return kept


def derive(evidence: Evidence, settings: BundleSettings, profiles: Mapping[str, Profile]) -> Report:
    """The report that follows from the evidence.

    Args:
        profiles: by their members.
    """
    read = {s.root: tuple(item.extract for item in s.extracts) for s in evidence.sessions}
    known = {s.root: profiles[s.profile] for s in evidence.sessions}
    built = build_sessions(read, known, evidence.problems, settings.zone)
    return build_report(
        Case(
            sessions=tuple(limit(session, settings.window) for session in built.values()),
            problems=evidence.problems,
            skipped=evidence.skipped,
            roots=evidence.roots,
            archives=evidence.archives,
            zone=settings.zone,
            why_profile={s.root: s.why for s in evidence.sessions},
            window=settings.window,
            recognised=evidence.recognised,
            expected={s.root: s.expected for s in evidence.sessions if s.expected},
            files=evidence.files,
            code=evidence.code,
        )
    )


def load_profiles(evidence: Evidence, members: Mapping[str, bytes]) -> dict[str, Profile]:
    """The profiles of the sessions, by their members.

    Raises:
        ProfileError: one is missing or broken.
    """
    found: dict[str, Profile] = {}
    for session in evidence.sessions:
        if session.profile not in members:
            raise ProfileError(f"There is no {session.profile}.")
        origin = LEARNED if session.learned else session.profile
        found[session.profile] = parse(members[session.profile], origin)
    return found


def _plain(log: LogExtract) -> LogExtract:
    """The log, nothing in it packed."""
    contexts = (replace(c, before=tuple(c.before), after=tuple(c.after)) for c in log.contexts)
    return replace(log, matches=tuple(log.matches), contexts=tuple(contexts))


def _tagged(extract: SourceExtract) -> _Tagged:
    match extract:
        case LogExtract():
            return _Log(_plain(extract))
        case LedgerExtract():
            return _Ledger(extract)
        case HealthExtract():
            return _Health(extract)
        case OtherExtract():
            return _Other(extract)
