"""Runs independent tasks, in this process or in several; the results keep the order of the tasks."""

from logaudit.ingest.executor.task import Cause, Lost, Progress
from logaudit.ingest.executor.worker_pool import WorkerPool, default_jobs

__all__ = ["PARALLEL_FROM", "Cause", "Lost", "Progress", "WorkerPool", "default_jobs"]

#: Below this many bytes a process pool costs more than it saves.
PARALLEL_FROM = 16 << 20
