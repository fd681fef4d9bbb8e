"""Bounds the processor time that the regular expressions of a user's profile take."""

from __future__ import annotations

import re
import signal
import threading
from typing import Final, NoReturn

from logaudit.core.limits import DEFAULT_LIMITS

#: Seconds of processor time that one regex may take over all lines of a source; a usual one takes microseconds a line.
SECONDS: Final = DEFAULT_LIMITS.pattern_seconds
_LEAST: Final = 0.001


class SlowRegexError(Exception):
    """A regex took longer than it may; on the same line it will do so again."""


class Budget:
    """The time that one regex has left.

    The timer of the system interrupts the search, which is possible in the main thread of POSIX systems only.
    Elsewhere another process, which can be ended, tries first whether it comes to an end.
    """

    __slots__ = ("_left",)

    def __init__(self, seconds: float = SECONDS) -> None:
        self._left = seconds

    def search(self, regex: re.Pattern[str], text: str, stop: int) -> re.Match[str] | None:
        """As ``regex.search(text, 0, stop)``.

        Raises:
            SlowRegexError: the time is used up.
        """
        if not _armed():
            return regex.search(text, 0, stop) if self._ends_elsewhere(regex, text, stop) else None
        signal.setitimer(signal.ITIMER_VIRTUAL, max(self._left, _LEAST))
        try:
            return regex.search(text, 0, stop)
        finally:
            self._left = signal.setitimer(signal.ITIMER_VIRTUAL, 0)[0]

    def _ends_elsewhere(self, regex: re.Pattern[str], text: str, stop: int) -> bool:
        """Whether another process finds the regex in time; it takes as long again in this one."""
        from logaudit.profiles.search_process import SearchEndedError, search_process  # noqa: PLC0415 - rarely needed

        if self._left <= 0:
            raise SlowRegexError
        try:
            found, took = search_process().search(regex, text, stop, max(self._left, _LEAST))
        except SearchEndedError:
            self._left = 0.0
            raise SlowRegexError from None
        self._left -= took
        return found


def search(regex: re.Pattern[str], text: str, stop: int, budget: Budget | None) -> re.Match[str] | None:
    """As ``regex.search(text, 0, stop)``, within the ``budget`` if there is one.

    Raises:
        SlowRegexError: the time is used up.
    """
    return regex.search(text, 0, stop) if budget is None else budget.search(regex, text, stop)


def _armed() -> bool:
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return False
    if signal.getsignal(signal.SIGVTALRM) is not _expired:
        signal.signal(signal.SIGVTALRM, _expired)
    return True


def _expired(*_: object) -> NoReturn:
    raise SlowRegexError
