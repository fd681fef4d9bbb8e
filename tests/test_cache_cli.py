"""The cache from the command line: used by default, shown, emptied, and safe with several scans and dead ones."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from program import run

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "fixtures" / "clean" / "logs"
SCAN = [sys.executable, "-m", "logaudit", "scan", "--quiet", "--output-format", "json"]


def start(cache: Path, *words: str | Path) -> subprocess.Popen[bytes]:
    """A scan in a process of its own."""
    environment = {**os.environ, "LOGAUDIT_CACHE_DIR": str(cache), "LOGAUDIT_JOBS": "1"}
    return subprocess.Popen(
        [*SCAN, *map(str, words)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def entries(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


def test_scans_remember_unless_told_not_to(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    plain = run(tmp_path, "scan", "--no-cache", LOGS, LOGAUDIT_CACHE_DIR=str(cache))
    assert entries(cache) == []
    again = run(tmp_path, "scan", LOGS, LOGAUDIT_CACHE_DIR=str(cache), LOGAUDIT_NO_CACHE="true")
    assert entries(cache) == []
    (tmp_path / "logaudit.toml").write_text("no-cache = true\n")
    settled = run(tmp_path, "scan", LOGS, LOGAUDIT_CACHE_DIR=str(cache))
    assert entries(cache) == []
    (tmp_path / "logaudit.toml").unlink()
    cold = run(tmp_path, "scan", LOGS, LOGAUDIT_CACHE_DIR=str(cache))
    assert entries(cache)
    warm = run(tmp_path, "scan", LOGS, LOGAUDIT_CACHE_DIR=str(cache))
    assert plain == again == settled == cold == warm


@pytest.mark.parametrize(
    "words",
    [
        ("report", "--format", "html"),
        ("positions", "--format", "csv"),
        ("scan", "--output-format", "sarif"),
        ("scan", "--output-format", "html"),
        ("scan", "--select", "LA1", "--max-age", "1d", "--now", "2026-02-12T00:00:00+00:00"),
        ("scan", "--since", "2026-02-10 15:00", "--tz", "Europe/Moscow"),
    ],
)
def test_every_command_says_the_same_warm_and_cold(tmp_path: Path, words: tuple[str, ...]) -> None:
    cache = str(tmp_path / "cache")
    plain = run(tmp_path, *words, "--no-cache", LOGS)
    cold = run(tmp_path, *words, LOGS, LOGAUDIT_CACHE_DIR=cache)
    warm = run(tmp_path, *words, LOGS, LOGAUDIT_CACHE_DIR=cache)
    assert plain == cold == warm


def test_what_a_review_asks_for_is_not_remembered(tmp_path: Path) -> None:
    logs = ROOT / "fixtures" / "counter-break" / "logs"
    cache = str(tmp_path / "cache")
    first = run(tmp_path, "scan", "--output-format", "json", logs, LOGAUDIT_CACHE_DIR=cache)
    code = json.loads(first.stdout)["findings"][0]["rule"]
    second = run(
        tmp_path, "scan", "--output-format", "json", "--ignore", code, logs, LOGAUDIT_CACHE_DIR=cache
    )
    assert code not in {finding["rule"] for finding in json.loads(second.stdout)["findings"]}


def test_a_broken_place_for_the_cache_changes_nothing(tmp_path: Path) -> None:
    plain = run(tmp_path, "scan", "--no-cache", LOGS)
    (tmp_path / "file").write_text("not a folder")
    assert run(tmp_path, "scan", LOGS, LOGAUDIT_CACHE_DIR=str(tmp_path / "file")) == plain


def test_info_and_clear_say_what_is_there(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    empty = run(tmp_path, "cache", "info", LOGAUDIT_CACHE_DIR=str(cache))
    assert empty.stdout.splitlines() == [
        f"folder   {cache}",
        "entries  0",
        "size     0.0 MiB of at most 1,024.0 MiB",
        "oldest   none",
    ]
    run(tmp_path, "scan", LOGS, LOGAUDIT_CACHE_DIR=str(cache))
    count = sum(1 for path in entries(cache) if path.suffix in {".frames", ".msgpack"})
    full = run(tmp_path, "cache", "info", LOGAUDIT_CACHE_DIR=str(cache), LOGAUDIT_CACHE_SIZE="5")
    assert f"entries  {count} (" in full.stdout
    assert "of at most 5.0 MiB" in full.stdout
    assert "oldest   last used 20" in full.stdout
    cleared = run(tmp_path, "cache", "clear", LOGAUDIT_CACHE_DIR=str(cache))
    assert cleared.stdout.startswith(f"Removed {count} entries (")
    assert entries(cache) == []
    assert run(tmp_path, "cache", "clear", LOGAUDIT_CACHE_DIR=str(cache)).stdout.startswith(
        "Removed 0 entries"
    )


def test_the_cache_keeps_to_its_size(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for path in sorted((ROOT / "fixtures").glob("*/logs"))[:8]:
        run(tmp_path, "scan", path, LOGAUDIT_CACHE_DIR=str(cache), LOGAUDIT_CACHE_SIZE="1")
    assert sum(path.stat().st_size for path in entries(cache)) <= 1 << 20


def test_two_scans_at_once_agree(tmp_path: Path) -> None:
    logs = shutil.copytree(LOGS, tmp_path / "logs")
    plain, _ = start(tmp_path / "none", "--no-cache", logs).communicate()
    cache = tmp_path / "cache"
    running = [start(cache, logs) for _ in range(3)]
    assert [process.communicate()[0] for process in running] == [plain] * 3
    assert not list((cache / "tmp").iterdir())


@pytest.mark.skipif(os.name != "posix", reason="a process is killed as posix does it")
def test_a_scan_killed_while_it_writes_leaves_no_trace_in_the_next(tmp_path: Path) -> None:
    chance = random.Random(4)  # noqa: S311 - repeatable, not secret
    plain, _ = start(tmp_path / "none", "--no-cache", LOGS).communicate()
    for number in range(3):
        cache = tmp_path / f"cache-{number}"
        process = start(cache, LOGS)
        while not (cache / "tmp").exists() and process.poll() is None:
            time.sleep(0.0005)
        time.sleep(chance.uniform(0, 0.15))
        process.kill()
        process.communicate()
        assert start(cache, LOGS).communicate()[0] == plain
        assert [
            p for p in entries(cache) if p.suffix not in {".frames", ".msgpack"} and p.name != "measured"
        ] == []
    assert start(cache, LOGS).communicate()[0] == plain
