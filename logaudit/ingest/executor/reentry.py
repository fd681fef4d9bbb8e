"""A spawned process imports the program that started it, and must not start over where that has no guard."""

from __future__ import annotations

import sys
from typing import Final

#: By this name a process knows, before anything else, that it is a worker of a scan.
WORKER_NAME: Final = "logaudit-worker"
#: How a worker ends that was about to scan itself; no other end of a process has this code.
REENTERED: Final = 86
SAID: Final = (
    'logaudit.scan runs at the top of a program, outside of if __name__ == "__main__". Its worker processes import the '
    "program and would scan again, so there are none: this process reads everything itself, which takes longer."
)


def imports_its_program() -> bool:
    """Whether this process was spawned, and still imports the program that did it: it may start no processes."""
    process = sys.modules.get("multiprocessing.process")  # whoever was spawned has it
    return process is not None and getattr(process.current_process(), "_inheriting", False)


def end_reentered_worker() -> None:
    """Ends a worker that was only started for a scan, and begins one.

    Raises:
        SystemExit: as no program catches it by accident, and what it would do next belongs to the first process.
    """
    if imports_its_program() and sys.modules["multiprocessing.process"].current_process().name == WORKER_NAME:
        raise SystemExit(REENTERED)
