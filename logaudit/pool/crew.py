"""Hands tasks out to workers, takes the results in, and goes on when a worker dies."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import Any, Final, Generic, Self, TypeAlias, TypeVar

from logaudit.pool.bundles import bundles
from logaudit.pool.types import Cause, Lost, Task
from logaudit.pool.work import Failed, attempt, equip, hello, work
from logaudit.pool.workers import Workers, may_fork, uninterrupted

#: Bundles that wait at the workers' door.
_WAITING: Final = 2
#: More workers than this only get into each other's way.
_MOST_JOBS: Final = 64
#: Each takes some 50 MB while it reads.
_USUAL_JOBS: Final = 8
#: A worker died; or the system has no room for any, or lacks what they need.
_NO_WORKERS: Final = (BrokenExecutor, OSError, ImportError, NotImplementedError)

Kit = TypeVar("Kit")
Result = TypeVar("Result")

#: Makes an executor of so many workers, each of which calls a function with these arguments first.
Make: TypeAlias = Callable[[int, Callable[..., None], tuple[Any, ...]], Executor]


class Crew(Generic[Kit]):
    """Does tasks with one kit; a context manager, as processes must not outlive it.

    Whoever leaves it in a hurry (Ctrl-C) leaves no process behind, and neither does this process when killed.
    """

    def __init__(
        self,
        kit: Kit,
        jobs: int,
        make: Make | None = None,
        prepare: Callable[[], None] = lambda: None,
    ) -> None:
        """Starts nothing yet.

        Args:
            kit: given to every task.
            jobs: the number of workers, 1 for none but this process.
            make: gives another executor.
            prepare: called before processes are forked, which then share what it loads.
        """
        self._kit = kit
        self._jobs = min(jobs, _MOST_JOBS)
        self._make = make
        self._prepare = prepare
        self._pool: Executor | None = None
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._close(hurry=kind is not None)

    def run(
        self, tasks: Sequence[Task[Kit, Result]], done: Callable[[int], None] = lambda _index: None
    ) -> list[Result | Lost]:
        """The results in the order of ``tasks``; ``done`` is told the index of each as it is done.

        A task whose worker dies or runs out of memory is tried once more, with no other at work beside it.

        Raises:
            UserError: as a task raised it.
            InternalError: a task raised anything else.
        """
        batch = _Batch(tasks, done)
        if self._jobs == 1 or len(tasks) < 2:  # noqa: PLR2004 - one task is done as fast here
            self._here(batch, range(len(tasks)))
            return batch.in_order()
        left = deque(bundles(tasks))
        if self._size < min(self._jobs, len(left)):
            self._close()
        while left and self._jobs > 1:
            suspects = self._together(batch, left)
            self._one_by_one(batch, suspects)
        self._here(batch, [index for index in range(len(tasks)) if not batch.has(index)])
        return batch.in_order()

    def _here(self, batch: _Batch[Result], indices: Sequence[int]) -> None:
        """Does tasks in this process."""
        for index in indices:
            batch.take(index, attempt(batch.tasks[index], self._kit))

    def _together(self, batch: _Batch[Result], left: deque[list[int]]) -> list[int]:
        """Works the bundles off; if a worker dies, leaves the rest, and returns what must be tried alone."""
        alone: list[int] = []
        running: dict[Future[list[Result | Lost | Failed]], list[int]] = {}
        broken = False
        while running or (left and not broken):
            try:
                pool = self._open(min(self._jobs, len(left) + len(running)))
                # Few at a time: when an executor breaks, all that were handed out may have been the reason.
                while left and not broken and len(running) < self._jobs + _WAITING:
                    running[pool.submit(work, [batch.tasks[i] for i in left[0]])] = left[0]
                    left.popleft()
            except _NO_WORKERS:
                broken = True
            for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                bundle = running.pop(future)
                try:
                    alone += batch.take_all(bundle, future.result())
                except BrokenExecutor:
                    broken = True
                    alone += bundle
        if broken:
            self._close(hurry=True)
            if not self._answers():
                # Workers cannot even start, so none of the tasks is to blame: they are done in this process.
                self._jobs = 1
                return []
        return sorted(alone)

    def _one_by_one(self, batch: _Batch[Result], suspects: Sequence[int]) -> None:
        """Tries tasks again, each with nothing else at work: what happens then is its own doing."""
        if not suspects:
            return
        self._close()
        for index in suspects:
            batch.take(index, self._alone(batch.tasks[index]))
        self._close()

    def _answers(self) -> bool:
        """Whether a worker can be started."""
        try:
            self._open(1).submit(hello).result()
        except _NO_WORKERS:
            return False
        else:
            return True
        finally:
            self._close(hurry=True)

    def _alone(self, task: Task[Kit, Result]) -> Result | Lost | Failed:
        try:
            return self._open(1).submit(work, [task]).result()[0]
        except BrokenExecutor:
            self._close(hurry=True)
            return Lost(Cause.DIED)

    def _open(self, jobs: int) -> Executor:
        """The executor at work, or a fresh one of so many workers."""
        if self._pool is None:
            if self._make is not None:
                self._pool = self._make(jobs, equip, (self._kit,))
            else:
                fork = may_fork()
                if fork:
                    self._prepare()
                self._pool = Workers(jobs, self._kit, fork=fork and may_fork())
            self._size = jobs
        return self._pool

    def _close(self, *, hurry: bool = False) -> None:
        """Ends the workers: at once, whatever they are doing, or when they are done."""
        pool, self._pool, self._size = self._pool, None, 0
        if pool is None:
            return
        if hurry and isinstance(pool, Workers):
            with uninterrupted():
                pool.abandon()
        else:
            pool.shutdown(wait=True, cancel_futures=True)


class _Batch(Generic[Result]):
    """Tasks, and the results as they come in."""

    def __init__(self, tasks: Sequence[Task[Any, Result]], done: Callable[[int], None]) -> None:
        self.tasks = tasks
        self._done = done
        self._results: dict[int, Result | Lost] = {}

    def has(self, index: int) -> bool:
        return index in self._results

    def take(self, index: int, result: Result | Lost | Failed) -> None:
        if isinstance(result, Failed):
            result.raised()
        self._results[index] = result
        self._done(index)

    def take_all(self, indices: Sequence[int], results: Sequence[Result | Lost | Failed]) -> list[int]:
        """Takes what is not lost; returns the rest."""
        lost: list[int] = []
        for index, result in zip(indices, results, strict=True):
            if isinstance(result, Lost):
                lost.append(index)
            else:
                self.take(index, result)
        return lost

    def in_order(self) -> list[Result | Lost]:
        return [self._results.pop(index) for index in range(len(self.tasks))]


def default_jobs() -> int:
    """One for each core that this process may use, but no more than so many take little memory together."""
    cores = os.cpu_count() or 1
    with contextlib.suppress(AttributeError, OSError):
        cores = len(os.sched_getaffinity(0))
    return max(1, min(cores, _USUAL_JOBS))
