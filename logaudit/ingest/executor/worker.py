"""What happens where a task is done: the context is at hand, and nothing a task raises gets lost on its way back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any, Final, NoReturn, TypeVar

from msgspec import Struct

from logaudit.core.errors import InternalError, UserError
from logaudit.ingest.executor.task import Cause, Lost, Task

Result = TypeVar("Result")

#: The context that a worker process of our own started with.
_mine = threading.local()
#: Contexts that came with tasks, by their keys: another program's workers outlive a scan.
_unpacked: dict[str, Any] = {}
_MOST_UNPACKED: Final = 4


class TaskGivenUpError(Exception):
    """An executor gave a call up, because it killed a worker or took too long, and goes on with others."""


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


class PackedContext(Struct, frozen=True):
    """A context that travels with tasks: pickled once, unpickled by each worker on first use."""

    key: str
    data: bytes

    @classmethod
    def of(cls, context: object) -> PackedContext:
        """Packs any picklable context."""
        import hashlib  # noqa: PLC0415 - scans without an executor of their own need none of it
        import pickle  # noqa: PLC0415 - as above
        import zlib  # noqa: PLC0415 - as above

        data = zlib.compress(pickle.dumps(context))  # it travels with each call
        return cls(hashlib.sha256(data).hexdigest(), data)

    def unpacked(self) -> Any:  # noqa: ANN401 - whatever was packed
        """The context, as this worker already has it or as it is unpickled now."""
        known = _unpacked.get(self.key)
        if known is None:
            import pickle  # noqa: PLC0415 - as in `of`
            import zlib  # noqa: PLC0415 - as in `of`

            known = pickle.loads(zlib.decompress(self.data))  # noqa: S301 - written by `of` in the same scan
            for key in list(_unpacked)[: 1 - _MOST_UNPACKED]:
                _unpacked.pop(key, None)
            _unpacked[self.key] = known
        return known


def init_worker(context: object) -> None:
    """Runs once in each worker process of our own."""
    _mine.context = context


def ping() -> None:
    """Nothing; a worker that can do it is alive."""


def work(tasks: Sequence[Task[Any, Result]], packed: PackedContext | None) -> list[Result | Lost | Failed]:
    """Does tasks one after another, with the context that came with them or that the worker started with."""
    context = _mine.context if packed is None else packed.unpacked()
    for task in tasks:
        task.announce()
    return [attempt(task, context) for task in tasks]


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


def surviving(read: Callable[[], Result]) -> Result | Lost:
    """What ``read`` gives, or that it met a defect of logaudit.

    Raises:
        UserError, MemoryError: as ``read`` does; these are no defects.
    """
    try:
        return read()
    except (UserError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - no value in the evidence may end the scan
        import traceback  # noqa: PLC0415 - hardly ever needed

        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{PurePath(frame.filename).name}:{frame.lineno}"
        return Lost(Cause.DEFECT, f"{type(error).__name__}: {error} ({place})")
