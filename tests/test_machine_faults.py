"""Faults of the machine: one sentence and the right exit code, never a traceback."""

from __future__ import annotations

import os
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
