"""The progress bar: what it says, where it appears, that its estimate is honest, and that it leaves nothing behind."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from logaudit.cli.progress import on_terminal
from logaudit.ingest.executor import Progress

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "fixtures" / "seed-incident" / "logs"
#: What hides and shows the cursor, and what clears a line.
HIDE, SHOW, CLEAR = "\x1b[?25l", "\x1b[?25h", "\x1b[2K"


class Screen(io.TextIOWrapper):
    """A terminal in an encoding that knows no letters but ASCII ones."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="ascii", write_through=True, newline="")
        self.written: list[str] = []

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.written.append(text)
        return super().write(text)

    @property
    def drawn(self) -> list[str]:
        """Each drawing of the bar, without colours."""
        return drawings("".join(self.written))


def drawings(text: str) -> list[str]:
    found = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text))
    return [line for line in found if line.startswith("reading")]


class Clock:
    """Seconds, as told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "110")


def shown_on(screen: Screen, clock: Clock) -> Progress:
    return on_terminal(screen, clock)


def test_the_bar_tells_sources_bytes_speed_and_time_left() -> None:
    screen, clock = Screen(), Clock()
    told = shown_on(screen, clock)
    told.start(1_000, 2_400_000_000)
    for _ in range(4):
        clock.now += 2
        told.step(100, 240_000_000)
    # 120 MB a second, and 1,440 MB to go.
    last = screen.drawn[-1]
    for part in ("400 of 1,000 sources", "1.0/2.4 GB", "120.0 MB/s", "00:12"):
        assert part in last
    told.finish()
    assert "".join(screen.written).endswith(CLEAR)
    assert "".join(screen.written).index(SHOW) > "".join(screen.written).index(HIDE)


def test_what_the_cache_knew_at_once_does_not_make_the_rest_look_quick() -> None:
    """90 of 100 MB were known; the rest is read at 0.1 MB a second, so that 8 MB take 80 seconds."""
    screen, clock = Screen(), Clock()
    told = shown_on(screen, clock)
    told.start(10, 100_000_000)
    told.step(9, 90_000_000)
    for _ in range(20):
        clock.now += 1
        told.step(0, 100_000)
    assert "0.1 MB/s" in screen.drawn[-1] or "100.0 kB/s" in screen.drawn[-1]
    assert "01:20" in screen.drawn[-1]


def test_before_there_is_a_speed_no_time_is_promised() -> None:
    screen, clock = Screen(), Clock()
    told = shown_on(screen, clock)
    told.start(1, 1_000_000)
    clock.now += 5
    told.step(0, 0)
    assert "--:--" in screen.drawn[-1]


def test_a_short_scan_says_nothing_and_a_long_one_not_too_often() -> None:
    screen, clock = Screen(), Clock()
    told = shown_on(screen, clock)
    told.start(100_000, 100_000)
    for _ in range(999):
        clock.now += 0.001
        told.step(1, 1)
    assert screen.written == []
    for _ in range(1_001):
        clock.now += 0.001
        told.step(1, 1)
    assert 1 < len(screen.drawn) <= 14
    told.finish()
    quick = Screen()
    said = shown_on(quick, clock)
    said.start(1, 1)
    said.finish()
    assert quick.written == []


def test_what_is_done_again_is_taken_back() -> None:
    screen, clock = Screen(), Clock()
    told = shown_on(screen, clock)
    told.start(10, 10_000_000)
    for step in ((5, 5_000_000), (-2, -2_000_000), (-9, -9_000_000)):
        clock.now += 2
        told.step(*step)
    assert ["5 of 10" in screen.drawn[-3], "3 of 10" in screen.drawn[-2], "0 of 10" in screen.drawn[-1]] == [
        True
    ] * 3


@pytest.mark.parametrize("columns", ["20", "40", "69", "70", "200"])
def test_the_bar_stays_on_one_line_however_wide_the_terminal_is(
    columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    screen, clock = Screen(), Clock()
    told = shown_on(screen, clock)
    told.start(900, 10**13)
    for _ in range(3):
        clock.now += 2
        told.step(7, 10**11)
    told.finish()
    assert screen.drawn
    assert all(len(line) <= int(columns) for line in screen.drawn)
    assert "".join(screen.written).count("\n") == 1


def test_drawing_needs_no_thread() -> None:
    """A process with threads cannot fork workers."""
    clock = Clock()
    told = shown_on(Screen(), clock)
    told.start(9, 9)
    clock.now += 5
    before = threading.active_count()
    told.step(1, 1)
    assert threading.active_count() == before
    told.finish()


def test_a_terminal_that_is_gone_stops_the_telling_only() -> None:
    screen, clock = Screen(), Clock()
    told = shown_on(screen, clock)
    told.start(9, 9)
    screen.close()
    for _ in range(3):
        clock.now += 5
        told.step(1, 1)
    told.finish()
    assert screen.drawn == []


def test_a_short_scan_loads_no_rich_on_a_terminal() -> None:
    code = (
        "import sys, logaudit.cli.progress as p\n"
        "sys.stderr.isatty = lambda: True\n"
        "told = p.on_terminal(sys.stderr); told.start(1, 1); told.step(1, 1); told.finish()\n"
        "print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert (done.stdout, done.stderr) == ("False\n", "")


#: A scan in which the bar appears at once, and at every step.
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
def test_on_a_terminal_the_bar_comes_and_goes() -> None:
    shown, said, _ = on_pseudo_terminal().partition("logaudit: ")
    assert said
    assert drawings(shown)
    assert shown.endswith(CLEAR)
    assert shown.count(HIDE) == shown.count(SHOW) == 1


@terminals
def test_quiet_is_quiet_on_a_terminal_too() -> None:
    assert on_pseudo_terminal("--quiet") == ""


def test_elsewhere_there_is_no_bar() -> None:
    done = subprocess.run(COMMAND, check=True, capture_output=True, env=ENVIRONMENT, cwd=ROOT)
    assert b"reading" not in done.stderr
    assert done.stderr.startswith(b"logaudit: ")
