"""Brings sources in: survey, choice of profiles, reading; large plain files are read in parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from logaudit.digest import Digest, SourceKind
from logaudit.digest.codec import pack, unpack
from logaudit.digest.ranges import Range
from logaudit.intake.kit import Kit
from logaudit.intake.large import is_large, joined, ranges_of
from logaudit.intake.memory import Known, Memory
from logaudit.intake.sessions import Session, dead, folder_of, members_of, roots_of
from logaudit.intake.tasks import READ, Look, Read, Reading, Seen, Slice, Sum, Survey, may_grow, weight_of
from logaudit.pool import PARALLEL_FROM, Crew, Lost, Make, Progress, default_jobs
from logaudit.profile.detect import choose
from logaudit.sources import Problem, Source


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
    memory: Memory | None = None,
) -> Intake:
    """Reads all sources.

    Args:
        sources: in the order of their discovery.
        kit: the profiles to choose from, and how to read.
        jobs: worker processes; 0 for one a core. The result does not depend on it.
        progress: told of every source read.
        named: whether the user named the only profile.
        make: gives another executor than worker processes.
        memory: knows what sources gave before, and is told what they give now.
    """
    known = _known(sources, memory)
    unread = [source for index, source in enumerate(sources) if index not in known]
    size = sum(map(weight_of, unread))
    jobs = 1 if size < PARALLEL_FROM else jobs or default_jobs()
    progress.start(len(unread), size)
    try:
        with Crew(kit, jobs, make) as crew:
            flow = _Flow(sources, kit, crew, progress.step, known, memory, named=named, several=jobs > 1)
            return flow.run()
    finally:
        progress.finish()


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
        done: Callable[[int], None],
        known: Mapping[int, Known],
        memory: Memory | None,
        *,
        named: bool,
        several: bool,
    ) -> None:
        self._sources = sources
        self._kit = kit
        self._crew = crew
        self._done = done
        self._named = named
        self._several = several
        self._marked = tuple(p.name for p in kit.profiles if p.markers)
        self._scored = () if named else self._marked
        self._known = known
        self._memory = memory
        self._surveys: list[Survey] = []
        self._found: dict[int, tuple[str, bytes]] = {
            index: (item.profile, item.digest) for index, item in known.items() if item.digest
        }
        self._whole: dict[int, Digest] = {}
        self._notes: dict[int, bytes] = {}

    def run(self) -> Intake:
        self._look()
        roots = roots_of(self._sources, self._surveys)
        sessions = {root: self._session(root, members) for root, members in members_of(roots).items()}
        self._read(roots, sessions)
        digests: dict[str, list[Digest]] = defaultdict(list)
        for index, root in enumerate(roots):
            digest = self._digest(index)
            digests[root].append(digest)
            if self._memory is not None:
                self._keep(self._memory, index, digest, sessions[root].profile.name)
        return Intake(
            tuple(sessions[root] for root in sorted(sessions)),
            digests,
            tuple(s.kind for s in self._surveys),
            tuple(s.problem for s in self._surveys if s.problem and s.kind is SourceKind.EMPTY),
        )

    def _look(self) -> None:
        """Surveys every source; several workers read it at once, with the profile it will likely need."""
        asked = [index for index in range(len(self._sources)) if index not in self._known]
        guesses = self._guesses(asked) if self._several else dict.fromkeys(asked, "")
        tasks = [Look(self._sources[i], self._scored, guesses[i], self._note(i, guesses[i])) for i in asked]
        results = self._crew.run(tasks, self._done if self._several else _silent)
        surveys = {index: known.survey for index, known in self._known.items()}
        for index, seen in zip(asked, results, strict=True):
            if isinstance(seen, Lost):
                self._whole[index] = dead(self._sources[index])
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
        asked = [i for i in members if self._surveys[i].lines and not self._scored_by(i, others)]
        again = self._crew.run([Look(self._sources[i], others) for i in asked])
        for index, seen in zip(asked, again, strict=True):
            if isinstance(seen, Seen):
                known = self._surveys[index]
                self._surveys[index] = replace(known, signs={**known.signs, **seen.survey.signs})
        return [self._surveys[i] for i in members]

    def _scored_by(self, index: int, profiles: Sequence[str]) -> bool:
        return all(name in self._surveys[index].signs for name in profiles)

    def _read(self, roots: Sequence[str], sessions: Mapping[str, Session]) -> None:
        """Reads what was not read yet, or not with the session's profile."""
        left: list[int] = []
        for index, root in enumerate(roots):
            name = sessions[root].profile.name
            if self._surveys[index].kind in READ and self._found.get(index, ("", b""))[0] != name:
                left.append(index)
        names = {index: sessions[roots[index]].profile.name for index in left}
        left = self._read_in_parts(left, names)
        tasks = [
            Read(self._sources[i], self._surveys[i].kind, names[i], self._note(i, names[i])) for i in left
        ]
        for index, reading in zip(left, self._crew.run(tasks, self._done), strict=True):
            if isinstance(reading, Lost):
                self._whole[index] = dead(self._sources[index])
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
        for index, parts in ranges.items():
            tasks.append(Sum(self._sources[index], parts[-1].stop))
            tasks += [Slice(part, names[index]) for part in parts]
        results = iter(self._crew.run(tasks, self._done))
        for index, parts in ranges.items():
            read = joined(parts, [next(results) for _ in range(len(parts) + 1)])
            if read is not None:
                self._whole[index], self._notes[index] = read
        return [i for i in left if i not in self._whole]

    def _ranges(self, index: int, profile: str) -> list[Range] | None:
        return ranges_of(self._sources[index], self._kit, profile)

    def _has_note(self, index: int, profile: str) -> bool:
        return is_large(self._sources[index]) and bool(self._note(index, profile))

    def _keep(self, memory: Memory, index: int, digest: Digest, profile: str) -> None:
        """Tells the memory what a source gave."""
        survey = self._surveys[index]
        name, data = self._found.get(index, ("", b""))
        if index in self._whole:
            name, data = profile, pack(digest)
        known = self._known.get(index)
        fresh = known is None or known.survey is not survey or known.digest is not data
        found = Known(survey, name, data)
        memory.keep(self._sources[index], found, digest, self._notes.get(index, b""), fresh=fresh)

    def _digest(self, index: int) -> Digest:
        if index in self._whole:
            return self._whole[index]
        if index in self._found:
            return unpack(self._found[index][1])
        # Neither a log nor a table: nothing of it is read.
        profile = self._kit.profiles[0].name
        return unpack(Read(self._sources[index], self._surveys[index].kind, profile).run(self._kit).digest)


def _silent(_size: int) -> None:
    pass


def _markers(survey: Survey, profile: str) -> tuple[str | None, ...]:
    return survey.signs[profile].markers if profile in survey.signs else ()
