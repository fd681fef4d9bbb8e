"""Brings sources in: survey, choice of profiles, reading; large plain files are read in parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from logaudit.digest import Digest, LogDigest, OtherDigest, SourceKind
from logaudit.digest.codec import unpack, unpack_part
from logaudit.digest.load import load_numpy
from logaudit.digest.parts import join
from logaudit.intake.count import Count
from logaudit.intake.kit import Kit
from logaudit.intake.tasks import READ, Look, Read, Seen, Slice, Sum, Survey, warm, weight_of
from logaudit.model.location import Address
from logaudit.pool import PARALLEL_FROM, Cause, Crew, Lost, Make, Progress, default_jobs
from logaudit.profile import Profile
from logaudit.profile.detect import choose
from logaudit.sources import Container, Problem, ProblemKind, Source, group_sessions

if TYPE_CHECKING:
    from logaudit.digest.ranges import Range

#: Bytes of one part of a large plain file, whatever the number of workers.
PART: Final = 64 << 20

_CAUSES: Final = {
    Cause.DIED: "the process that read it died, and so did the next: it may take more memory than there is",
    Cause.MEMORY: "reading it takes more memory than there is",
}


@dataclass(frozen=True, slots=True)
class Session:
    """One bot's folder: the profile it is read with, and why."""

    root: str
    profile: Profile
    why: str


@dataclass(frozen=True, slots=True)
class Intake:
    """Everything that was read.

    Attributes:
        sessions: in order of their roots.
        digests: those of each session, by its root, in the order of the sources.
        kinds: what each source is, in the order of the sources.
        problems: of sources that show nothing but a problem.
    """

    sessions: tuple[Session, ...]
    digests: Mapping[str, list[Digest]]
    kinds: tuple[SourceKind, ...]
    problems: tuple[Problem, ...]


def take_in(
    sources: Sequence[Source],
    kit: Kit,
    jobs: int,
    progress: Progress,
    *,
    named: bool = False,
    make: Make | None = None,
) -> Intake:
    """Reads all sources.

    Args:
        sources: in the order of their discovery.
        kit: the profiles to choose from, and how to read.
        jobs: worker processes; 0 for one a core. The result does not depend on it.
        progress: told of every source read, and of every part of a large one.
        named: whether the user named the only profile.
        make: gives another executor than worker processes.
    """
    size = sum(map(weight_of, sources))
    jobs = 1 if size < PARALLEL_FROM else jobs or default_jobs()
    progress.start(len(sources), size)
    try:
        likely: set[str] = set()
        with Crew(kit, jobs, make, lambda: warm(kit, sorted(likely))) as crew:
            count = Count(sources, progress.step)
            flow = _Flow(sources, kit, crew, count, likely, named=named, several=jobs > 1)
            flow.read()
        # The workers' memory is free again: what they sent takes several times as much once unpacked.
        return flow.result()
    finally:
        progress.finish()


@dataclass(frozen=True, slots=True)
class _Parts:
    """A log that was read in parts, each as bytes."""

    sha256: str
    encoding: str
    parts: list[bytes]

    def joined(self) -> LogDigest:
        return join(map(unpack_part, self.parts), self.sha256, self.encoding)


