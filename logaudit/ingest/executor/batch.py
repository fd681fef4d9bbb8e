"""Tasks, and their results as they come in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from logaudit.ingest.executor.task import Lost, Task
from logaudit.ingest.executor.worker import Failed

Result = TypeVar("Result")


class TaskBatch(Generic[Result]):
    """Some tasks; whoever takes a result in is told of it.

    Raises, where a task did, what `logaudit.ingest.executor.worker.Failed.raised` says.
    """

    def __init__(
        self,
        tasks: Sequence[Task[Any, Result]],
        done: Callable[[int], None],
        hold: Callable[[Result], Result] = lambda result: result,
    ) -> None:
        """``done`` is told the index of each task as it is done; what ``hold`` makes of a result is kept."""
        self.tasks = tasks
        self._done = done
        self._hold = hold
        self._results: dict[int, Result | Lost] = {}

    @property
    def left(self) -> list[int]:
        """The tasks without a result."""
        return [index for index in range(len(self.tasks)) if index not in self._results]

    def take(self, index: int, result: Result | Lost | Failed) -> None:
        """The result of a task."""
        if isinstance(result, Failed):
            result.raised()
        self._results[index] = result if isinstance(result, Lost) else self._hold(result)
        self._done(index)

    def take_all(self, indices: Sequence[int], results: Sequence[Result | Lost | Failed]) -> list[int]:
        """Takes what is not lost; returns the rest."""
        lost: list[int] = []
        for index, result in zip(indices, results, strict=True):
            if isinstance(result, Lost):
                lost.append(index)
            else:
                self.take(index, result)
        return lost

    def in_order(self) -> list[Result | Lost]:
        """All results, given away."""
        return [self._results.pop(index) for index in range(len(self.tasks))]
