"""Engines of other libraries as executors: Dask (a cluster, or one on this machine) and loky.

Their workers equip themselves with the first task. An engine that gives one task up goes on with the others; who
waits too long for a task gives it up, too.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final, ParamSpec, TypeVar

from msgspec import Struct

from logaudit import __version__
from logaudit.core.errors import UserError
from logaudit.ingest.executor.process_workers import uninterrupted
from logaudit.ingest.executor.worker import TaskGivenUpError
from logaudit.ingest.executor.worker_pool import default_jobs

P = ParamSpec("P")
T = TypeVar("T")

_DASK: Final = "dask://"
#: Seconds that a call may take, waiting included, and bytes that the slowest worker reads in one more.
_DEADLINE: Final = 600.0
_SLOWEST: Final = 1 << 20
_POLL: Final = 1.0
#: Seconds in which a cluster answers, and in which one of our own ends.
_PATIENCE: Final = 10
_END: Final = 3


#: Settings of a cluster of one scan. With the default of the first, a task that kills its worker kills three more.
#: The others keep its processes from looking at themselves, some of them a hundred times a second: that took more
#: processor time than reading. Results are packed when they are sent.
_SETTINGS: Final = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.admin.tick.interval": "2s",
    "distributed.admin.system-monitor.interval": "60s",
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.client.scheduler-info-interval": "60s",
    "distributed.diagnostics.computations.max-history": 0,
    "distributed.diagnostics.computations.nframes": 0,
    "distributed.comm.compression": None,
    # By default workers give memory back to the system at every turn, and get it anew: a third of the time to read.
    "distributed.nanny.pre-spawn-environ": {
        "MALLOC_TRIM_THRESHOLD_": 1 << 27,
        "MALLOC_MMAP_THRESHOLD_": 1 << 25,
        "MALLOC_ARENA_MAX": 1,
        "OMP_NUM_THREADS": 1,
        "MKL_NUM_THREADS": 1,
        "OPENBLAS_NUM_THREADS": 1,
    },
}


class Engine(Struct, frozen=True):
    """An engine that runs: what takes calls, and how many of them at once."""

    executor: Executor
    jobs: int


def check_engine(name: str) -> None:
    """Refuses what is no engine.

    Raises:
        UserError: there is none of this name.
    """
    if name not in ("dask", "loky") and not (name.startswith(_DASK) and name != _DASK):
        raise UserError(f"There is no executor {name!r}.", "Use dask, dask://HOST:PORT or loky.")


@contextmanager
def running(name: str, jobs: int) -> Iterator[Engine]:
    """An engine by its name; what was started here ends here, and with it all its processes.

    Raises:
        UserError: there is none, its extra is missing, or the cluster cannot be used.
    """
    check_engine(name)
    extra = name.partition(":")[0]
    try:
        with (_loky if name == "loky" else _dask)(name, jobs or default_jobs()) as engine:
            yield engine
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"dask", "distributed", "loky"}:
            raise
        raise UserError(
            f"--executor {name} needs packages that are not installed.", f"pip install 'logaudit[{extra}]'"
        ) from error


@contextmanager
def _loky(_name: str, jobs: int) -> Iterator[Engine]:
    import loky  # noqa: PLC0415 - an extra, loaded where it is used

    inner = loky.ProcessPoolExecutor(jobs)
    guarded = GuardedExecutor(inner)
    try:
        yield Engine(guarded, jobs)
    finally:
        guarded.shutdown(wait=False)
        inner.shutdown(wait=True, kill_workers=True)


@contextmanager
def _dask(name: str, jobs: int) -> Iterator[Engine]:
    import dask  # noqa: PLC0415 - an extra, loaded where it is used
    from distributed import KilledWorker  # noqa: PLC0415 - as above

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with dask.config.set(_SETTINGS), ExitStack() as ends:
        if name.startswith(_DASK):
            client = _connected(name, f"tcp://{name.removeprefix(_DASK)}")
            ends.callback(_quietly, client.close, timeout=_END)
            before = _allow_failures(client, 0)
            ends.callback(_allow_failures, client, before)
        else:
            from logaudit.ingest.executor.local_cluster import local_cluster  # noqa: PLC0415 - as above

            client = _connected(name, ends.enter_context(local_cluster(jobs)))
            ends.callback(_quietly, client.close, timeout=_END)
        guarded = GuardedExecutor(client.get_executor(pure=False, retries=0), (KilledWorker,))
        ends.callback(guarded.shutdown)
        yield Engine(guarded, max(1, sum(client.nthreads().values())))


def _quietly(close: Callable[..., object], **how: object) -> None:
    """Closes what may be gone already."""
    with suppress(Exception):
        close(**how)


def _connected(name: str, address: str) -> Any:  # noqa: ANN401 - distributed is typed in part
    """A client of a cluster whose workers have this program.

    Raises:
        UserError: it cannot be reached, has no worker, or one with another version.
    """
    from distributed import Client  # noqa: PLC0415 - as above

    connect: Any = Client  # typed in part
    try:
        made = connect(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UserError(f"No Dask scheduler answers at {name}.", "Check host and port.") from error
    try:
        versions = set(made.run(_version).values())
    except ImportError:
        versions = {"none"}
    if versions != {__version__}:
        made.close(timeout=_END)
        found = f"have logaudit {', '.join(sorted(versions))}" if versions else "are not there"
        raise UserError(
            f"Workers at {name} {found}, and this is {__version__}.",
            f"pip install logaudit=={__version__} there.",
        )
    return made


def _version() -> str:
    return __version__


def _allow_failures(client: Any, count: int | None) -> int | None:  # noqa: ANN401 - as above
    """Sets how many workers a task may kill; returns what was set before, None where the scheduler does not let us."""
    if count is None:
        return None
    with suppress(Exception):
        before: int = client.run_on_scheduler(_set_failures, count=count)
        return before
    return None


def _set_failures(dask_scheduler: Any, count: int) -> int:  # noqa: ANN401 - as above
    before: int = dask_scheduler.allowed_failures
    dask_scheduler.allowed_failures = count
    return before


class GuardedExecutor(Executor):
    """Another executor, with a deadline for each call and its errors translated."""

    def __init__(
        self, inner: Executor, gives_up: tuple[type[Exception], ...] = (), deadline: float = _DEADLINE
    ) -> None:
        """``gives_up`` are errors that concern one call, after which the executor goes on."""
        self._inner = inner
        self._gives_up = gives_up
        self._deadline = deadline
        self._waiting: dict[Future[Any], tuple[float, Future[Any]]] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As executors have it."""
        weight = sum(task.weight for task in args[0]) if args and isinstance(args[0], list) else 0
        with uninterrupted():  # processes that the call starts do not hear Ctrl-C
            inner = self._inner.submit(fn, *args, **kwargs)
        outer: Future[T] = Future()
        outer.set_running_or_notify_cancel()
        with self._lock:
            self._waiting[outer] = time.monotonic() + self._deadline + weight / _SLOWEST, inner
        inner.add_done_callback(lambda done: self._finish(outer, done))
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as executors have it
        """Stops waiting; the other executor is not ended."""
        self._ended.set()

    def _finish(self, outer: Future[Any], inner: Future[Any]) -> None:
        with self._lock:
            if self._waiting.pop(outer, None) is None:
                return
        if inner.cancelled():
            outer.set_exception(TaskGivenUpError("the engine dropped the call"))
        elif (error := inner.exception()) is None:
            outer.set_result(inner.result())
        elif isinstance(error, self._gives_up):
            outer.set_exception(TaskGivenUpError(type(error).__name__))
        else:
            outer.set_exception(error)

    def _watch(self) -> None:
        """Gives up what takes too long."""
        while not self._ended.wait(_POLL):
            now = time.monotonic()
            with self._lock:
                late = [(outer, inner) for outer, (until, inner) in self._waiting.items() if until < now]
                for outer, _ in late:
                    del self._waiting[outer]
            for outer, inner in late:
                outer.set_exception(TaskGivenUpError("it takes too long"))
                inner.cancel()
