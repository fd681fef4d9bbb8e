"""Hands tasks out to workers, takes the results in, and goes on when a worker dies."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import Final, Generic, TypeVar

from logaudit.ingest.executor.batch import TaskBatch
from logaudit.ingest.executor.bundles import bundles
from logaudit.ingest.executor.process_workers import Workers, may_fork, uninterrupted
from logaudit.ingest.executor.task import Cause, Lost, Make, Task
from logaudit.ingest.executor.worker import Failed, init_worker, ping, work

#: Bundles that wait at the workers' door.
_WAITING: Final = 2
#: A worker died; or the system has no room for any, or lacks what they need.
_NO_WORKERS: Final = (BrokenExecutor, OSError, ImportError, NotImplementedError)

ContextT = TypeVar("ContextT")
Result = TypeVar("Result")


class Dispatcher(Generic[ContextT]):
    """Workers with one context.

    Attributes:
        able: whether workers can be started at all.
    """

    def __init__(self, context: ContextT, jobs: int, make: Make | None, prepare: Callable[[], None]) -> None:
        """As `logaudit.ingest.executor.WorkerPool` has them."""
        self.able = True
        self._context = context
        self._jobs = jobs
        self._make = make
        self._prepare = prepare
        self._executor: Executor | None = None
        self._size = 0

    def work_off(self, batch: TaskBatch[Result]) -> None:
        """Does the tasks; those that are left need another place, as workers cannot be started."""
        left = deque(bundles(batch.tasks, self._jobs))
        if self._size < min(self._jobs, len(left)):
            self.close()
        while left and self.able:
            suspects = self._together(batch, left)
            self._one_by_one(batch, suspects)

    def close(self, *, hurry: bool = False) -> None:
        """Ends the workers: at once, whatever they are doing, or when they are done."""
        pool, self._executor, self._size = self._executor, None, 0
        if pool is None:
            return
        if hurry and isinstance(pool, Workers):
            with uninterrupted():
                pool.abandon()
        else:
            pool.shutdown(wait=True, cancel_futures=True)

    def _together(self, batch: TaskBatch[Result], left: deque[list[int]]) -> list[int]:
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
            self.close(hurry=True)
            if not self._answers():
                # Workers cannot even start, so none of the tasks is to blame.
                self.able = False
                return []
        return sorted(alone)

    def _one_by_one(self, batch: TaskBatch[Result], suspects: Sequence[int]) -> None:
        """Tries tasks again, each with nothing else at work: what happens then is its own doing."""
        if not suspects:
            return
        self.close()
        for index in suspects:
            batch.take(index, self._alone(batch.tasks[index]))
        self.close()

    def _answers(self) -> bool:
        """Whether a worker can be started."""
        try:
            self._open(1).submit(ping).result()
        except _NO_WORKERS:
            return False
        else:
            return True
        finally:
            self.close(hurry=True)

    def _alone(self, task: Task[ContextT, Result]) -> Result | Lost | Failed:
        try:
            return self._open(1).submit(work, [task]).result()[0]
        except BrokenExecutor:
            self.close(hurry=True)
            return Lost(Cause.DIED)

    def _open(self, jobs: int) -> Executor:
        """The executor at work, or a fresh one of so many workers."""
        if self._executor is None:
            if self._make is not None:
                self._executor = self._make(jobs, init_worker, (self._context,))
            else:
                fork = may_fork()
                if fork:
                    self._prepare()
                self._executor = Workers(jobs, self._context, fork=fork and may_fork())
            self._size = jobs
        return self._executor
