"""`logaudit report` as a user runs it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from logaudit.cli.report import write
from logaudit.locale import language

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "fixtures" / "seed-incident" / "logs"


def run(*words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "logaudit", "report", *words],
        capture_output=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=300,
    )


def test_markdown_goes_to_standard_output_and_the_summary_to_the_other() -> None:
    done = run(str(SEED))
    assert done.returncode == 0
    assert done.stdout.decode().startswith("# Incident report: trades missing from the ledger\n")
    assert done.stderr.decode().startswith("logaudit: 1 close, 0 recorded, 1 missing")


@pytest.mark.parametrize("form", ["md", "html"])
def test_the_hash_of_a_cited_log_is_shown_without_a_cache_too(form: str) -> None:
    log = SEED / "futures" / "info_2025-11-28.log"
    shown = run(str(SEED), "-q", "--no-cache", "--format", form).stdout.decode().replace("<wbr>", "")
    assert hashlib.sha256(log.read_bytes()).hexdigest() in shown


@pytest.mark.parametrize(
    ("words", "beginning"),
    [
        (("--format", "html"), b'<!DOCTYPE html>\n<html lang="en">'),
        (("--format", "html", "--lang", "ru"), b'<!DOCTYPE html>\n<html lang="ru">'),
        (("--lang", "ru"), "# Отчёт об инциденте".encode()),
    ],
)
def test_format_and_language(words: tuple[str, ...], beginning: bytes) -> None:
    done = run(str(SEED), "-q", *words)
    assert done.returncode == 0
    assert done.stdout.startswith(beginning)
    assert done.stderr == b""


def test_without_its_messages_the_report_is_english_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("logaudit.locale.languages._FOLDER", tmp_path)
    language.cache_clear()
    try:
        text, code = write({"paths": (str(SEED),)}, "", ("md", "ru"), "")
    finally:
        language.cache_clear()
    assert code == 0
    assert text.startswith("# Incident report: trades missing from the ledger\n")
    assert "\n## 1. Summary\n" in text
    assert "No messages in 'ru' are installed" in capsys.readouterr().err


def test_a_file_is_written_whole_and_nothing_is_printed(tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    done = run(str(SEED), "-o", str(target))
    assert done.returncode == 0
    assert done.stdout == b""
    assert target.read_bytes() == run(str(SEED)).stdout
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]


def test_the_same_input_gives_the_same_bytes_wherever_it_lies() -> None:
    first = run(str(SEED), "--format", "html")
    second = run(
        str(SEED),
        "--format",
        "html",
        "--jobs",
        "1",
        cwd=SEED.parent,
        TZ="Asia/Tokyo",
        PYTHONHASHSEED="7",
        LC_ALL="C",
    )
    assert first.stdout == second.stdout


def test_the_report_repeats_its_own_command() -> None:
    done = run(str(SEED), "-q", "--tz", "+03:00", "--since", "2025-11-28 05:00")
    text = done.stdout.decode()
    assert (
        "```sh\nlogaudit report logs --tz +03:00 --since '2025-11-28 05:00' --format md --lang en\n```"
        in text
    )
    assert "0 of 1 close recorded since 2025-11-28 05:00:00." in text


@pytest.mark.parametrize(
    "words",
    [
        ("--since", "yesteday"),
        ("--since", "2025-11-28", "--until", "2025-11-27"),
        ("--lang", "de"),
        ("--format", "pdf"),
        ("-o", "no/such/folder/report.md"),
    ],
)
def test_a_wrong_flag_is_a_usage_error(words: tuple[str, ...]) -> None:
    done = run(str(SEED), *words)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr


def test_nothing_to_judge_is_said_as_in_scan(tmp_path: Path) -> None:
    assert run(str(tmp_path)).returncode == 3


@pytest.mark.parametrize(("share", "code"), [("0.01", 0), ("0.999", 3)])
def test_coverage_that_is_asked_for_reaches_the_exit_code_as_in_scan(share: str, code: int) -> None:
    """The bot of the clean session stood still between its runs: some time is covered, and not all."""
    logs = str(ROOT / "fixtures" / "clean" / "logs")
    assert run(logs, "-q", "--require-coverage", share).returncode == code
    assert run(logs, "-q", LOGAUDIT_REQUIRE_COVERAGE=share).returncode == code
