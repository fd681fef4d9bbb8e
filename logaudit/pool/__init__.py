"""Runs independent tasks, in this process or in several; the results keep the order of the tasks."""

from logaudit.pool.crew import Crew, default_jobs
from logaudit.pool.types import Cause, Lost, Make, Progress, Task

__all__ = ["PARALLEL_FROM", "Cause", "Crew", "Lost", "Make", "Progress", "Task", "default_jobs"]

#: Below this many bytes a process pool costs more than it saves.
PARALLEL_FROM = 16 << 20
