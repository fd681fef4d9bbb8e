"""A program that scans without a guard, or dies when it is imported, gets its report all the same, and never hangs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import logaudit
from logaudit.renderers import json_report

SEED = Path(__file__).parent.parent / "fixtures" / "seed-incident" / "logs"
#: Small logs are read by workers, too, and these are spawned: a program with threads must not fork. Who reads leaves
#: the name of its main module, which is another one in a process that imports the program.
START = """
import os, sys, threading, time
from pathlib import Path
import logaudit, logaudit.ingest.tasks
from logaudit.ingest.executor import worker_pool
from logaudit.renderers import json_report

def noted(*words, extract=logaudit.ingest.tasks.extract, **more):
    Path("readers", __name__).touch()
    return extract(*words, **more)

logaudit.ingest.tasks.extract = noted
worker_pool.PARALLEL_FROM = 0
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()

def scanned(jobs):
    return json_report.render(logaudit.scan(sys.argv[1], jobs=jobs))
"""
HERE, WORKERS = {"__main__"}, {"__mp_main__"}


def told(folder: Path, program: str) -> tuple[str, str, set[str]]:
    """What a program prints, and who read; it is killed where it waits for workers that died."""
    (folder / "readers").mkdir()
    script = folder / "program.py"
    script.write_text(START + program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(SEED)],
        check=False,
        capture_output=True,
        timeout=120,
        cwd=folder,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr, {path.name for path in (folder / "readers").iterdir()}


@pytest.fixture(scope="module")
def whole() -> str:
    return json_report.render(logaudit.scan(SEED, jobs=1))


def test_a_program_without_a_guard_is_warned_once_and_reads_everything_itself(tmp_path, whole):
    out, err, readers = told(tmp_path, "print(scanned(2), end='')")
    assert (out, readers) == (whole, HERE)
    assert err.count('outside of if __name__ == "__main__"') == 1
    assert "Traceback" not in err


def test_a_program_whose_import_ends_its_workers_reads_everything_itself(tmp_path, whole):
    assert told(tmp_path, "if __name__ != '__main__': os._exit(1)\nprint(scanned(2), end='')") == (
        whole,
        "",
        HERE,
    )


def test_a_program_with_a_guard_has_its_workers_read(tmp_path, whole):
    assert told(tmp_path, "if __name__ == '__main__': print(scanned(2), end='')") == (whole, "", WORKERS)


def test_a_scan_in_one_process_at_the_top_leaves_another_its_workers(tmp_path):
    """Each worker does the first over, as anything that a program does when it is imported."""
    program = """
first = scanned(1)
if __name__ == "__main__":
    Path("readers", __name__).unlink()
    assert scanned(2) == first
"""
    assert told(tmp_path, program) == ("", "", WORKERS)


def test_a_scan_in_a_worker_of_the_program_starts_no_processes_while_that_is_imported(tmp_path, whole):
    """Python refuses it to: the worker is no daemon yet, but not ready for processes of its own either."""
    program = """
import multiprocessing
if __name__ != "__main__":
    found = scanned(2)

def of_import():
    return found

if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.apply(of_import), end="")
"""
    assert told(tmp_path, program) == (whole, "", WORKERS)
