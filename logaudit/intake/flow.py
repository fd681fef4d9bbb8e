"""Brings sources in: survey, choice of profiles, reading; large plain files are read in parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from logaudit.digest import Digest, SourceKind
from logaudit.digest.codec import pack, unpack
from logaudit.garbage import collected
from logaudit.intake.copies import maybe_copies, told_apart
from logaudit.intake.count import Count
from logaudit.intake.kit import Kit
from logaudit.intake.large import InParts, is_large, ranges_of
from logaudit.intake.memory import Known, Memory
from logaudit.intake.sessions import Session, dead, folder_of, members_of, roots_of
from logaudit.intake.survey import Survey, likely_profile
from logaudit.intake.tasks import (
    READ,
    Look,
    Read,
    Reading,
    Seen,
    Slice,
    Sum,
    may_grow,
    warm,
    weight_of,
)
from logaudit.pool import PARALLEL_FROM, Crew, Lost, Make, Progress, default_jobs
from logaudit.profile.detect import choose
from logaudit.sources import Problem, Source

if TYPE_CHECKING:
    from logaudit.digest.ranges import Range


class Intake(Struct, frozen=True):
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
    memory: Memory | None = None,
) -> Intake:
    """Reads all sources.

    Args:
        sources: in the order of their discovery.
        kit: the profiles to choose from, and how to read.
        jobs: worker processes; 0 for one a core, up to 8. The result does not depend on it.
        progress: told of every source read, and of every part of a large one.
        named: whether the user named the only profile.
        make: gives another executor than worker processes.
        memory: knows what sources gave before, and is told what they give now.
    """
    known = _known(sources, memory)
    weights = {index: weight_of(source) for index, source in enumerate(sources) if index not in known}
    size = sum(weights.values())
    jobs = 1 if size < PARALLEL_FROM else jobs or default_jobs()
    progress.start(len(weights), size)
    likely: set[str] = set()
    try:
        # Reading makes cycles that hold buffers of whole sources.
        with collected(), Crew(kit, jobs, make, lambda: warm(kit, sorted(likely))) as crew:
            count = Count(weights, progress.step)
            flow = _Flow(sources, kit, crew, count, known, memory, named=named, several=jobs > 1)
            flow.read(likely)
    finally:
        progress.finish()
    # Only now, as the workers' memory is free again: what they sent takes several times as much unpacked.
    return flow.result()


def _known(sources: Sequence[Source], memory: Memory | None) -> dict[int, Known]:
    if memory is None:
        return {}
    found = ((index, memory.known(source)) for index, source in enumerate(sources))
    return {index: known for index, known in found if known is not None}


class _Flow:
    def __init__(
        self,
        sources: Sequence[Source],
        kit: Kit,
        crew: Crew[Kit],
        count: Count,
        known: Mapping[int, Known],
        memory: Memory | None,
        *,
        named: bool,
        several: bool,
    ) -> None:
        self._sources = sources
        self._kit = kit
        self._crew = crew
        self._count = count
        self._named = named
        self._several = several
        self._hashed = frozenset(range(len(sources))) if kit.sums else maybe_copies(sources)
        self._marked = tuple(p.name for p in kit.profiles if p.markers)
        self._scored = () if named else self._marked
        self._known = known
        self._memory = memory
        self._surveys: list[Survey] = []
        self._found: dict[int, tuple[str, bytes]] = {
            index: (item.profile, item.digest) for index, item in known.items() if item.digest
        }
        self._parts: dict[int, InParts] = {}
        self._dead: dict[int, Digest] = {}
        self._roots: list[str] = []
        self._sessions: dict[str, Session] = {}
        self._notes: dict[int, bytes] = {}

    def read(self, likely: set[str]) -> None:
        """Gets everything read; the profiles ``likely`` needed are told before."""
        self._look(likely)
        self._roots = roots_of(self._sources, self._surveys)
        members = members_of(self._roots)
        self._sessions = {root: self._session(root, indices) for root, indices in members.items()}
        self._read()

    def result(self) -> Intake:
        """What was read; to be asked for once."""
        digests: dict[str, list[Digest]] = defaultdict(list)
        read = [self._digest(i, self._sessions[root].profile.name) for i, root in enumerate(self._roots)]
        for root, digest in zip(self._roots, told_apart(self._sources, read), strict=True):
            digests[root].append(digest)
        return Intake(
            tuple(self._sessions[root] for root in sorted(self._sessions)),
            digests,
            tuple(s.kind for s in self._surveys),
            tuple(s.problem for s in self._surveys if s.problem and s.kind is SourceKind.EMPTY),
        )

    def _look(self, likely: set[str]) -> None:
        """Surveys every source; several workers read it at once, with the profile it will likely need."""
        asked = [index for index in range(len(self._sources)) if index not in self._known]
        guesses = self._guesses(asked) if self._several else dict.fromkeys(asked, "")
        likely.update(guess for guess in guesses.values() if guess)
        tasks = [
            Look(self._sources[i], self._scored, guesses[i], self._note(i, guesses[i]), i in self._hashed)
            for i in asked
        ]
        results = self._crew.run(tasks, lambda i: self._count.whole(asked[i]) if tasks[i].guess else None)
        surveys = {index: known.survey for index, known in self._known.items()}
        for index, seen in zip(asked, results, strict=True):
            if isinstance(seen, Lost):
                self._dead[index] = dead(self._sources[index], seen)
                surveys[index] = Survey(SourceKind.OTHER)
                continue
            surveys[index] = seen.survey
            if seen.reading is not None:
                self._take(index, guesses[index], seen.reading)
        self._surveys = [surveys[index] for index in range(len(self._sources))]

    def _take(self, index: int, profile: str, reading: Reading) -> None:
        self._found[index] = profile, reading.digest
        self._notes[index] = reading.note

    def _note(self, index: int, profile: str) -> bytes | None:
        """How far a log was read before; None where reading on is not for it."""
        source = self._sources[index]
        if self._memory is None or not profile or not may_grow(source, self._kit):
            return None
        return self._memory.note(source, profile)

    def _guesses(self, asked: Sequence[int]) -> dict[int, str]:
        """For each source the profile that the largest of its folder speaks for; none for what is read in parts.

        Where some of the folder are known, they say it.
        """
        guess = {folder_of(self._sources[i].address): k.profile for i, k in self._known.items() if k.profile}
        largest: dict[str, Source] = {}
        for source in (self._sources[index] for index in asked):
            known = largest.setdefault(folder_of(source.address), source)
            if weight_of(source) > weight_of(known):
                largest[folder_of(source.address)] = source
        guess = {folder: guess.get(folder) or self._guess(source) for folder, source in largest.items()}
        folders = {index: folder_of(self._sources[index].address) for index in asked}
        return {i: "" if is_large(self._sources[i]) else guess[folders[i]] for i in asked}

    def _guess(self, source: Source) -> str:
        if len(self._kit.profiles) == 1:
            return self._kit.profiles[0].name
        return likely_profile(source, self._kit)

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
        asked = [i for i in members if self._surveys[i].lines and not self._scored_by(i, others)]
        again = self._crew.run([Look(self._sources[i], others) for i in asked])
        for index, seen in zip(asked, again, strict=True):
            if isinstance(seen, Seen):
                known = self._surveys[index]
                self._surveys[index] = replace(known, signs={**known.signs, **seen.survey.signs})
        return [self._surveys[i] for i in members]

    def _scored_by(self, index: int, profiles: Sequence[str]) -> bool:
        return all(name in self._surveys[index].signs for name in profiles)

    def _read(self) -> None:
        """Reads what was not read yet, or not with the session's profile."""
        names = {index: self._sessions[root].profile.name for index, root in enumerate(self._roots)}
        left: list[int] = []
        for index, survey in enumerate(self._surveys):
            if survey.kind in READ and self._found.get(index, ("", b""))[0] != names[index]:
                left.append(index)
                self._count.again(index)
            elif index not in self._known:
                self._count.whole(index)
        left = self._read_in_parts(left, names)
        tasks = [
            Read(
                self._sources[i], self._surveys[i].kind, names[i], self._note(i, names[i]), i in self._hashed
            )
            for i in left
        ]
        results = self._crew.run(tasks, lambda i: self._count.whole(left[i]))
        for index, reading in zip(left, results, strict=True):
            if isinstance(reading, Lost):
                self._dead[index] = dead(self._sources[index], reading)
            else:
                self._take(index, names[index], reading)

    def _read_in_parts(self, left: Sequence[int], names: Mapping[int, str]) -> list[int]:
        """Reads large plain logs part by part; what is left to be read as one."""
        ranges: dict[int, list[Range]] = {}
        for index in left:
            if self._surveys[index].kind is SourceKind.LOG and not self._kit.encoding:
                found = None if self._has_note(index, names[index]) else self._ranges(index, names[index])
                if found is not None:
                    ranges[index] = found
        tasks: list[Slice | Sum] = []
        owners: list[int] = []
        for index, parts in ranges.items():
            whole = Sum(self._sources[index], parts[-1].stop, index in self._hashed)
            tasks += [whole, *(Slice(p, names[index]) for p in parts)]
            owners += [index] * (len(parts) + 1)
        results = iter(self._crew.run(tasks, lambda i: self._count.part(owners[i], tasks[i].progress)))
        for index, parts in ranges.items():
            read = InParts.of(parts, next(results), [next(results) for _ in parts])
            if read is None:
                self._count.again(index)
            else:
                self._count.whole(index)
                self._parts[index] = read
        return [i for i in left if i not in self._parts]

    def _ranges(self, index: int, profile: str) -> list[Range] | None:
        return ranges_of(self._sources[index], self._kit, profile)

    def _has_note(self, index: int, profile: str) -> bool:
        return is_large(self._sources[index]) and bool(self._note(index, profile))

    def _digest(self, index: int, profile: str) -> Digest:
        """What a source gave, which the memory is told."""
        name, data = self._found.pop(index, ("", b""))
        note = self._notes.pop(index, b"")
        if index in self._dead or index in self._parts:
            digest = self._dead.get(index)
            if digest is None:
                digest, note = self._parts.pop(index).joined(note=self._memory is not None)
            name, data = profile, b"" if self._memory is None else pack(digest)
        elif data:
            digest = unpack(data)
        else:
            # Neither a log nor a table: nothing of it is read.
            task = Read(self._sources[index], self._surveys[index].kind, self._kit.profiles[0].name)
            digest = unpack(task.run(self._kit).digest)
        return self._kept(index, digest, Known(self._surveys[index], name, data), note)

    def _kept(self, index: int, digest: Digest, found: Known, note: bytes) -> Digest:
        if self._memory is not None:
            known = self._known.get(index)
            fresh = known is None or known.survey is not found.survey or known.digest is not found.digest
            self._memory.keep(self._sources[index], found, digest, note, fresh=fresh)
        return digest


def _markers(survey: Survey, profile: str) -> tuple[str | None, ...]:
    return survey.signs[profile].markers if profile in survey.signs else ()
