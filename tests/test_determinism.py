"""The same input gives the same bytes, whatever the machine's settings and the order of files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def scan(folder: Path, *words: str, **environment: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "logaudit", "scan", str(folder), "-q", "--output-format", "json", *words],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=300,
    )
    assert done.returncode in (0, 1), done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("name", ["seed-incident", "clean", "backfilled-rows", "same-call-two-sinks"])
def test_json_does_not_depend_on_settings(name: str) -> None:
    folder = ROOT / "fixtures" / name / "logs"
    first = scan(folder)
    assert first == scan(folder, TZ="Asia/Tokyo", PYTHONHASHSEED="7")
    assert first == scan(folder, TZ="UTC", LC_ALL="C", PYTHONHASHSEED="99")
    assert first == scan(folder, "--jobs", "1")


def test_json_does_not_depend_on_the_order_files_were_made_in(tmp_path: Path) -> None:
    origin = ROOT / "fixtures" / "seed-incident" / "logs"
    files = sorted(p.relative_to(origin) for p in origin.rglob("*") if p.is_file())
    found = set()
    for number, order in enumerate((files, files[::-1], files[1::2] + files[::2])):
        folder = tmp_path / str(number) / "logs"
        for name in order:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin / name, folder / name)
        found.add(scan(folder))
    assert len(found) == 1


def test_what_is_scanned_is_not_written_to(tmp_path: Path) -> None:
    origin = ROOT / "fixtures" / "clean" / "logs"
    folder = tmp_path / "logs"
    shutil.copytree(origin, folder)
    before = {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.rglob("*"))}
    scan(folder)
    assert before == {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.rglob("*"))}
