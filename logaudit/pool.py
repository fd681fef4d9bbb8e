"""Digests many sources, in this process or in several; the results keep the order of the tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Final

from logaudit.dialect import DialectSet
from logaudit.digest import Digest, SourceKind, digest
from logaudit.profile import Profile
from logaudit.sources import Source

#: Below this many bytes a process pool costs more than it saves.
PARALLEL_FROM: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class Reader:
    """How one bot's sources are read: costly to make and to send, so each worker gets it once."""

    profile: Profile
    dialects: DialectSet
    encoding: str | None


@dataclass(frozen=True, slots=True)
class Task:
    """One source to digest; ``reader`` names the `Reader`."""

    session: str
    source: Source
    kind: SourceKind
    reader: str


@dataclass(slots=True)
class Progress:
    """Told of every source read; does nothing unless replaced."""

    start: Callable[[int, int], None] = lambda _sources, _bytes: None
    step: Callable[[int], None] = lambda _bytes: None
    finish: Callable[[], None] = lambda: None


def read_all(
    tasks: Sequence[Task], readers: Mapping[str, Reader], jobs: int, progress: Progress
) -> list[Digest]:
    """Digests in the order of ``tasks``, whatever the number of workers.

    Args:
        jobs: worker processes; 0 for one a core.
    """
    size = sum(map(_weight, tasks))
    progress.start(len(tasks), size)
    try:
        if jobs == 1 or size < PARALLEL_FROM:
            return list(_one_by_one(tasks, readers, progress))
        with ProcessPoolExecutor(jobs or None, initializer=_equip, initargs=(dict(readers),)) as pool:
            return list(_pooled(tasks, pool, progress))
    finally:
        progress.finish()


def _weight(task: Task) -> int:
    """Bytes to read, as far as the container tells."""
    return task.source.size if task.source.size >= 0 else task.source.packed * 8


def _one_by_one(tasks: Sequence[Task], readers: Mapping[str, Reader], progress: Progress) -> Iterator[Digest]:
    for task in tasks:
        yield _digest(task, readers[task.reader])
        progress.step(_weight(task))


def _pooled(tasks: Sequence[Task], pool: Executor, progress: Progress) -> Iterator[Digest]:
    # The largest first, so that no worker is left with a long one at the end.
    order = sorted(range(len(tasks)), key=lambda i: -_weight(tasks[i]))
    futures = {i: pool.submit(_work, tasks[i]) for i in order}
    for i, task in enumerate(tasks):
        yield futures[i].result()
        progress.step(_weight(task))


_readers: dict[str, Reader] = {}


def _equip(readers: dict[str, Reader]) -> None:
    """Runs once in each worker."""
    _readers.update(readers)


def _work(task: Task) -> Digest:
    return _digest(task, _readers[task.reader])


def _digest(task: Task, reader: Reader) -> Digest:
    return digest(task.source, task.kind, reader.profile, reader.dialects, reader.encoding)
