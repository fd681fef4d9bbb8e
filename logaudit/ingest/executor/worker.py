"""What happens where a task is done: the context is at hand, and nothing a task raises gets lost on its way back."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, NoReturn, TypeVar

from msgspec import Struct

from logaudit.core.errors import InternalError, UserError
from logaudit.ingest.executor.task import Cause, Lost, Task

Result = TypeVar("Result")

#: The context of the worker, which may be a process or a thread.
_mine = threading.local()


class Failed(Struct, frozen=True):
    """What a task raised, as text: of the exceptions that can be raised, few survive the way between processes."""

    said: str
    trace: str
    error: UserError | None = None

    def raised(self) -> NoReturn:
        """Raises it here.

        Raises:
            UserError: as the task did.
            InternalError: the task raised anything else.
        """
        if self.error is not None:
            raise self.error
        error = InternalError(self.said)
        error.add_note(self.trace)
        raise error


def init_worker(context: object) -> None:
    """Runs once in each worker."""
    _mine.kit = context


def ping() -> None:
    """Nothing; a worker that can do it is alive."""


def work(tasks: Sequence[Task[Any, Result]]) -> list[Result | Lost | Failed]:
    """Does tasks one after another in an equipped worker."""
    for task in tasks:
        task.announce()
    return [attempt(task, _mine.kit) for task in tasks]


def attempt(task: Task[Any, Result], context: object) -> Result | Lost | Failed:
    """The result of a task, or why there is none."""
    try:
        return task.run(context)
    except MemoryError:
        return Lost(Cause.MEMORY)
    except UserError as error:
        return Failed("", "", error)
    except Exception as error:  # noqa: BLE001 - told to the user with the task's name, by whoever gave it out
        import traceback  # noqa: PLC0415 - hardly ever needed

        said = f"{type(error).__name__}: {error} (while reading {task.name})"
        return Failed(said, traceback.format_exc())
