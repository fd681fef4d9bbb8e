"""Does tasks, in this process or in several."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Generic, Self, TypeVar

from logaudit.ingest.executor.batch import TaskBatch
from logaudit.ingest.executor.task import Lost, Task
from logaudit.ingest.executor.worker import attempt

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from logaudit.ingest.executor.dispatcher import Dispatcher

#: Below this many bytes to read worker processes cost more than they save.
PARALLEL_FROM: Final = 16 << 20
#: More workers than this only get into each other's way.
_MOST_JOBS: Final = 64
#: Each takes some 50 MB while it reads.
_USUAL_JOBS: Final = 8

ContextT = TypeVar("ContextT")
Result = TypeVar("Result")


class WorkerPool(Generic[ContextT]):
    """Does tasks with one context; a context manager, as processes must not outlive it.

    Whoever leaves it in a hurry (Ctrl-C) leaves no process behind, and neither does this process when killed.
    """

    def __init__(
        self,
        context: ContextT,
        jobs: int,
        executor: Executor | None = None,
    ) -> None:
        """Starts nothing yet.

        Args:
            context: given to every task.
            jobs: the number of workers, 1 for none but this process; 0 for one a core, up to 8.
            executor: does the tasks in place of worker processes, and is not shut down; where it breaks, worker
                processes do the rest.
        """
        self.context: Final = context
        jobs = jobs or default_jobs()
        self._jobs = jobs if executor is not None else min(jobs, _MOST_JOBS)
        self._executor = executor
        self._dispatcher: Dispatcher[ContextT] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._dispatcher is not None:
            self._dispatcher.close(hurry=kind is not None)

    def pays(self, weight: int) -> bool:
        """Whether workers save more than they cost where so many bytes are to be read."""
        return self._executor is not None or (self._jobs > 1 and weight >= PARALLEL_FROM)

    def run(
        self,
        tasks: Sequence[Task[ContextT, Result]],
        done: Callable[[int], None] = lambda _index: None,
        *,
        apart: bool = True,
        prepare: Callable[[], None] = lambda: None,
        hold: Callable[[Result], Result] = lambda result: result,
    ) -> list[Result | Lost]:
        """The results in the order of ``tasks``.

        Args:
            tasks: one alone is done in this process.
            done: told the index of each task as it is done.
            apart: whether workers do them, if there are any.
            prepare: called before processes are forked, which then share what it loads.
            hold: makes what is kept of a result until all are there.

        A task whose worker dies or runs out of memory is tried once more, with no other at work beside it.

        Raises:
            UserError: as a task raised it.
            InternalError: a task raised anything else.
        """
        batch = TaskBatch(tasks, done, hold)
        if apart and (self._jobs > 1 or self._executor) and len(tasks) > 1:
            self._workers().work_off(batch, prepare)
        for index in batch.left:
            batch.take(index, attempt(tasks[index], self.context))
        return batch.in_order()

    def _workers(self) -> Dispatcher[ContextT]:
        from logaudit.ingest.executor.dispatcher import Dispatcher  # noqa: PLC0415 - loads slowly, and small scans need no workers

        if self._dispatcher is None:
            self._dispatcher = Dispatcher(self.context, self._jobs, self._executor)
        return self._dispatcher


def default_jobs() -> int:
    """One for each core that this process may use, but no more than so many take little memory together."""
    cores = os.cpu_count() or 1
    with contextlib.suppress(AttributeError, OSError):
        cores = len(os.sched_getaffinity(0))
    return max(1, min(cores, _USUAL_JOBS))
