"""Runs searches in a process of its own, which can be ended: for where no timer interrupts a search in this one."""

from __future__ import annotations

import marshal
import re
import subprocess
import sys
import threading
from typing import Final

#: What that process runs: it answers whether a regex was found, and the seconds of processor time that it took.
_PROGRAM: Final = """
import marshal, re, sys, time
asked, answers = sys.stdin.buffer, sys.stdout.buffer
def answer(value):
    marshal.dump(value, answers)
    answers.flush()
answer(True)
while True:
    try:
        pattern, flags, text, stop = marshal.load(asked)
    except EOFError:
        break
    began = time.process_time()
    found = re.compile(pattern, flags).search(text, 0, stop) is not None
    answer((found, time.process_time() - began))
"""
#: Seconds within which a Python that starts is at work.
_STARTS_WITHIN: Final = 60.0


class SearchEndedError(Exception):
    """A search took longer than it may, or no process can be started for it."""


class SearchProcess:
    """One process, started with the first search and anew after it was ended; it ends with its parent."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def search(self, regex: re.Pattern[str], text: str, stop: int, seconds: float) -> tuple[bool, float]:
        """Whether ``regex.search(text, 0, stop)`` finds something, and the processor time it took.

        Args:
            seconds: after so many by the wall clock the process is ended.

        Raises:
            SearchEndedError: it was ended, or could not be started.
        """
        try:
            process = self._process = self._process or _started()
            assert process.stdin is not None  # noqa: S101 - a pipe, as asked for
            marshal.dump((regex.pattern, regex.flags, text, stop), process.stdin)
            process.stdin.flush()
            found, took = _answer(process, seconds)
        except (OSError, EOFError, ValueError, TypeError) as error:
            self.close()
            raise SearchEndedError from error
        return bool(found), float(took)

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            _end(self._process)
            self._process = None

    def __del__(self) -> None:
        """Ends it with the thread that asked it."""
        self.close()


class _OfThread(threading.local):
    """Each thread asks a process of its own."""

    def __init__(self) -> None:
        self.process = SearchProcess()


_of_thread = _OfThread()


def search_process() -> SearchProcess:
    """The one of this thread."""
    return _of_thread.process


def _started() -> subprocess.Popen[bytes]:
    """Raises OSError and EOFError where it does not come to work."""
    process = subprocess.Popen(  # noqa: S603 - this interpreter with the text above
        [sys.executable, "-I", "-S", "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        _answer(process, _STARTS_WITHIN)
    except BaseException:
        _end(process)
        raise
    return process


def _answer(process: subprocess.Popen[bytes], seconds: float) -> tuple[bool, float]:
    """What it says next; EOFError where it was ended, as it took too long."""
    assert process.stdout is not None  # noqa: S101 - a pipe, as asked for
    alarm = threading.Timer(seconds, process.kill)
    alarm.daemon = True
    alarm.start()
    try:
        said = marshal.load(process.stdout)  # noqa: S302 - written by the text above
    finally:
        alarm.cancel()
    return said if isinstance(said, tuple) else (bool(said), 0.0)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()
