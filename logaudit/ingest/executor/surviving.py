"""A defect met while a source is read costs that source: the scan goes on, and says what happened and where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import TypeVar

from logaudit.core.errors import UserError
from logaudit.ingest.executor.task import Cause, Lost

Result = TypeVar("Result")


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
