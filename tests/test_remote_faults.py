"""Stores that answer oddly or not at all: nothing is lost by it, nobody waits long, and no secret is shown."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from s3_server import Bucket, serving
from test_remote import FIXTURES, scan

from logaudit.core.errors import ExitCode, UserError
from logaudit.sources.remote.environment import check_environment
from logaudit.sources.urls import checked

pytest.importorskip("obstore", reason="needs the extra logaudit[remote]")

CLEAN = FIXTURES / "clean" / "logs"


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with serving() as made:
        made.upload(CLEAN, "logs")
        yield made


@pytest.fixture
def local(bucket: Bucket, tmp_path: Path) -> str:
    """The report of the folder that the bucket holds."""
    return scan(bucket, tmp_path / "local", str(CLEAN), "--no-cache").stdout


def test_folders_that_a_console_marked_are_no_files(bucket: Bucket, tmp_path: Path, local: str) -> None:
    files = dict.fromkeys(bucket.objects, 1)
    bucket.objects |= {"logs/": b"", "logs/futures/": b"", "logs/futures/debug/": b""}
    found = scan(bucket, tmp_path / "cache", "s3://logs/logs", "--no-cache")
    assert (found.stdout, dict(bucket.gets)) == (local, files)


def test_the_mark_of_an_empty_folder_is_an_empty_file(bucket: Bucket, tmp_path: Path) -> None:
    bucket.objects["logs/spot/"] = b""
    found = scan(bucket, tmp_path / "cache", "s3://logs/logs", "--no-cache")
    assert found.returncode == ExitCode.CLEAN
    assert "LA401" not in found.stdout


def test_a_listing_that_breaks_off_is_asked_for_again(bucket: Bucket, tmp_path: Path, local: str) -> None:
    bucket.broken = 2
    assert scan(bucket, tmp_path / "cache", "s3://logs/logs", "--no-cache").stdout == local


def test_what_was_not_had_is_not_asked_for_again(bucket: Bucket, tmp_path: Path) -> None:
    bucket.fail = lambda key, _before: 0 if "info" in key else 403
    scan(bucket, tmp_path / "cache", "s3://logs/logs", "--no-cache")
    bucket.fail = lambda key, _before: 0 if "info" in key else 404
    scan(bucket, tmp_path / "cache", "s3://logs/logs", "--no-cache")
    assert dict(bucket.gets) == dict.fromkeys(bucket.objects, 2)


def test_a_server_that_does_not_heed_the_version_asked_for_is_caught(bucket: Bucket, tmp_path: Path) -> None:
    """Same size, other bytes: what is read would be cached as what was listed."""
    bucket.heedless = True
    ledgers = [key for key in bucket.objects if "trades" in key]
    bucket.stale = {key: bucket.objects[key][::-1] for key in ledgers}
    found = scan(bucket, tmp_path / "cache", "s3://logs/logs")
    assert found.stdout.count("it changed after it was listed") >= len(ledgers)
    assert found.returncode == ExitCode.NOT_JUDGED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_SESSION_TOKEN", "a-secret-word\n"),
        ("AWS_ACCESS_KEY_ID", "a-secret-\x7fword"),
        ("AWS_ENDPOINT", "a-secret-word"),
        ("AWS_REQUEST_PAYER", "a-secret-word"),
    ],
)
def test_an_environment_that_cannot_be_used_is_said_and_not_shown(
    bucket: Bucket, tmp_path: Path, name: str, value: str
) -> None:
    found = scan(bucket, tmp_path / "cache", "s3://logs/logs", **{name: value})
    assert found.returncode == ExitCode.USAGE
    assert name in found.stderr or "what the environment says of s3://" in found.stderr
    assert not any(odd in found.stderr for odd in ("secret", "panicked", "internal error", "Traceback"))


def test_keys_of_many_lines_are_googles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT_KEY", '{\n"private_key": ""\n}')
    check_environment("gs")


@pytest.mark.parametrize("key", ["logs//x.log", "logs/../x.log", "logs/a\tb.log"])
def test_names_that_cannot_be_read_end_the_listing_with_a_sentence(
    bucket: Bucket, tmp_path: Path, key: str
) -> None:
    bucket.objects[key] = b"x"
    found = scan(bucket, tmp_path / "cache", "s3://logs/logs")
    assert found.returncode == ExitCode.USAGE
    assert "two slashes in a row" in found.stderr


def test_a_sign_behind_which_a_url_names_nothing_is_refused() -> None:
    with pytest.raises(UserError, match="%23"):
        checked("s3://bucket/logs#2/x.log")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signals of this kind")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_whoever_waits_for_a_silent_store_can_be_stopped_and_leaves_nothing(
    bucket: Bucket, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    bucket.silent.clear()
    environment = {**os.environ, **bucket.environment, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "logaudit", "scan", "s3://logs/logs", "--no-cache", "--quiet"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        while sum(bucket.gets.values()) < len(bucket.objects):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        began = time.monotonic()
        assert process.wait(60) == code
        assert time.monotonic() - began < 5
    assert not list(tmp_path.iterdir())
