"""Worker processes as an executor: forked where that is safe, and never outliving the process that started them.

The standard library's pool shares its pipes among all workers: one that is killed while it sends a result leaves
everybody waiting for the rest of it. Here each has its own, so whoever dies is missed at once and alone.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from msgspec import Struct

from logaudit.core.errors import InternalError
from logaudit.ingest.executor.reentry import REENTERED, WORKER_NAME, imports_its_program
from logaudit.ingest.executor.worker import init_worker

P = ParamSpec("P")
T = TypeVar("T")


class WorkerDiedError(BrokenExecutor):
    """The process that was at work on it died."""


class _Call(Struct, frozen=True):
    future: Future[Any]
    words: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class _Raised(Struct, frozen=True):
    """What came of a call, where that is no result."""

    said: str
    trace: str


class _Member(Struct, frozen=True):
    """A process, and our end of its pipe.

    Attributes:
        first: the pickled context, for a process that cannot inherit it.
    """

    process: BaseProcess
    pipe: Connection
    first: memoryview | None

    def provide(self) -> None:
        """Waits until the process takes the context.

        Raises:
            OSError: it died before.
        """
        if self.first is not None:
            self.pipe.send_bytes(self.first)

    def ask(self, words: object) -> object:
        self.pipe.send(words)
        return self.pipe.recv()

    def end(self) -> None:
        self.pipe.close()
        self.process.join()


class Workers(Executor):
    """So many processes, each asked by a thread of its own; one that dies is not replaced.

    All of them hold one end of a pipe, and end when this process lets go of the other: when it is told to, and
    when it dies, however it dies.
    """

    def __init__(self, jobs: int, task_context: object, *, fork: bool) -> None:
        """Starts the processes, each with what its tasks need.

        Raises:
            OSError, ImportError: the system has no room or no means for them.
        """
        if multiprocessing.current_process().daemon or imports_its_program():
            raise OSError("a process of this kind may not start others")
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._members: list[_Member] = []
        self._threads: list[threading.Thread] = []
        self._alive = jobs
        context = multiprocessing.get_context("fork" if fork else "spawn")
        self._hold, self._leash = context.Pipe(duplex=False)
        # A fork shares what its parent holds. Others get it by their own pipe once they run: `Process.start` would wait
        # for ever for one that dies before it has read that much, as where a program without a guard is imported.
        inherited = (task_context,) if fork else ()
        first = None if fork else ForkingPickler.dumps(task_context)
        with uninterrupted():
            try:
                # All processes first: who has threads must not fork.
                for _ in range(jobs):
                    self._members.append(self._spawn(context, inherited, first))
                for member in self._members:
                    thread = threading.Thread(target=self._serve, args=(member,), daemon=True)
                    thread.start()
                    self._threads.append(thread)
            except BaseException:
                self.abandon()
                raise

    @property
    def reentered(self) -> bool:
        """Whether a process ended as the program has no guard; known once the workers are abandoned."""
        return any(member.process.exitcode == REENTERED for member in self._members)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As executors have it."""
        future: Future[T] = Future()
        with self._lock:
            if not self._alive:
                raise WorkerDiedError("there are no workers left")
            self._calls.put(_Call(future, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as executors have it
        """As executors have it."""
        if cancel_futures:
            self._clear(lambda future: future.cancel())
        for _ in self._threads:
            self._calls.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
            self._hold.close()
            self._leash.close()

    def abandon(self) -> None:
        """Ends the processes at once, whatever they are doing."""
        with uninterrupted():
            for member in self._members:
                member.process.kill()
            self.shutdown(cancel_futures=True)
            for member in self._members:
                member.end()

    def _spawn(self, context: Any, inherited: tuple[object, ...], first: memoryview | None) -> _Member:  # noqa: ANN401 - the kinds of context share no type
        ours, theirs = context.Pipe()
        # A spawned process gets the ends it needs; a forked one has all that there are, and must drop the others.
        strange = (self._leash, ours, *(member.pipe for member in self._members)) if inherited else ()
        try:
            words = (theirs, self._hold, strange, inherited)
            process = context.Process(target=_live, args=words, name=WORKER_NAME, daemon=True)
            process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return _Member(process, ours, first)

    def _serve(self, member: _Member) -> None:
        """Gives a worker the context, then one call after another."""
        try:
            member.provide()
        except OSError:
            self._leave()
            member.end()
            return
        while (call := self._calls.get()) is not None:
            future = call.future
            if not future.set_running_or_notify_cancel():
                continue
            try:
                reply = member.ask(call.words)
            except (EOFError, OSError):
                self._leave()
                future.set_exception(WorkerDiedError("a worker died"))
                break
            except Exception as error:  # noqa: BLE001 - whoever waits for the result gets it
                future.set_exception(error)
                continue
            if isinstance(reply, _Raised):
                failure = InternalError(reply.said)
                failure.add_note(reply.trace)
                future.set_exception(failure)
            else:
                future.set_result(reply)
        member.end()

    def _leave(self) -> None:
        """Counts a dead worker; with the last one gone, nothing is left to hope for."""
        with self._lock:
            self._alive -= 1
            if not self._alive:
                self._clear(lambda future: future.set_exception(WorkerDiedError("there are no workers left")))

    def _clear(self, tell: Callable[[Future[Any]], object]) -> None:
        """Takes back what waits, and tells those who wait for it."""
        with contextlib.suppress(Empty):
            while True:
                call = self._calls.get_nowait()
                if call is not None:
                    tell(call.future)


def may_fork() -> bool:
    """Whether forking is safe: a forked child has one thread, and must not wait for a lock that another held."""
    if sys.platform != "linux":
        return False
    with contextlib.suppress(OSError):
        return len(list(Path("/proc/self/task").iterdir())) == 1
    return threading.active_count() == 1


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Holds Ctrl-C back; processes started in here never hear of it, not even while they still start."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _live(
    pipe: Connection, hold: Connection, strange: Iterable[Connection], inherited: tuple[object, ...]
) -> None:
    """The life of a worker process: answers calls until the pipe is closed.

    The context is inherited, or the first that comes.
    """
    for end in strange:
        end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a fork has the parent's handlers
    # Nothing here multiplies matrices: threads for that would only take time to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    threading.Thread(target=_wait, args=(hold,), daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        init_worker(inherited[0] if inherited else ForkingPickler.loads(pipe.recv_bytes()))
        while True:
            data = pipe.recv_bytes()
            pipe.send_bytes(_reply(data))


def _reply(data: bytes) -> memoryview:
    """The reply to a call, as bytes: a result that cannot travel is told like an exception."""
    try:
        fn, args, kwargs = ForkingPickler.loads(data)
        return ForkingPickler.dumps(fn(*args, **kwargs))
    except MemoryError:
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - raised where the result is waited for
        return ForkingPickler.dumps(_Raised(f"{type(error).__name__}: {error}", traceback.format_exc()))


def _wait(hold: Connection) -> None:
    """Ends the process when the other end of the pipe is gone."""
    with contextlib.suppress(OSError, EOFError):
        hold.recv_bytes()
    os._exit(1)
