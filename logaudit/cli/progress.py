"""One line on a terminal that says how far the reading is; ASCII, redrawn in place, gone in the end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Final, TextIO

from logaudit.ingest.executor import Progress

__all__ = ["Progress", "on_terminal", "progress_line"]

#: Seconds before the line first appears: a short scan says nothing.
_PATIENCE: Final = 1.0
#: Seconds between two drawings.
_PAUSE: Final = 0.2
_COLUMNS: Final = 80
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")
_MINUTE: Final = 60
_HOUR: Final = 3600


def on_terminal(stream: TextIO, clock: Callable[[], float] = time.monotonic) -> Progress:
    """Progress shown on ``stream`` if that is a terminal, else nowhere."""
    if not stream.isatty():
        return Progress()
    line = _Line(stream, clock)
    return Progress(start=line.start, step=line.step, finish=line.finish)


class _Line:
    """Counts, and draws now and then; a terminal that is gone is no reason to stop reading."""

    def __init__(self, stream: TextIO, clock: Callable[[], float]) -> None:
        self._stream = stream
        self._clock = clock
        self._total = self._done = (0, 0)
        self._began = self._due = 0.0
        self._drawn = 0
        self._gone = False

    def start(self, sources: int, size: int) -> None:
        self._total = sources, size
        self._began = self._clock()
        self._due = self._began + _PATIENCE

    def step(self, sources: int, size: int) -> None:
        self._done = self._done[0] + sources, self._done[1] + size
        now = self._clock()
        if now >= self._due and not self._gone:
            self._due = now + _PAUSE
            # The last column stays free: a cursor behind it would begin a new line.
            self._draw(progress_line(self._done, self._total, now - self._began, _columns(self._stream) - 1))

    def finish(self) -> None:
        if self._drawn and not self._gone:
            self._draw("")
            self._write("\r")

    def _draw(self, text: str) -> None:
        self._write(f"\r{text:<{self._drawn}}")
        self._drawn = len(text)

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._gone = True


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or _COLUMNS
    except (OSError, ValueError):
        return _COLUMNS


def progress_line(done: tuple[int, int], total: tuple[int, int], seconds: float, width: int) -> str:
    """As much as fits into ``width`` columns of: sources, bytes, speed, time left.

    Args:
        done: sources and bytes.
        total: the same of all there is.
        seconds: since the start.
        width: columns, at least 0.
    """
    speed = done[1] / seconds if seconds > 0 else 0.0
    said = [
        f"reading: {done[0]:,} of {total[0]:,} sources",
        f"{_size(done[1])} of {_size(total[1])}",
        *([f"{_size(speed)}/s", f"{_time((total[1] - done[1]) / speed)} left"] if speed > 0 else []),
    ]
    while len(said) > 1 and len(", ".join(said)) > width:
        said.pop()
    return ", ".join(said)[: max(width, 0)]


def _size(size: float) -> str:
    """Bytes in the unit that leaves one to three digits before the point."""
    unit = 0
    while round(size) >= 1000 and unit < len(_UNITS) - 1:  # noqa: PLR2004 - as the units go
        size /= 1000
        unit += 1
    return f"{size:.1f} {_UNITS[unit]}" if unit > 2 else f"{size:.0f} {_UNITS[unit]}"  # noqa: PLR2004 - from GB on


def _time(seconds: float) -> str:
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE:02} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02} min"
