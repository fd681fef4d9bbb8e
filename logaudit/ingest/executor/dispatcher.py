"""Hands tasks out to workers, takes the results in, and goes on when a worker dies."""

from __future__ import annotations

import os
import warnings
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import Final, Generic, TypeAlias, TypeVar

from logaudit.ingest.executor.batch import TaskBatch
from logaudit.ingest.executor.bundles import bundles
from logaudit.ingest.executor.process_workers import Workers, may_fork, uninterrupted
from logaudit.ingest.executor.reentry import SAID
from logaudit.ingest.executor.task import Cause, Lost, Task
from logaudit.ingest.executor.worker import Failed, PackedContext, TaskGivenUpError, ping, work

#: Bundles that wait at the workers' door.
_WAITING: Final = 2
#: A worker died; or the system has no room for any, or lacks what they need.
_NO_WORKERS: Final = (BrokenExecutor, OSError, ImportError, NotImplementedError)

ContextT = TypeVar("ContextT")
Result = TypeVar("Result")
_Results: TypeAlias = "list[Result | Lost | Failed]"


class Dispatcher(Generic[ContextT]):
    """Workers with one context.

    Attributes:
        able: whether workers can be started at all.
    """

    def __init__(self, context: ContextT, jobs: int, given: Executor | None) -> None:
        """As `logaudit.ingest.executor.WorkerPool` has them."""
        self.able = True
        self._context = context
        self._jobs = jobs
        self._given = given
        self._packed = None if given is None else PackedContext.of(context)
        self._prepare: Callable[[], None] = lambda: None
        self._own: Workers | None = None
        self._size = 0

    def work_off(self, batch: TaskBatch[Result], prepare: Callable[[], None]) -> None:
        """Does the tasks; those that are left need another place, as workers cannot be started.

        Args:
            batch: the tasks.
            prepare: as for `logaudit.ingest.executor.WorkerPool.run`.
        """
        self._prepare = prepare
        left = deque(bundles(batch.tasks, self._jobs))
        if self._size < min(self._jobs, len(left)):
            self.close()
        while left and self.able:
            suspects = self._together(batch, left)
            self._one_by_one(batch, suspects)

    def close(self, *, hurry: bool = False) -> None:
        """Ends our own workers: at once, whatever they are doing, or when they are done; a given executor lives on."""
        own, self._own, self._size = self._own, None, 0
        if own is None:
            return
        if hurry:
            with uninterrupted():
                own.abandon()
        else:
            own.shutdown(wait=True)

    def _together(self, batch: TaskBatch[Result], left: deque[list[int]]) -> list[int]:
        """Works the bundles off; if a worker dies, leaves the rest, and returns what must be tried alone."""
        alone: list[int] = []
        running: dict[Future[_Results[Result]], list[int]] = {}
        broken = False
        try:
            while running or (left and not broken):
                try:
                    # Few at a time: when an executor breaks, all that were handed out may have been the reason.
                    while left and not broken and len(running) < self._jobs + _WAITING:
                        running[self._submit([batch.tasks[i] for i in left[0]], len(left) + len(running))] = (
                            left[0]
                        )
                        left.popleft()
                except _NO_WORKERS:
                    broken = True
                for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
                    bundle = running.pop(future)
                    try:
                        alone += batch.take_all(bundle, self._result(future))
                    except TaskGivenUpError:
                        alone += bundle
                    except BrokenExecutor:
                        broken = True
                        alone += bundle
        except BaseException:
            for future in running:
                future.cancel()
            raise
        if broken:
            self._give_up()
        return sorted(alone) if self.able else []

    def _give_up(self) -> None:
        """Leaves an executor that broke: one that was given for workers of our own, these for fresh ones."""
        if self._given is not None:  # a cluster may have more workers than this machine has cores
            self._jobs = min(self._jobs, os.cpu_count() or 1)
        self._given = self._packed = None
        own = self._own
        self.close(hurry=True)
        if own is not None and own.reentered:
            warnings.warn(SAID, RuntimeWarning, stacklevel=1)
            self.able = False
        elif not self._answers():
            # Workers cannot even start, so none of the tasks is to blame.
            self.able = False

    def _submit(self, tasks: Sequence[Task[ContextT, Result]], jobs: int) -> Future[_Results[Result]]:
        """Hands tasks to the executor that was given, or to at most so many workers of our own.

        Raises:
            BrokenExecutor, OSError, ImportError, NotImplementedError: no worker takes them.
        """
        if self._given is None:
            return self._open(min(self._jobs, jobs)).submit(work, tasks, None)
        try:
            return self._given.submit(work, tasks, self._packed)
        except Exception as error:
            raise BrokenExecutor(str(error)) from error

    def _result(self, future: Future[_Results[Result]]) -> _Results[Result]:
        """What workers sent back.

        Tasks never raise, so whatever a given executor raises is its own trouble: a worker that died, a result that
        it cannot carry.

        Raises:
            BrokenExecutor: the executor is of no more use.
            TaskGivenUpError: it gave these tasks up, and goes on with others.
            InternalError: a result cannot travel between processes.
        """
        try:
            return future.result()
        except TaskGivenUpError:
            raise
        except Exception as error:
            if self._given is None:
                raise
            raise BrokenExecutor(str(error)) from error

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
            return self._result(self._submit([task], 1))[0]
        except TaskGivenUpError:
            return Lost(Cause.DIED)
        except BrokenExecutor:
            if self._given is not None:
                self._give_up()
            self.close(hurry=True)
            return Lost(Cause.DIED)

    def _open(self, jobs: int) -> Workers:
        """Our own workers, or so many fresh ones."""
        if self._own is None:
            fork = may_fork()
            if fork:
                self._prepare()
            self._own = Workers(jobs, self._context, fork=fork and may_fork())
            self._size = jobs
        return self._own
