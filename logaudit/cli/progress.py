"""A bar on a terminal that says how far the reading is; drawn in place by rich, gone in the end.

rich is loaded when the bar first appears, a second after the reading began. It draws when it is told of a step and has
no thread of its own, so that workers can be forked beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TextIO

from logaudit.ingest.executor import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

__all__ = ["Progress", "on_terminal"]

#: Seconds before the bar first appears: a short scan says nothing.
_PATIENCE: Final = 1.0
#: Seconds between two drawings.
_PAUSE: Final = 0.2
#: The time left follows from the speed of so many seconds: what the cache knew at once says nothing of the rest.
_SPEED_SECONDS: Final = 15.0
#: From these widths on, in columns of the terminal, the bar has speed and time left, and sources and bytes too.
_NARROW: Final = 40
_WIDE: Final = 70


def on_terminal(stream: TextIO, clock: Callable[[], float] = time.monotonic) -> Progress:
    """Progress shown on ``stream`` if that is a terminal, else nowhere."""
    if not stream.isatty():
        return Progress()
    shown = _ReadingBar(stream, clock)
    return Progress(start=shown.start, step=shown.step, finish=shown.finish)


class _ReadingBar:
    """Counts, and draws now and then; a terminal that is gone is no reason to stop reading."""

    def __init__(self, stream: TextIO, clock: Callable[[], float]) -> None:
        self._stream = stream
        self._clock = clock
        self._total = self._done = (0, 0)
        self._due = 0.0
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._gone = False

    def start(self, sources: int, size: int) -> None:
        self._total = sources, size
        self._due = self._clock() + _PATIENCE

    def step(self, sources: int, size: int) -> None:
        self._done = self._done[0] + sources, self._done[1] + size
        now = self._clock()
        if now >= self._due and not self._gone:
            self._due = now + _PAUSE
            self._safely(self._draw)

    def finish(self) -> None:
        if self._bar is not None:
            self._safely(self._bar.stop)

    def _draw(self) -> None:
        if self._bar is None or self._task is None:
            self._bar = _bar(self._stream, self._clock)
            self._task = self._bar.add_task("reading", total=self._total[1], sources="")
            self._bar.start()
        self._bar.update(
            self._task,
            completed=max(self._done[1], 0),
            sources=f"{max(self._done[0], 0):,} of {self._total[0]:,} sources",
        )
        self._bar.refresh()

    def _safely(self, action: Callable[[], None]) -> None:
        try:
            action()
        except (OSError, ValueError):
            self._gone = True


def _bar(stream: TextIO, clock: Callable[[], float]) -> Bar:
    """A bar with sources, bytes, speed and time left, as much as the terminal holds."""
    from rich import progress as parts  # noqa: PLC0415 - a tenth of a second, for long scans alone
    from rich.console import Console  # noqa: PLC0415 - as above

    console = Console(file=stream, highlight=False)
    columns: list[parts.ProgressColumn] = [
        parts.TextColumn("{task.description}"),
        parts.BarColumn(bar_width=None),
    ]
    if console.width >= _WIDE:
        columns += [parts.TextColumn("{task.fields[sources]}"), parts.DownloadColumn()]
    if console.width >= _NARROW:
        columns += [parts.TransferSpeedColumn(), parts.TimeRemainingColumn(compact=True)]
    return parts.Progress(
        *columns,
        console=console,
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        get_time=clock,
        speed_estimate_period=_SPEED_SECONDS,
        expand=True,
    )