class _Flow:
    def __init__(
        self,
        sources: Sequence[Source],
        kit: Kit,
        crew: Crew[Kit],
        count: Count,
        likely: set[str],
        *,
        named: bool,
        several: bool,
    ) -> None:
        self._sources = sources
        self._kit = kit
        self._crew = crew
        self._count = count
        self._likely = likely
        self._named = named
        self._several = several
        self._marked = tuple(p.name for p in kit.profiles if p.markers)
        self._scored = () if named else self._marked
        self._surveys: list[Survey] = []
        self._found: dict[int, tuple[str, bytes]] = {}
        self._parts: dict[int, _Parts] = {}
        self._dead: dict[int, OtherDigest] = {}
        self._roots: list[str] = []
        self._sessions: dict[str, Session] = {}

    def read(self) -> None:
        """Gets everything read."""
        self._look()
        self._roots = _roots(self._sources, self._surveys)
        members = _members(self._roots)
        self._sessions = {root: self._session(root, indices) for root, indices in members.items()}
        self._read(self._roots, self._sessions)

    def result(self) -> Intake:
        """What was read; to be asked for once."""
        digests: dict[str, list[Digest]] = defaultdict(list)
        for index, root in enumerate(self._roots):
            digests[root].append(self._digest(index))
        return Intake(
            tuple(self._sessions[root] for root in sorted(self._sessions)),
            digests,
            tuple(s.kind for s in self._surveys),
            tuple(s.problem for s in self._surveys if s.problem and s.kind is SourceKind.EMPTY),
        )

    def _look(self) -> None:
        """Surveys every source; several workers read it at once, with the profile it will likely need."""
        guesses = self._guesses() if self._several else [""] * len(self._sources)
        self._likely.update(guess for guess in guesses if guess)
        tasks = [Look(s, self._scored, guess) for s, guess in zip(self._sources, guesses, strict=True)]
        results = self._crew.run(tasks, lambda i: self._count.whole(i) if tasks[i].guess else None)
        for index, (seen, guess) in enumerate(zip(results, guesses, strict=True)):
            if isinstance(seen, Lost):
                self._dead[index] = _dead(self._sources[index], seen)
                self._surveys.append(Survey(SourceKind.OTHER))
                continue
            self._surveys.append(seen.survey)
            if seen.digest:
                self._found[index] = guess, seen.digest

    def _guesses(self) -> list[str]:
        """For each source the profile that the largest of its folder speaks for; none for what is read in parts."""
        largest: dict[str, Source] = {}
        for source in self._sources:
            known = largest.setdefault(_folder(source.address), source)
            if weight_of(source) > weight_of(known):
                largest[_folder(source.address)] = source
        guess = {folder: self._guess(source) for folder, source in largest.items()}
        return ["" if _is_large(s) else guess[_folder(s.address)] for s in self._sources]

    def _guess(self, source: Source) -> str:
        if len(self._kit.profiles) == 1:
            return self._kit.profiles[0].name
        seen = Look(source, tuple(p.name for p in self._kit.profiles)).run(self._kit).survey
        signs = {name: [found] for name, found in seen.signs.items()}
        return choose(
            self._kit.profiles, signs, seen.lines, [seen.header] if seen.header else []
        ).profile.name

    def _session(self, root: str, members: Sequence[int]) -> Session:
        if self._named:
            return Session(root, self._kit.profiles[0], "named by --profile")
        surveys = [self._surveys[i] for i in members]
        marked = any(t is not None for s in surveys for name in self._marked for t in _markers(s, name))
        if not marked:
            surveys = self._score_others(members)
        names = {name for s in surveys for name in s.signs}
        signs = {name: [s.signs[name] for s in surveys if name in s.signs] for name in names}
        headers = [s.header for s in surveys if s.header]
        choice = choose(self._kit.profiles, signs, sum(s.lines for s in surveys), headers)
        return Session(root, choice.profile, choice.why)

    def _score_others(self, members: Sequence[int]) -> list[Survey]:
        """Holds the lines against the profiles without markers, too, as no bot's own marker was found."""
        others = tuple(p.name for p in self._kit.profiles if not p.markers)
        asked = [i for i in members if self._surveys[i].lines]
        again = self._crew.run([Look(self._sources[i], others) for i in asked])
        for index, seen in zip(asked, again, strict=True):
            if isinstance(seen, Seen):
                known = self._surveys[index]
                self._surveys[index] = replace(known, signs={**known.signs, **seen.survey.signs})
        return [self._surveys[i] for i in members]

    def _read(self, roots: Sequence[str], sessions: Mapping[str, Session]) -> None:
        """Reads what was not read yet, or not with the session's profile."""
        left: list[int] = []
        for index, root in enumerate(roots):
            name = sessions[root].profile.name
            guess = self._found.get(index, ("", b""))[0]
            if self._surveys[index].kind not in READ:
                self._count.whole(index)
            elif guess != name:
                left.append(index)
                self._count.again(index)
        names = {index: sessions[roots[index]].profile.name for index in left}
        left = self._read_in_parts(left, names)
        tasks = [Read(self._sources[i], self._surveys[i].kind, names[i]) for i in left]
        results = self._crew.run(tasks, lambda i: self._count.whole(left[i]))
        for index, data in zip(left, results, strict=True):
            if isinstance(data, Lost):
                self._dead[index] = _dead(self._sources[index], data)
            else:
                self._found[index] = names[index], data

    def _read_in_parts(self, left: Sequence[int], names: Mapping[int, str]) -> list[int]:
        """Reads large plain logs part by part; what is left to be read as one."""
        ranges: dict[int, list[Range]] = {}
        for index in left:
            if self._surveys[index].kind is SourceKind.LOG and not self._kit.encoding:
                found = _ranges(self._sources[index], self._kit, names[index])
                if found is not None:
                    ranges[index] = found
        tasks: list[Slice | Sum] = []
        owners: list[int] = []
        for index, parts in ranges.items():
            tasks.append(Sum(self._sources[index], parts[-1].stop))
            tasks += [Slice(part, names[index]) for part in parts]
            owners += [index] * (len(parts) + 1)

        def done(i: int) -> None:
            task = tasks[i]
            self._count.part(owners[i], task.weight if isinstance(task, Slice) else 0)

        results = iter(self._crew.run(tasks, done))
        for index, parts in ranges.items():
            data = [next(results) for _ in range(len(parts) + 1)]
            found = _parts(parts, data)
            if found is None:
                self._count.again(index)
            else:
                self._count.whole(index)
                self._parts[index] = found
        return [i for i in left if i not in self._parts]

    def _digest(self, index: int) -> Digest:
        if index in self._dead:
            return self._dead[index]
        if index in self._parts:
            return self._parts.pop(index).joined()
        if index in self._found:
            return unpack(self._found.pop(index)[1])
        # Neither a log nor a table: nothing of it is read.
        profile = self._kit.profiles[0].name
        return unpack(Read(self._sources[index], self._surveys[index].kind, profile).run(self._kit))


