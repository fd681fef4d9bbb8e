"""The words of this package: a task, what stands for a result that is not to be had, who is told of progress."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol, TypeVar

from msgspec import Struct

ContextIn_contra = TypeVar("ContextIn_contra", contravariant=True)
ResultOut_co = TypeVar("ResultOut_co", covariant=True)


class Task(Protocol[ContextIn_contra, ResultOut_co]):
    """Something to do that needs only itself and the context; it travels between processes, as does its result."""

    @property
    def name(self) -> str:
        """What it works on, for messages."""

    @property
    def weight(self) -> int:
        """Bytes to read, about."""

    @property
    def strand(self) -> str:
        """Tasks of one strand are cheapest one after another, in their order; empty where that does not matter."""

    def announce(self) -> None:
        """Called a little before it is run, to fetch what it needs meanwhile; must neither wait nor raise."""

    def run(self, context: ContextIn_contra) -> ResultOut_co:
        """Does it."""


class Cause(StrEnum):
    """Why a result is lost."""

    DIED = "died"
    MEMORY = "memory"
    DEFECT = "defect"


class Lost(Struct, frozen=True):
    """In place of a result: the process died, ran out of memory or met a defect, each time the task was tried.

    Attributes:
        detail: the exception and its place in the code, for a defect.
    """

    cause: Cause
    detail: str = ""


class Progress(Struct):
    """Told of sources and bytes: of all of them at the start, then of those done since; does nothing unless replaced.

    What has to be done again is taken back by a negative step.
    """

    start: Callable[[int, int], None] = lambda _sources, _bytes: None
    step: Callable[[int, int], None] = lambda _sources, _bytes: None
    finish: Callable[[], None] = lambda: None
