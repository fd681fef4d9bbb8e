"""What works for a scan, its spool included: processes of its own, what a program gives, or an engine by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from logaudit.ingest.executor import WorkerPool
from logaudit.ingest.read_context import ReadContext

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from logaudit.core.spool import Spool


@contextmanager
def workers(
    context: ReadContext, name: str, jobs: int, executor: Executor | None = None
) -> Iterator[WorkerPool[ReadContext]]:
    """The workers of a scan, which read its sources and judge its sessions.

    Args:
        context: how sources are read.
        name: the engine that settings name, empty for none; it is started here, and ended.
        jobs: as the settings have it; executor: what a program gives, which goes before the engine.

    Raises:
        UserError: its extra is missing, or the cluster cannot be used.
    """
    if executor is not None or not name:
        with WorkerPool(context, jobs, executor) as pool:
            yield pool
        return
    from logaudit.ingest.executor.engines import running  # noqa: PLC0415 - few scans have an engine

    with running(name, jobs) as engine, WorkerPool(context, engine.jobs, engine.executor) as pool:
        yield pool


def spool_for(context: ReadContext) -> AbstractContextManager[Spool | None]:
    """What holds the extracts of many sources outside of memory; nothing where there are few."""
    if not context.crowded:
        return nullcontext()
    from logaudit.core.spool import Spool  # noqa: PLC0415 - few scans have many sources

    return Spool()
