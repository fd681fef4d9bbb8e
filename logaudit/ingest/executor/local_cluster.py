"""A Dask cluster of one scan on this machine: it writes into a folder of its own only, and ends with the scan."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory
from typing import Any, Final

import dask
from distributed import Nanny, Scheduler, SpecCluster, Worker
from distributed.core import Status

from logaudit.core.errors import UserError
from logaudit.ingest.executor.process_workers import uninterrupted
from logaudit.ingest.executor.reentry import imports_its_program

#: Seconds in which it ends.
_END: Final = 3
_UNABLE: Final = (
    "Dask's worker processes do not start.",
    'A program guards its scan with if __name__ == "__main__".',
)
_HOST: Final = {"host": "127.0.0.1", "protocol": "tcp://"}


class _QuietScheduler(Scheduler):
    """Without a web server: that of `distributed` listens whatever it is told, on port 8787 where it can."""

    def start_http_server(self, *_: object, **__: object) -> None:
        """Starts none."""


class _QuietWorker(Worker):
    """Likewise."""

    def start_http_server(self, *_: object, **__: object) -> None:
        """Starts none."""


class _CarefulNanny(Nanny):
    """Gives a worker up that never started: older releases of `distributed` start it over for ever."""

    _begun = _ran = False

    async def instantiate(self) -> Status:
        """Starts the worker, or starts another where one had started.

        Raises:
            RuntimeError: it ended before it was at work.
        """
        if self._begun and not self._ran:
            raise RuntimeError("the worker ends as it starts")
        self._begun = True
        status = await super().instantiate()
        self._ran = self._ran or status == Status.running
        return status


@contextmanager
def local_cluster(jobs: int) -> Iterator[str]:
    """Worker processes on this machine; the address of their scheduler.

    Raises:
        UserError: they do not start.
    """
    if imports_its_program():
        raise UserError(*_UNABLE)
    others = set(multiprocessing.active_children())
    resource_tracker.ensure_running()  # who starts it lets Ctrl-C through again
    # By default it would share a folder with all other clusters of this machine, and leave there what was cut short.
    with (
        TemporaryDirectory(prefix="logaudit-", ignore_cleanup_errors=True) as folder,
        dask.config.set({"temporary-directory": folder}),
    ):
        cluster = None
        try:
            # Its processes do not hear Ctrl-C: this one does, and ends them.
            with uninterrupted():
                cluster = _started(jobs)
            yield cluster.scheduler_address
        except BaseException:
            _kill(others)  # nobody waits for what a worker is at
            raise
        finally:
            if cluster is not None:
                with suppress(Exception):
                    cluster.close(timeout=_END)
            _kill(others)


def _started(jobs: int) -> Any:  # noqa: ANN401 - as below
    made: Any = SpecCluster  # typed in part
    worker = {"nthreads": 1, "worker_class": _QuietWorker, "silence_logs": logging.CRITICAL, **_HOST}
    try:
        return made(
            scheduler={"cls": _QuietScheduler, "options": {"port": 0, "dashboard": False, **_HOST}},
            workers={index: {"cls": _CarefulNanny, "options": worker} for index in range(jobs)},
            silence_logs=logging.CRITICAL,
        )
    except RuntimeError:  # of many tasks of its own, each with another's error
        raise UserError(*_UNABLE) from None


def _kill(others: set[BaseProcess]) -> None:
    """Ends the processes that came after these others, and waits until they can write no more."""
    mine = set(multiprocessing.active_children()) - others
    for process in mine:
        process.kill()
    for process in mine:
        process.join(_END)
