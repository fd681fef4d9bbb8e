"""The command line as a user meets it: exit codes, streams, clear errors, no traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "fixtures" / "seed-incident" / "logs"
CLEAN = ROOT / "fixtures" / "clean" / "logs"


def run(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "logaudit", *map(str, words)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=120,
    )


def text(done: subprocess.CompletedProcess[bytes]) -> str:
    assert b"Traceback" not in done.stderr
    return done.stdout.decode()


def test_findings_exit_1_report_on_stdout_summary_on_stderr() -> None:
    done = run("scan", SEED, PYTHONUTF8="1")
    assert done.returncode == 1
    assert "LA101" in text(done)
    assert done.stderr.decode().startswith("logaudit: 1 close, 0 recorded, 1 missing")
    assert len(done.stderr.decode().splitlines()) == 1


def test_a_clean_log_exits_0_without_error_or_warning() -> None:
    done = run("scan", CLEAN, "--output-format", "json")
    assert done.returncode == 0
    summary = json.loads(text(done))["summary"]
    assert (summary["errors"], summary["warnings"]) == (0, 0)


@pytest.mark.parametrize(("level", "code"), [("error", 1), ("warning", 1), ("note", 1), ("never", 0)])
def test_fail_on_chooses_the_exit_code(level: str, code: int) -> None:
    assert run("scan", SEED, "--quiet", "--fail-on", level).returncode == code


def test_the_format_does_not_change_the_exit_code() -> None:
    assert run("scan", SEED, "-q", "--output-format", "json").returncode == 1


def test_quiet_leaves_stderr_empty() -> None:
    assert run("scan", SEED, "-q").stderr == b""


def test_an_empty_folder_exits_3_and_says_what_was_looked_for(tmp_path: Path) -> None:
    done = run("scan", tmp_path)
    assert done.returncode == 3
    words = done.stderr.decode()
    assert "not judged: Neither a log nor a trades ledger was found." in words
    assert "CSV" in words
    assert text(done).startswith("NOT JUDGED  Neither a log nor a trades ledger was found.")


def test_a_path_that_is_not_there_exits_2(tmp_path: Path) -> None:
    done = run("scan", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr.decode()
    text(done)


def test_a_broken_profile_exits_2_and_names_file_key_and_sample(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'schema = 1\nname = "mine"\ntitle = "Mine"\n[[patterns]]\nid = "closed"\nevent = "position-closed"\n'
        'regex = "CLOSED (?P<symbol>\\\\S+)"\nsamples = [{ line = "shut BTC-USDT" }]\n',
        encoding="utf-8",
    )
    done = run("scan", SEED, "--profile", path)
    assert done.returncode == 2
    words = done.stderr.decode()
    assert "mine.toml" in words
    assert "closed" in words
    assert "samples[0]" in words
    assert "shut BTC-USDT" in words
    text(done)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--profile", "okx-scalpr"], "okx-scalper"),
        (["--tz", "Mars/Olympus"], "Mars/Olympus"),
        (["--encoding", "cp125x"], "cp125x"),
        (["--log-format", "{tme} {message}"], "tme"),
        (["--output", "json"], "FORMAT=FILE"),
        (["--output", "jsn=x.json"], "jsn"),
        (["--output", "json=nowhere/x.json"], "nowhere"),
    ],
)
def test_wrong_flags_exit_2_with_one_clear_sentence(words: list[str], said: str) -> None:
    done = run("scan", SEED, *words)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    text(done)


def test_output_writes_the_same_json_as_stdout(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    assert run("scan", SEED, "-q", "--output", f"json={target}").returncode == 1
    assert target.read_bytes() == run("scan", SEED, "-q", "--output-format", "json").stdout
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]


def test_a_console_that_is_not_utf_8_gets_a_report_all_the_same() -> None:
    done = run("scan", SEED, "-q", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert done.returncode == 1
    assert b"LA101" in done.stdout
    done.stdout.decode("cp1252")
    assert b"Traceback" not in done.stderr


def test_a_damaged_archive_is_named_and_the_rest_is_judged(tmp_path: Path) -> None:
    shutil.copytree(SEED, tmp_path / "logs")
    with zipfile.ZipFile(
        tmp_path / "logs" / "futures" / "extra.log.zip", "w", zipfile.ZIP_DEFLATED
    ) as archive:
        archive.writestr("extra.log", "2025-11-28 00:00:01.000 | INFO | a:b:1 - x\n" * 5000)
    damaged = (tmp_path / "logs" / "futures" / "extra.log.zip").read_bytes()
    (tmp_path / "logs" / "futures" / "extra.log.zip").write_bytes(damaged[: len(damaged) // 2])
    done = run("scan", tmp_path / "logs", "-q", "--output-format", "json")
    assert done.returncode == 1
    outcome = json.loads(text(done))
    (finding,) = [f for f in outcome["findings"] if f["rule"] == "LA401"]
    assert finding["locations"][0]["member"] == "extra.log"
    assert outcome["summary"]["missing"] == 1


def test_rule_prints_a_page_and_a_near_miss() -> None:
    assert text(run("rule", "LA101", PYTHONUTF8="1")).startswith("LA101 missing-row.")
    assert text(run("rule", PYTHONUTF8="1")).count("\n") >= 28
    done = run("rule", "missing-rows")
    assert done.returncode == 2
    assert "missing-row" in done.stderr.decode()
    assert "Did you mean LA101?" in run("rule", "LA1O1").stderr.decode()


def test_profile_list_show_check() -> None:
    assert "okx-scalper" in text(run("profile", "list", PYTHONUTF8="1"))
    assert 'name = "generic"' in text(run("profile", "show", "generic", PYTHONUTF8="1"))
    done = run("profile", "check", "okx-scalper", PYTHONUTF8="1")
    assert done.returncode == 0
    assert "samples" in text(done)


def test_positions_as_table_csv_and_parquet(tmp_path: Path) -> None:
    assert "BTC-USDT" in text(run("positions", SEED, "-q", PYTHONUTF8="1"))
    lines = text(run("positions", CLEAN, "-q", "--format", "csv", PYTHONUTF8="1")).splitlines()
    assert "symbol" in lines[0]
    assert len(lines) > 8
    target = tmp_path / "positions.parquet"
    assert run("positions", CLEAN, "-q", "--format", "parquet", "-o", target).returncode == 0
    assert target.read_bytes()[:4] == b"PAR1"


def test_version() -> None:
    assert text(run("--version")).startswith("logaudit ")


def test_output_that_nowhere_takes_is_no_success() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("only Linux has a device that is always full")
    with full.open("w") as out:
        done = subprocess.run(
            [sys.executable, "-m", "logaudit", "--help"], stdout=out, stderr=subprocess.DEVNULL, check=False
        )
    assert done.returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no shell that starts a program without a stream")
@pytest.mark.parametrize("closed", [">&-", "2>&-"])
@pytest.mark.parametrize(("words", "code"), [("scan -q fixtures/clean/logs", 0), ("scan no-such-folder", 2)])
def test_a_process_started_without_a_stream_ends_with_the_same_code(
    words: str, code: int, closed: str
) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m logaudit {words} {closed}', sys.executable],  # noqa: S607 - whichever sh there is
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stdout + done.stderr
