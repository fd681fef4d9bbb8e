"""Ingests sources: probes them, chooses profiles, reads; large plain files are read in parts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from msgspec.structs import replace

from logaudit.core.gc_policy import enabled
from logaudit.core.location import SourceKind
from logaudit.ingest.cache_protocol import CachedExtract, ExtractCache, cached_extracts
from logaudit.ingest.chunked_files import InParts, is_large, ranges_of
from logaudit.ingest.codec import HeldExtract, pack
from logaudit.ingest.executor import Lost, Progress, Task, WorkerPool
from logaudit.ingest.possible_duplicates import hash_possible_duplicates, possible_duplicates
from logaudit.ingest.probe import ProbeResult
from logaudit.ingest.progress_count import ProgressCount
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.session_roots import (
    IngestResult,
    SessionProfile,
    chosen_profile,
    dead,
    is_marked,
    members_of,
    named_profile,
    roots_of,
)
from logaudit.ingest.source_extract import OtherExtract, SourceExtract
from logaudit.ingest.source_head import forget_heads
from logaudit.ingest.tasks import (
    READ,
    HashTask,
    ProbeTask,
    ProbeTaskResult,
    ReadRangeTask,
    ReadResult,
    ReadTask,
    bounded,
    may_grow,
    warm,
    weight_of,
)
from logaudit.sources import Container, Source

if TYPE_CHECKING:
    from logaudit.core.spool import Spool
    from logaudit.ingest.vectorized.ranges import Range


#: Sources of one profile that are worth making what it needs before workers are forked.
_MANY: Final = 4

Result = TypeVar("Result")


def ingest_sources(
    sources: Sequence[Source],
    pool: WorkerPool[ReadContext],
    progress: Progress,
    spool: Spool | None = None,
    *,
    named: bool = False,
    memory: ExtractCache | None = None,
) -> IngestResult:
    """Reads all sources.

    Args:
        sources: in the order of their discovery.
        pool: does the tasks; its context has the profiles to choose from, and how to read. The result does not
            depend on how many workers it has.
        progress: told of every source read, and of every part of a large one.
        spool: holds what waits for its session's turn, outside of memory; None to hold it here.
        named: whether the user named the only profile.
        memory: knows what sources gave before, and is told what they give now.
    """
    known = cached_extracts(sources, memory, spool)
    weights = {index: weight_of(source) for index, source in enumerate(sources) if index not in known}
    size = sum(weights.values())
    progress.start(len(weights), size)
    try:
        with enabled():  # reading makes cycles that hold buffers of whole sources
            count = ProgressCount(weights, progress.step)
            flow = _Scheduler(
                sources, pool, count, known, memory, spool, named=named, several=pool.pays(size)
            )
            flow.read()
    finally:
        progress.finish()
        forget_heads()
    return flow.result()


class _Scheduler:
    def __init__(
        self,
        sources: Sequence[Source],
        pool: WorkerPool[ReadContext],
        count: ProgressCount,
        known: Mapping[int, CachedExtract],
        memory: ExtractCache | None,
        spool: Spool | None,
        *,
        named: bool,
        several: bool,
    ) -> None:
        self._sources = sources
        self._context = context = pool.context
        self._pool = pool
        self._count = count
        self._named = named
        self._several = several
        self._hashed = frozenset(range(len(sources))) if context.portable else possible_duplicates(sources)
        if context.sums:
            self._hashed |= {i for i, source in enumerate(sources) if source.container is Container.PLAIN}
        self._scored = tuple(p.name for p in context.profiles if p.markers or context.portable)
        self._cached = known
        self._memory = memory
        self._spool = spool
        self._surveys: list[ProbeResult] = []
        self._results: dict[int, tuple[str, HeldExtract]] = {
            index: (item.profile, item.held) for index, item in known.items() if item.held is not None
        }
        self._known = {index: held for index, (_, held) in self._results.items()}
        self._parts: dict[int, InParts] = {}
        self._dead: dict[int, SourceExtract] = {}
        self._roots: list[str] = []
        self._sessions: dict[str, SessionProfile] = {}
        self._notes: dict[int, bytes] = {}
        self._likely: list[str] = []

    def read(self) -> None:
        """Gets everything read."""
        self._look()
        self._roots = roots_of(self._sources, self._surveys)
        members = members_of(self._roots)
        self._sessions = {root: self._session(root, indices) for root, indices in members.items()}
        self._read()

    def result(self) -> IngestResult:
        """What was read; to be asked for once."""
        extracts: dict[str, list[HeldExtract]] = defaultdict(list)
        read = [self._held(i, self._sessions[root].profile.name) for i, root in enumerate(self._roots)]
        hashed = hash_possible_duplicates(self._sources, [held.summary for held in read])
        for root, held, summary in zip(self._roots, read, hashed, strict=True):
            extracts[root].append(held if summary is held.summary else replace(held, summary=summary))
        return IngestResult(
            tuple(self._sessions[root] for root in sorted(self._sessions)),
            extracts,
            tuple(s.kind for s in self._surveys),
            tuple(s.problem for s in self._surveys if s.problem and s.kind is SourceKind.EMPTY),
        )

    def _run(
        self,
        tasks: Sequence[Task[ReadContext, Result]],
        done: Callable[[int], None] = lambda _index: None,
    ) -> list[Result | Lost]:
        return self._pool.run(
            tasks,
            done,
            apart=self._several,
            prepare=lambda: warm(self._context, self._likely),
            hold=self._hold,
        )

    def _hold(self, result: Any) -> Any:  # noqa: ANN401 - whatever a task gives
        return result.within(self._spool) if isinstance(result, ReadResult | ProbeTaskResult) else result

    def _look(self) -> None:
        """Surveys every source; several workers read it at once, with the profile it will likely need."""
        asked = [index for index in range(len(self._sources)) if index not in self._cached]
        guesses = dict.fromkeys(asked, "")
        if self._several:
            from logaudit.ingest.profile_guesses import guess_profiles  # noqa: PLC0415 - small scans have one reader

            guesses = guess_profiles(self._sources, asked, self._cached, self._context)
            forget_heads()  # workers look at them themselves
        # What few sources need is made where it is needed.
        self._likely = sorted(g for g, count in Counter(guesses.values()).items() if g and count >= _MANY)
        tasks = [
            ProbeTask(
                self._sources[i], self._scored, guesses[i], self._note(i, guesses[i]), i in self._hashed
            )
            for i in asked
        ]
        results = self._run(
            tasks,
            lambda i: self._count.complete(asked[i]) if tasks[i].guess else None,
        )
        surveys = {index: known.probe for index, known in self._cached.items()}
        for index, seen in zip(asked, results, strict=True):
            if isinstance(seen, Lost):
                self._dead[index] = dead(self._sources[index], seen)
                surveys[index] = ProbeResult(SourceKind.OTHER)
                continue
            surveys[index] = seen.probe
            if seen.reading is not None:
                self._take(index, guesses[index], seen.reading)
        self._surveys = [surveys[index] for index in range(len(self._sources))]

    def _take(self, index: int, profile: str, reading: ReadResult) -> None:
        self._results[index] = profile, reading.extract
        self._notes[index] = reading.note

    def _note(self, index: int, profile: str) -> bytes | None:
        """How far a log was read before; None where reading on is not for it."""
        source = self._sources[index]
        if self._memory is None or not profile or not may_grow(source, self._context):
            return None
        return self._memory.note(source, profile)

    def _session(self, root: str, members: Sequence[int]) -> SessionProfile:
        profiles, probes = self._context.profiles, [self._surveys[i] for i in members]
        if self._named:
            return named_profile(root, probes, profiles[0])
        if not is_marked(probes, profiles):
            probes = self._score_others(members)
        return chosen_profile(root, probes, profiles)

    def _score_others(self, members: Sequence[int]) -> list[ProbeResult]:
        """Holds the lines against the profiles without markers, too, as no bot's own marker was found."""
        others = tuple(p.name for p in self._context.profiles if not p.markers)
        asked = [
            i for i in members if self._surveys[i].lines and not set(others) <= self._surveys[i].hits.keys()
        ]
        again = self._run([ProbeTask(self._sources[i], others) for i in asked])
        for index, seen in zip(asked, again, strict=True):
            if isinstance(seen, ProbeTaskResult):
                known = self._surveys[index]
                self._surveys[index] = replace(known, hits={**known.hits, **seen.probe.hits})
        return [self._surveys[i] for i in members]

    def _read(self) -> None:
        """Reads what was not read yet, or not with the session's profile."""
        names = {index: self._sessions[root].profile.name for index, root in enumerate(self._roots)}
        left: list[int] = []
        for index, probe in enumerate(self._surveys):
            if probe.kind in READ and self._results.get(index, ("",))[0] != names[index]:
                left.append(index)
                self._count.again(index)
            elif index not in self._cached:
                self._count.complete(index)
        left = self._read_in_parts(left, names)
        tasks = [
            ReadTask(
                self._sources[i], self._surveys[i].kind, names[i], self._note(i, names[i]), i in self._hashed
            )
            for i in left
        ]
        results = self._run(
            tasks,
            lambda i: self._count.complete(left[i]),
        )
        for index, reading in zip(left, results, strict=True):
            if isinstance(reading, Lost):
                self._dead[index] = dead(self._sources[index], reading)
            else:
                self._take(index, names[index], reading)

    def _read_in_parts(self, left: Sequence[int], names: Mapping[int, str]) -> list[int]:
        """Reads large plain logs part by part; what is left to be read as one."""
        ranges: dict[int, list[Range]] = {}
        for index in left:
            if self._surveys[index].kind is SourceKind.LOG and not self._context.encoding:
                source, profile = self._sources[index], names[index]
                noted = is_large(source) and self._note(index, profile)
                if not noted and (found := ranges_of(source, self._context, profile)) is not None:
                    ranges[index] = found
        tasks: list[ReadRangeTask | HashTask] = []
        owners: list[int] = []
        for index, parts in ranges.items():
            whole = HashTask(self._sources[index], parts[-1].stop, index in self._hashed)
            tasks += [whole, *(ReadRangeTask(p, names[index]) for p in parts)]
            owners += [index] * (len(parts) + 1)
        results = iter(self._run(tasks, lambda i: self._count.part(owners[i], tasks[i].progress)))
        for index, parts in ranges.items():
            read = InParts.of(parts, next(results), [next(results) for _ in parts])
            if read is None:
                self._count.again(index)
            else:
                self._count.complete(index)
                self._parts[index] = read
        return [i for i in left if i not in self._parts]

    def _held(self, index: int, profile: str) -> HeldExtract:
        """What a source gave, which the memory is told."""
        name, held = self._results.pop(index, ("", None))
        note = self._notes.pop(index, b"")
        if index in self._dead:
            return HeldExtract.unpacked(self._dead[index])  # not kept: the next scan tries again
        if index in self._parts:
            read, note = self._parts.pop(index).joined(note=self._memory is not None)
            joined = bounded(read, self._sources[index])
            name, held = profile, HeldExtract.unpacked(joined)
            # Where there are others, it waits for its turn.
            if self._memory is not None or len(self._sessions) > 1:
                held = HeldExtract.of(held.summary, pack(joined), compressed=self._context.crowded)
                held = held.within(self._spool)
        if self._memory is not None:
            self._keep(self._memory, index, name, held, note)
        if held is not None:
            return held
        # Neither a log nor a table: nothing of it is read.
        source = self._sources[index]
        return HeldExtract.unpacked(OtherExtract(source.address, self._surveys[index].kind, source.size))

    def _keep(
        self, memory: ExtractCache, index: int, profile: str, held: HeldExtract | None, note: bytes
    ) -> None:
        source, probe, known = self._sources[index], self._surveys[index], self._cached.get(index)
        fresh = known is None or known.probe is not probe or self._known.get(index) is not held
        memory.keep(source, CachedExtract(probe, profile, held), note, fresh=fresh)
