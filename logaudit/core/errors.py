"""Errors meant for the user: what happened, what to do, and the exit code."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process says to its caller; the output format never changes it."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    NOT_JUDGED = 3
    INTERRUPTED = 130


class UserError(Exception):
    """Something the user can mend.

    Attributes:
        problem: what is wrong, one sentence.
        remedy: what to do about it, one sentence, may be empty.
        code: the exit code the process ends with.
    """

    def __init__(self, problem: str, remedy: str = "", code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy
        self.code = code


class ProfileError(UserError):
    """A profile that cannot be used; names file, key and, for patterns, the sample."""


class NothingToJudgeError(UserError):
    """No readable log or ledger under the given paths."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem, remedy, ExitCode.NOT_JUDGED)


class InternalError(Exception):
    """A defect of the program, and what it was working on; its notes say where."""
