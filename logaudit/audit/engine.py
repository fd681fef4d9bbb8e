"""What reads the sources of a scan: processes of its own, what a program gives, or the engine that settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor


@contextmanager
def readers(name: str, jobs: int, executor: Executor | None) -> Iterator[tuple[Executor | None, int]]:
    """The executor to read with, None for processes of our own, and how many tasks it does at once.

    Args:
        name: the engine that settings name, empty for none; it is started here, and ended.
        jobs: as the settings have it; executor: what a program gives, which goes before the engine.

    Raises:
        UserError: its extra is missing, or the cluster cannot be used.
    """
    if executor is not None or not name:
        yield executor, jobs
        return
    from logaudit.ingest.executor.engines import running  # noqa: PLC0415 - few scans have an engine

    with running(name, jobs) as engine:
        yield engine.executor, engine.jobs
