"""What a scan comes to: one verdict."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from logaudit.core.report import Report

#: The exit code of a scan that verified nothing, as `logaudit.core.errors.ExitCode` has it.
NOT_JUDGED_CODE: Final = 3


class Verdict(StrEnum):
    """The verdicts, the gravest first."""

    LOST = "lost"
    RESTORED = "restored"
    ERRORS = "errors"
    CLEAN = "clean"
    NOT_JUDGED = "not-judged"


def verdict_of(report: Report) -> Verdict:
    """The verdict as machines get it: not judged whenever the exit code says so, else the gravest that holds."""
    if report.review.exit_code == NOT_JUDGED_CODE:
        return Verdict.NOT_JUDGED
    return gravest(report)


def gravest(report: Report) -> Verdict:
    """The gravest verdict that holds, whatever fails a job."""
    summary = report.summary
    if summary.missing > summary.backfilled:
        return Verdict.LOST
    if summary.missing:
        return Verdict.RESTORED
    if summary.errors:
        return Verdict.ERRORS
    return Verdict.CLEAN if report.not_judged is None else Verdict.NOT_JUDGED