def _markers(survey: Survey, profile: str) -> tuple[str | None, ...]:
    return survey.signs[profile].markers if profile in survey.signs else ()


def _dead(source: Source, lost: Lost) -> OtherDigest:
    """In place of the digest of a source that no process survived reading."""
    detail = _CAUSES[lost.cause]
    problem = Problem(source.address, ProblemKind.UNREADABLE, detail)
    return OtherDigest(source.address, SourceKind.OTHER, source.size, detail, problem)


def _roots(sources: Sequence[Source], surveys: Sequence[Survey]) -> list[str]:
    """The session that each source belongs to, by the bot's folder."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for source, survey in zip(sources, surveys, strict=True):
        held = kinds[_folder(source.address)]
        if survey.kind in (SourceKind.LOG, SourceKind.LEDGER):
            held.add(survey.kind.value)
    roots = group_sessions({folder: frozenset(held) for folder, held in kinds.items()})
    return [roots[_folder(source.address)] or "." for source in sources]


def _members(roots: Sequence[str]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = defaultdict(list)
    for index, root in enumerate(roots):
        members[root].append(index)
    return members


def _folder(address: Address) -> str:
    folder = PurePosixPath(address.path).parent.as_posix()
    return "" if folder == "." else folder


def _is_large(source: Source) -> bool:
    return source.container is Container.PLAIN and source.size >= 2 * PART


def _ranges(source: Source, kit: Kit, profile: str) -> list[Range] | None:
    if not _is_large(source):
        return None
    load_numpy()
    from logaudit.digest.ranges import cut  # noqa: PLC0415 - numpy is for large sources only

    try:
        return cut(source, kit.dialects(profile), PART)
    except OSError:
        return None


def _parts(ranges: Sequence[Range], data: Sequence[bytes | Lost]) -> _Parts | None:
    """A log that was read in parts, from its hash and its parts' digests; None where one of them is missing."""
    sha256, *parts = (item for item in data if isinstance(item, bytes) and item)
    if len(parts) < len(ranges):
        return None
    return _Parts(sha256.decode(), "utf-8-sig" if ranges[0].base else "utf-8", parts)
