"""Paths → case: discovers, digests and merges; the only place that drives the heavy work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from logaudit.case import Case, Session, Window, build_session, limit
from logaudit.dialect import BUILT_IN as BUILT_IN_DIALECTS
from logaudit.dialect import DialectSet, compile_format
from logaudit.digest import Digest, Probe, SourceKind, probe
from logaudit.errors import NothingToJudgeError
from logaudit.evidence import at_home, merge
from logaudit.model.location import Address
from logaudit.pool import Progress, Reader, Task, read_all
from logaudit.profile import BUILT_IN, Profile, WrittenFormat, load_built_in, resolve
from logaudit.profile.detect import detect
from logaudit.sources import Problem, discover, group_sessions


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """What a user may say about how to read.

    Attributes:
        profile: name or path; empty to detect one for each session.
        formats: the bot's own format strings, tried before all others.
        encoding: stated encoding of all text; empty to detect.
        zone: time zone of the logs' naive times; empty when not known.
        jobs: worker processes; 0 for one a core.
        window: which closes and rows are judged; everything is read in any case.
    """

    profile: str = ""
    formats: tuple[WrittenFormat, ...] = ()
    encoding: str = ""
    zone: str = ""
    jobs: int = 0
    window: Window = field(default_factory=Window)


@dataclass(slots=True)
class _Found:
    """One session before it is read."""

    root: str
    probes: list[Probe] = field(default_factory=list)


def read_case(paths: Sequence[str | Path], options: ScanOptions, progress: Progress | None = None) -> Case:
    """Reads everything under ``paths``.

    Raises:
        UserError: a path does not exist, or the profile is broken.
        NothingToJudgeError: no log and no ledger was found.
    """
    profiles = [resolve(options.profile)] if options.profile else [load_built_in(name) for name in BUILT_IN]
    found = discover(paths)
    dialects = _dialects(profiles, options.formats)
    encoding = options.encoding or None
    probes = [probe(source, profiles, dialects, encoding) for source in found.sources]
    problems = [*found.problems, *(p.problem for p in probes if p.problem and p.kind is SourceKind.EMPTY)]
    if not any(p.kind in (SourceKind.LOG, SourceKind.LEDGER) for p in probes):
        raise _nothing(paths, probes, problems)
    chosen: dict[str, tuple[Profile, str]] = {}
    readers: dict[str, Reader] = {}
    tasks: list[Task] = []
    for session in _sessions(probes):
        profile, why = _choose(session, profiles, options)
        chosen[session.root] = profile, why
        if profile.name not in readers:
            readers[profile.name] = Reader(profile, _dialects([profile], options.formats), encoding)
        tasks += [Task(session.root, p.source, p.kind, profile.name) for p in session.probes]
    digests = read_all(tasks, readers, options.jobs, progress or Progress())
    read: dict[str, list[Digest]] = defaultdict(list)
    for task, result in zip(tasks, digests, strict=True):
        read[task.session].append(result)
        if result.problem is not None and result.problem not in problems:
            problems.append(result.problem)
    by_root = at_home(read)
    return Case(
        sessions=tuple(
            limit(_build(by_root[root], root, chosen[root][0]), options.window) for root in sorted(by_root)
        ),
        problems=tuple(sorted(problems, key=lambda p: (p.address, p.detail))),
        skipped=found.skipped,
        roots=found.roots,
        archives=found.archives,
        zone=options.zone,
        why_profile={root: chosen[root][1] for root in sorted(by_root)},
        window=options.window,
    )


def _build(digests: Sequence[Digest], root: str, profile: Profile) -> Session:
    return build_session(merge(root, digests, profile))


def _dialects(profiles: Sequence[Profile], formats: Sequence[WrittenFormat]) -> DialectSet:
    """The user's own formats, the profiles', then the built-in ones."""
    written = [*formats, *(f for p in profiles for f in p.formats)]
    return DialectSet(
        [*(compile_format(f.format, f.datefmt) for f in dict.fromkeys(written)), *BUILT_IN_DIALECTS]
    )


def _sessions(probes: Sequence[Probe]) -> list[_Found]:
    """Groups sources by the bot's folder they belong to."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for item in probes:
        folder = _folder(item.source.address)
        if item.kind in (SourceKind.LOG, SourceKind.LEDGER):
            kinds[folder].add(item.kind.value)
        else:
            kinds[folder] |= set()
    roots = group_sessions({folder: frozenset(k) for folder, k in kinds.items()})
    found: dict[str, _Found] = {}
    for item in probes:
        root = roots[_folder(item.source.address)] or "."
        found.setdefault(root, _Found(root)).probes.append(item)
    return [found[root] for root in sorted(found)]


def _folder(address: Address) -> str:
    folder = PurePosixPath(address.path).parent.as_posix()
    return "" if folder == "." else folder


def _choose(session: _Found, profiles: Sequence[Profile], options: ScanOptions) -> tuple[Profile, str]:
    if options.profile:
        return profiles[0], "named by --profile"
    lines = [line for p in session.probes for line in p.sample]
    headers = [p.header for p in session.probes if p.header]
    choice = detect(profiles, lines, headers)
    return choice.profile, choice.why


def _nothing(
    paths: Sequence[str | Path], probes: Sequence[Probe], problems: Sequence[Problem]
) -> NothingToJudgeError:
    where = ", ".join(str(p) for p in paths)
    seen = f"{len(probes)} files read" if probes else "no files there"
    damage = f", {len(problems)} unreadable" if problems else ""
    return NothingToJudgeError(
        f"Nothing to judge in {where}: {seen}{damage}, and none is a log or a trades CSV.",
        "logaudit looks for loguru or logging text logs (plain, .zip, .gz, .bz2, .xz, .lzma, .tar) and CSV files "
        "with a time, a symbol and a price or PnL column; give the folder they lie in, or --log-format.",
    )
