"""Faults of the machine: one sentence and the right exit code, never a traceback."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from logaudit.core.toml import TomlError, parse_toml

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full, and names that are no text")

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "fixtures" / "failed-write" / "logs"
FULL = Path("/dev/full")


def program(
    *words: str | bytes | Path, cwd: Path | None = None, full: str = "", **environment: str | bytes
) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command; the streams named in ``full`` lead to a full disk."""
    fixed = {k: v for k, v in os.environ.items() if not k.startswith("LOGAUDIT_")}
    with FULL.open("wb") as disk:
        done = subprocess.run(
            [sys.executable, "-m", "logaudit", *words],
            cwd=cwd or ROOT,
            stdout=disk if "out" in full else subprocess.PIPE,
            stderr=disk if "err" in full else subprocess.PIPE,
            env={**fixed, "PYTHONPATH": str(ROOT), **environment},  # type: ignore[dict-item]
            check=False,
        )
    return done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode()


@pytest.mark.parametrize(
    ("words", "full"),
    [
        (("scan", LOGS, "--no-cache"), "out"),
        (("scan", LOGS, "--no-cache"), "out err"),
        (("scan", LOGS, "--no-cache"), "err"),
        (("scan", "nowhere"), "err"),
        (("--version",), "out"),
    ],
)
def test_a_write_that_fails_is_never_taken_for_findings(words: tuple[str | Path, ...], full: str) -> None:
    code, _, said = program(*words, full=full)
    assert code == 2
    assert said in {"", "logaudit: the output cannot be written: No space left on device.\n"}


def test_a_working_folder_that_was_deleted_is_said() -> None:
    command = 'd=$(mktemp -d) && cd "$d" && rmdir "$d" && exec "$0" -m logaudit scan "$1" --no-cache -q'
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, LOGS],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        "logaudit: The working folder cannot be used: No such file or directory.\n  Go to another folder.\n"
    )


@pytest.mark.parametrize("zone", ["UTC+99999999999", "<+99>-99", ":", "Nowhere/City", "a\udcff"])
def test_a_strange_zone_of_the_machine_changes_no_verdict(zone: str) -> None:
    assert program("scan", LOGS, "--no-cache", "-q", "--max-age", "900000d", TZ=os.fsencode(zone))[0] == 1


@pytest.mark.parametrize("key", ["FAIL_ON", "PROFILE", "TZ", "MAX_AGE", "JOBS"])
def test_a_variable_that_is_no_text_is_one_sentence(key: str) -> None:
    code, out, said = program("scan", LOGS, **{f"LOGAUDIT_{key}": b"a\xffb"})
    assert (code, out) == (2, "")
    assert said.startswith(f"logaudit: LOGAUDIT_{key}: ")
    assert "internal" not in said


@pytest.mark.parametrize(
    "text",
    ["paths = " + "[" * 5000 + "]" * 5000, "a = " + "{a=" * 5000 + "1" + "}" * 5000, "jobs = " + "9" * 9000],
)
def test_settings_that_no_parser_takes_are_one_sentence(text: str, tmp_path: Path) -> None:
    with pytest.raises(TomlError):
        parse_toml(text.encode())
    settings = tmp_path / "pyproject.toml"
    settings.write_text(f"[tool.logaudit]\n{text}", encoding="utf-8")
    for words in (("scan", LOGS), ("scan", LOGS, "--config", settings), ("profile", "check", settings)):
        code, out, said = program(*words, cwd=tmp_path)
        assert (code, out) == (2, ""), words
        assert "pyproject.toml: " in said
        assert "internal" not in said


LONG = "a" * 5_000


@pytest.mark.parametrize(
    "words",
    [
        ("scan", LOGS, "-o", f"json={LONG}.json"),
        ("scan", LOGS, "--source", LONG),
        ("scan", LOGS, "--baseline", LONG),
        ("scan", LOGS, "--config", LONG),
        ("scan", LOGS, "--profile", f"{LONG}.toml"),
        ("restore", LOGS, "-o", LONG),
        ("diff", f"{LONG}.json", LOGS),
        ("verify", LONG),
    ],
    ids=lambda words: " ".join(word[:20] for word in words if isinstance(word, str)),
)
def test_a_name_that_no_system_takes_is_one_sentence(words: tuple[str | Path, ...]) -> None:
    code, out, said = program(*words)
    assert (code, out) == (2, "")
    assert "File name too long" in said
    assert "internal" not in said


@pytest.mark.parametrize("words", [("--config", "/dev/zero"), ("--profile", "endless.toml")])
def test_settings_without_an_end_are_said(tmp_path: Path, words: tuple[str, str]) -> None:
    (tmp_path / "endless.toml").symlink_to("/dev/zero")
    code, out, said = program("scan", LOGS, *words, cwd=tmp_path)
    assert (code, out) == (2, "")
    assert "cannot be read: it has more than 16 MiB." in said


def test_settings_may_come_from_a_pipe(tmp_path: Path) -> None:
    command = 'echo \'fail-on = "never"\' | exec "$0" -m logaudit scan "$1" --no-cache -q --config /dev/stdin'
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, LOGS],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ("scan", "--output-format", "sarif"),
        ("report", "-o", "r.html"),
        ("bundle", "-o", "b.zip"),
        ("extract", "-o", "e.arrow"),
        ("learn",),
        ("restore", "-o", "r"),
    ],
    ids=lambda words: words[0],
)
def test_a_folder_whose_name_is_no_text_is_read_as_any_other(tmp_path: Path, words: tuple[str, ...]) -> None:
    """With a cache, twice: its keys hold the names of folders."""
    odd = os.fsencode(tmp_path) + b"/n\xffme"
    shutil.copytree(LOGS, os.fsdecode(odd))
    plain = program(words[0], LOGS, *words[1:], cwd=tmp_path)
    for _ in range(2):
        code, _, said = program(
            words[0], odd, *words[1:], cwd=tmp_path, LOGAUDIT_CACHE_DIR=str(tmp_path / "c")
        )
        assert "internal" not in said
        assert code == plain[0]


def test_a_source_whose_name_is_no_text_is_read(tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/b\xfft"
    Path(os.fsdecode(odd)).mkdir()
    Path(os.fsdecode(odd + b"/lo\xffp.py")).write_text("def close(): pass\n", encoding="utf-8")
    code, _, said = program("scan", LOGS, "--source", odd, "--no-cache", "-q")
    assert code == 1
    assert "internal" not in said


def test_ctrl_c_while_the_program_is_imported() -> None:
    waiting = (
        "import builtins, time\n"
        "from logaudit.__main__ import program\n"
        "real = builtins.__import__\n"
        "def wait(name, *rest, **more):\n"
        "    if name == 'logaudit.cli':\n"
        "        print('importing', flush=True)\n"
        "        time.sleep(60)\n"
        "    return real(name, *rest, **more)\n"
        "builtins.__import__ = wait\n"
        "program()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", waiting], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "importing\n"
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "logaudit: interrupted\n")
