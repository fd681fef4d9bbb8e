"""Ctrl-C and kill: whoever stops a scan is rid of it at once, and finds nothing left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals to a group of processes are POSIX's")

ROOT = Path(__file__).resolve().parent.parent
#: Reads every log in a minute and a half, and says who is at it.
PROGRAM = """
import os, pathlib, sys, time
import logaudit.ingest.scheduler, logaudit.ingest.tasks
import logaudit.ingest.executor.bundles, logaudit.ingest.executor.dispatcher

def slow(*_, **__):
    pathlib.Path({folder!r}, "at-work", str(os.getpid())).touch()
    time.sleep(90)

logaudit.ingest.tasks.extract = slow
logaudit.ingest.executor.worker_pool.PARALLEL_FROM = 0
logaudit.ingest.executor.bundles._MOST = 1
if {way!r} == "spawn":
    logaudit.ingest.executor.dispatcher.may_fork = lambda: False

if __name__ == "__main__":
    from logaudit.cli import main
    main()
"""
forks = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")


@contextmanager
def scan_at_work(folder: Path, way: str, jobs: int) -> Iterator[subprocess.Popen[str]]:
    """A scan whose workers are all reading."""
    for name in ("logs", "at-work", "out", "tmp"):
        (folder / name).mkdir()
    for name in "abcd":
        (folder / "logs" / f"{name}.log").write_text(
            "2026-01-10 10:00:00 | INFO     | bot:run:1 - hello\n" * 9
        )
    program = folder / "program.py"
    program.write_text(PROGRAM.format(folder=str(folder), way=way), encoding="utf-8")
    flags = ["--jobs", f"{jobs}", "--output", f"json={folder / 'out' / 'found.json'}"]
    process = subprocess.Popen(
        [sys.executable, str(program), "scan", *flags, str(folder / "logs")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder / "tmp")},
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 60
        while len(list((folder / "at-work").iterdir())) < jobs:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield process
    finally:
        with_group(process, signal.SIGKILL)
        process.communicate()


def with_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code and output; the pipes end only when the last process that holds them has ended."""
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


def left_over(folder: Path) -> list[Path]:
    return [*(folder / "out").iterdir(), *(folder / "tmp").iterdir()]


@pytest.mark.parametrize(
    ("way", "to"),
    [
        pytest.param("fork", "group", marks=forks),
        pytest.param("fork", "main", marks=forks),
        ("spawn", "group"),
        ("spawn", "main"),
    ],
)
def test_ctrl_c_ends_a_scan_and_its_workers(way: str, to: str, tmp_path: Path) -> None:
    with scan_at_work(tmp_path, way, jobs=2) as process:
        (os.killpg if to == "group" else os.kill)(process.pid, signal.SIGINT)
        assert ended(process) == (130, "", "logaudit: interrupted\n")
    assert not left_over(tmp_path)


def test_ctrl_c_ends_a_scan_without_workers(tmp_path: Path) -> None:
    with scan_at_work(tmp_path, "none", jobs=1) as process:
        os.killpg(process.pid, signal.SIGINT)
        assert ended(process) == (130, "", "logaudit: interrupted\n")
    assert not left_over(tmp_path)


@pytest.mark.parametrize(
    ("way", "number"),
    [pytest.param("fork", signal.SIGTERM, marks=forks), ("spawn", signal.SIGKILL)],
)
def test_no_worker_outlives_a_scan_that_is_killed(way: str, number: signal.Signals, tmp_path: Path) -> None:
    with scan_at_work(tmp_path, way, jobs=2) as process:
        os.kill(process.pid, number)
        assert ended(process) == (-number, "", "")
    assert not left_over(tmp_path)
