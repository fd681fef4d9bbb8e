"""Runs independent tasks, in this process or in several; the results keep the order of the tasks."""

from logaudit.ingest.executor.task import Cause, Lost, Progress, Task
from logaudit.ingest.executor.worker_pool import PARALLEL_FROM, WorkerPool, default_jobs

__all__ = ["PARALLEL_FROM", "Cause", "Lost", "Progress", "Task", "WorkerPool", "default_jobs"]
