"""Tasks for the tests of the pool; a module of its own, as spawned workers import it."""

from __future__ import annotations

import os
import signal
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from logaudit.core.errors import NothingToJudgeError


class AwkwardError(Exception):
    """Cannot be unpickled, as many exceptions cannot."""

    def __init__(self, one: str, *, other: str) -> None:
        super().__init__(f"{one} and {other}")


@dataclass(frozen=True, slots=True)
class Job:
    """Gives the kit and its name back, unless told otherwise: ``act`` is one of `ACTS`, and a folder behind a colon."""

    name: str
    act: str = ""
    weight: int = 1 << 22
    strand: str = ""

    def announce(self) -> None:
        """As `logaudit.ingest.executor.Task` has it."""

    def run(self, kit: str) -> object:
        """As `logaudit.ingest.executor.Task` has it."""
        act, _, folder = self.act.partition(":")
        return ACTS[act](Path(folder) / self.name) if act else (kit, self.name)


def _exit(_: Path) -> NoReturn:
    os._exit(3)


def _kill(_: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def _exit_once(mark: Path) -> tuple[str, str]:
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return "kit", mark.name
    os._exit(3)


def _sleep(mark: Path) -> None:
    mark.touch()
    time.sleep(60)


def _send_half_and_exit(_: Path) -> NoReturn:
    """Dies in the middle of the reply."""
    frame = sys._getframe()
    while "pipe" not in frame.f_locals:
        assert frame.f_back is not None
        frame = frame.f_back
    os.write(frame.f_locals["pipe"].fileno(), struct.pack("!i", 1000) + b"the first bytes of a thousand")
    os._exit(0)


def _no_memory(_: Path) -> NoReturn:
    raise MemoryError


def _bug(_: Path) -> NoReturn:
    raise KeyError("gone")


def _awkward(_: Path) -> NoReturn:
    raise AwkwardError("this", other="that")


def _user(_: Path) -> NoReturn:
    raise NothingToJudgeError("It is empty.", "Fill it.")


def _lambda(_: Path) -> object:
    return lambda: None


def _pid(_: Path) -> int:
    return os.getpid()


ACTS: dict[str, Callable[[Path], object]] = {
    "exit": _exit,
    "kill": _kill,
    "once": _exit_once,
    "sleep": _sleep,
    "half": _send_half_and_exit,
    "memory": _no_memory,
    "bug": _bug,
    "awkward": _awkward,
    "user": _user,
    "lambda": _lambda,
    "pid": _pid,
}
