"""The progress line: what it says, where it appears, and that it leaves nothing behind."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.cli import progress
from logaudit.cli.progress import on_terminal, progress_line
from logaudit.ingest.executor import Progress

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "fixtures" / "seed-incident" / "logs"


class Screen(io.TextIOWrapper):
    """A terminal of one line, in an encoding that knows no letters but ASCII ones."""

    def __init__(self, columns: int = 80) -> None:
        super().__init__(io.BytesIO(), encoding="ascii", write_through=True, newline="")
        self.columns = columns
        self.drawn: list[str] = []

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.drawn.append(text)
        return super().write(text)

    @property
    def shown(self) -> str:
        """What stands on the line after all that was written."""
        line: list[str] = []
        at = 0
        for letter in "".join(self.drawn):
            assert letter != "\n"
            if letter == "\r":
                at = 0
                continue
            assert at < self.columns
            line[at : at + 1] = letter
            at += 1
        return "".join(line)


class Clock:
    """Seconds, as told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def shown_on(screen: Screen, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Progress:
    monkeypatch.setattr(progress, "_columns", lambda _stream: screen.columns)
    return on_terminal(screen, clock)


def test_the_line_tells_sources_bytes_speed_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, clock = Screen(), Clock()
    told = shown_on(screen, clock, monkeypatch)
    told.start(1_000, 2_400_000_000)
    clock.now += 2
    told.step(250, 600_000_000)
    assert screen.shown == "reading: 250 of 1,000 sources, 600 MB of 2.4 GB, 300 MB/s, 6 s left"
    told.finish()
    assert screen.shown.strip() == ""
    assert screen.drawn[-1] == "\r"


def test_a_short_scan_says_nothing_and_a_long_one_not_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, clock = Screen(), Clock()
    told = shown_on(screen, clock, monkeypatch)
    told.start(100_000, 100_000)
    for _ in range(999):
        clock.now += 0.001
        told.step(1, 1)
    assert screen.drawn == []
    for _ in range(1_001):
        clock.now += 0.001
        told.step(1, 1)
    assert 1 < len(screen.drawn) <= 7
    told.finish()
    quick = Screen()
    said = shown_on(quick, clock, monkeypatch)
    said.start(1, 1)
    said.finish()
    assert quick.drawn == []


@given(
    st.lists(st.tuples(st.integers(-3, 40), st.integers(-(10**9), 10**12)), max_size=20), st.integers(1, 90)
)
def test_nothing_is_left_on_the_screen_however_wide_it_is(steps: list[tuple[int, int]], columns: int) -> None:
    screen, clock = Screen(columns), Clock()
    with pytest.MonkeyPatch.context() as patch:
        told = shown_on(screen, clock, patch)
        told.start(900, 10**13)
        for step in steps:
            clock.now += 1.5
            told.step(*step)
        told.finish()
    assert screen.shown.strip() == ""


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (80, "reading: 3 of 4 sources, 75.0 GB of 100.0 GB, 250 MB/s, 1 min 40 s left"),
        (60, "reading: 3 of 4 sources, 75.0 GB of 100.0 GB, 250 MB/s"),
        (50, "reading: 3 of 4 sources, 75.0 GB of 100.0 GB"),
        (30, "reading: 3 of 4 sources"),
        (12, "reading: 3 o"),
        (0, ""),
    ],
)
def test_a_narrow_terminal_gets_what_fits(width: int, line: str) -> None:
    assert progress_line((3, 75 * 10**9), (4, 10**11), 300.0, width) == line


@pytest.mark.parametrize(
    ("seconds", "left"),
    [(0.5, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (3599.0, "59 min 59 s"), (7260.0, "2 h 01 min")],
)
def test_time_left_is_told_as_people_say_it(seconds: float, left: str) -> None:
    assert progress_line((0, 1_000), (1, 2_000), seconds, 80).endswith(f", {left} left")


def test_without_bytes_there_is_no_speed() -> None:
    assert progress_line((0, 0), (1, 999_600), 5.0, 80) == "reading: 0 of 1 sources, 0 B of 1 MB"


def test_a_terminal_that_is_gone_stops_the_telling_only(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, clock = Screen(), Clock()
    told = shown_on(screen, clock, monkeypatch)
    told.start(9, 9)
    screen.close()
    for _ in range(3):
        clock.now += 5
        told.step(1, 1)
    told.finish()
    assert len(screen.drawn) == 1


#: A scan in which the line appears at once, and at every step.
PROGRAM = (
    "import sys, logaudit.cli.progress as p, logaudit.cli as c\n"
    "p._PATIENCE = p._PAUSE = 0.0\n"
    "sys.argv[0] = 'logaudit'\n"
    "c.main()\n"
)
COMMAND = [sys.executable, "-c", PROGRAM, "scan", "--exit-zero", "--no-cache", str(SEED)]
ENVIRONMENT = {**os.environ, "PYTHONIOENCODING": "ascii"}
terminals = pytest.mark.skipif(os.name != "posix", reason="Windows has no pseudo-terminals of this kind")


def on_pseudo_terminal(*flags: str) -> str:
    """What a scan writes to a terminal."""
    import pty  # noqa: PLC0415 - not on Windows

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *flags], stdout=subprocess.DEVNULL, stderr=theirs, env=ENVIRONMENT, cwd=ROOT
    ) as process:
        os.close(theirs)
        seen = b""
        # Linux ends a terminal that nobody writes to any more with an error.
        with suppress(OSError):
            while fresh := os.read(ours, 1 << 12):
                seen += fresh
        os.close(ours)
    assert process.returncode == 0
    return seen.decode("ascii")


@terminals
def test_on_a_terminal_the_line_comes_and_goes() -> None:
    line, said, _ = on_pseudo_terminal().partition("logaudit: ")
    assert said
    *drawn, last, end = line.split("\r")
    assert drawn[1].startswith("reading: ")
    assert (last.strip(), end) == ("", "")


@terminals
def test_quiet_is_quiet_on_a_terminal_too() -> None:
    assert on_pseudo_terminal("--quiet") == ""


def test_elsewhere_there_is_no_line() -> None:
    done = subprocess.run(COMMAND, check=True, capture_output=True, env=ENVIRONMENT, cwd=ROOT)
    assert b"reading" not in done.stderr
    assert done.stderr.startswith(b"logaudit: ")
