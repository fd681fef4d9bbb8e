"""Runs independent tasks, in this process or in several; the results keep the order of the tasks."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Generic, Protocol, Self, TypeAlias, TypeVar

#: Below this many bytes a process pool costs more than it saves.
PARALLEL_FROM: Final = 16 << 20
#: Small tasks travel together until they weigh so much, or are so many.
_BUNDLE: Final = 2 << 20
_MOST: Final = 32
#: Bundles that wait at the workers' door.
_WAITING: Final = 2
#: Windows waits for no more than this many processes at once.
_MOST_JOBS: Final = 61

Kit = TypeVar("Kit")
KitIn_contra = TypeVar("KitIn_contra", contravariant=True)
Result = TypeVar("Result")
ResultOut_co = TypeVar("ResultOut_co", covariant=True)


class Task(Protocol[KitIn_contra, ResultOut_co]):
    """Something to do that needs nothing but itself and the kit; it travels between processes, as does its result."""

    @property
    def weight(self) -> int:
        """Bytes to read, about."""

    def run(self, kit: KitIn_contra) -> ResultOut_co:
        """Does it."""


@dataclass(frozen=True, slots=True)
class Lost:
    """In place of a result: the process died each time the task was tried."""


@dataclass(slots=True)
class Progress:
    """Told of every task done; does nothing unless replaced."""

    start: Callable[[int, int], None] = lambda _tasks, _bytes: None
    step: Callable[[int], None] = lambda _bytes: None
    finish: Callable[[], None] = lambda: None


#: Makes an executor of so many workers, each of which calls a function with these arguments first.
Make: TypeAlias = Callable[[int, Callable[..., None], tuple[Any, ...]], Executor]


class Crew(Generic[Kit]):
    """Does tasks with one kit; a context manager, as processes must not outlive it.

    Whoever leaves it in a hurry (Ctrl-C) leaves no process behind: workers end with the pipe they hang on,
    and so they do when this process is killed.
    """

    def __init__(self, kit: Kit, jobs: int, make: Make | None = None) -> None:
        """``jobs`` is the number of workers, 1 for none but this process; ``make`` gives another executor."""
        self._kit = kit
        self._jobs = min(jobs, _MOST_JOBS)
        self._make = make
        self._pool: Executor | None = None
        self._leash: tuple[Connection, Connection] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._close(hurry=kind is not None)

    def run(
        self, tasks: Sequence[Task[Kit, Result]], done: Callable[[int], None] = lambda _bytes: None
    ) -> list[Result | Lost]:
        """The results in the order of ``tasks``; ``done`` is told the weight of each as it is done.

        Tasks whose process dies are tried once more, each in a process of its own.
        """
        if self._jobs == 1 or len(tasks) < 2:  # noqa: PLR2004 - one task is done as fast here
            return [_told(task.run(self._kit), task, done) for task in tasks]
        results: dict[int, Result | Lost] = {}
        bundles = deque(_bundles(tasks))
        suspects: list[int] = []
        while bundles:
            lost = self._together(tasks, bundles, results, done)
            suspects += (i for i in lost if i not in results)
        for index in sorted(suspects):
            results[index] = _told(self._alone(tasks[index]), tasks[index], done)
        return [results[index] for index in range(len(tasks))]

    def _together(
        self,
        tasks: Sequence[Task[Kit, Result]],
        bundles: deque[list[int]],
        results: dict[int, Result | Lost],
        done: Callable[[int], None],
    ) -> list[int]:
        """Works the bundles off; if a process dies, returns what was being done, and leaves the rest."""
        if self._pool is None:
            self._pool = self._start(self._jobs)
        running: dict[Future[list[Result | Lost]], list[int]] = {}
        try:
            while bundles or running:
                # Few at a time: when a process dies, all that were handed out may have been the reason.
                while bundles and len(running) < self._jobs + _WAITING:
                    running[self._pool.submit(_work, [tasks[i] for i in bundles[0]])] = bundles[0]
                    bundles.popleft()
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    for index, result in zip(running[future], future.result(), strict=True):
                        results[index] = _told(result, tasks[index], done)
                    del running[future]
        except BrokenExecutor:
            self._close(hurry=True)
            return [i for bundle in running.values() for i in bundle]
        return []

    def _alone(self, task: Task[Kit, Result]) -> Result | Lost:
        self._close()
        self._pool = self._start(1)
        try:
            return self._pool.submit(_work, [task]).result()[0]
        except BrokenExecutor:
            return Lost()
        finally:
            self._close(hurry=True)

    def _start(self, jobs: int) -> Executor:
        """Worker processes, forked where that is safe: they then need not learn what is known here."""
        if self._make is not None:
            return self._make(jobs, _equip, (self._kit,))
        context = multiprocessing.get_context("fork" if _may_fork() else "spawn")
        self._leash = context.Pipe(duplex=False)
        return ProcessPoolExecutor(jobs, context, _hang_on, (*self._leash, self._kit))

    def _close(self, *, hurry: bool = False) -> None:
        """Ends the workers: at once, whatever they are doing, or when they are done."""
        if hurry:
            self._let_go()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        self._let_go()

    def _let_go(self) -> None:
        for end in self._leash or ():
            end.close()
        self._leash = None


def default_jobs() -> int:
    """One for each core that this process may use."""
    with contextlib.suppress(AttributeError, OSError):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def _told(result: Result, task: Task[Any, Any], done: Callable[[int], None]) -> Result:
    done(task.weight)
    return result


def _bundles(tasks: Sequence[Task[Any, Any]]) -> Iterator[list[int]]:
    """The largest first, so that no worker is left with a long one at the end; small ones together."""
    bundle: list[int] = []
    weight = 0
    for index in sorted(range(len(tasks)), key=lambda i: -tasks[i].weight):
        bundle.append(index)
        weight += tasks[index].weight
        if weight >= _BUNDLE or len(bundle) >= _MOST:
            yield bundle
            bundle, weight = [], 0
    if bundle:
        yield bundle


def _may_fork() -> bool:
    """Whether forking is safe: a forked child has one thread, and must not wait for a lock that another held."""
    if sys.platform != "linux":
        return False
    with contextlib.suppress(OSError):
        return len(list(Path("/proc/self/task").iterdir())) == 1
    return threading.active_count() == 1


#: The worker's kit.
_kit: Any = None


def _equip(kit: object) -> None:
    """Runs once in each worker."""
    global _kit  # noqa: PLW0603 - a worker has one kit, and nowhere else to keep it
    _kit = kit


def _hang_on(hold: Connection, other_end: Connection, kit: object) -> None:
    """Runs once in each worker process: ties its life to the parent's."""
    other_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and lets go
    threading.Thread(target=_wait, args=(hold,), daemon=True).start()
    _equip(kit)


def _wait(hold: Connection) -> None:
    """Ends the process when the other end of the pipe is gone."""
    with contextlib.suppress(OSError, EOFError):
        hold.recv_bytes()
    os._exit(1)


def _work(tasks: Sequence[Task[Any, Result]]) -> list[Result | Lost]:
    return [_try(task) for task in tasks]


def _try(task: Task[Any, Result]) -> Result | Lost:
    try:
        return task.run(_kit)
    except MemoryError:
        return Lost()
