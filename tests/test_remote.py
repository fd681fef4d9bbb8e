"""Remote sources: the report of a bucket is that of the folder, with one request an object, and trouble is said."""

from __future__ import annotations

import glob
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from s3_server import KEY, PAGE, Bucket, serving

import logaudit
from logaudit.core.errors import ExitCode, UserError
from logaudit.sources.remote import patterns
from logaudit.sources.remote.listing import RemoteListing
from logaudit.sources.remote.opener import RemoteObject, opener_for
from logaudit.sources.roots import find_roots

pytest.importorskip("obstore", reason="needs the extra logaudit[remote]")

FIXTURES = Path(__file__).parent.parent / "fixtures"
DAMAGED = FIXTURES / "damaged-archive" / "logs"


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with serving() as made:
        yield made


def scan(bucket: Bucket, cache: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment = {
        **kept,
        **bucket.environment,
        "LOGAUDIT_CACHE_DIR": str(cache),
        "TMPDIR": str(cache),
        **variables,
    }
    cache.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "logaudit", "scan", *words, "--output-format", "json", "--quiet"]
    return subprocess.run(
        command,
        capture_output=True,
        check=False,
        env=environment,
        cwd=FIXTURES / "damaged-archive",
        encoding="utf-8",
    )


def fetched(cache: Path) -> list[Path]:
    return list(cache.glob("logaudit-*/**/*.*"))


def alike(bucket: Bucket, tmp_path: Path, local: str, remote: str) -> str:
    """The one report of the damaged archive as a folder and in the bucket, from where each object was fetched once."""
    bucket.upload(DAMAGED, "years/logs")
    told = scan(bucket, tmp_path / "none", local, "--no-cache")
    cold = scan(bucket, tmp_path / "cache", remote)
    assert (cold.stdout, cold.returncode) == (told.stdout, told.returncode)
    assert dict(bucket.gets) == dict.fromkeys(bucket.objects, 1)
    return told.stdout


def test_a_bucket_gives_the_report_of_the_folder_with_one_request_an_object_and_none_when_unchanged(
    bucket: Bucket, tmp_path: Path
) -> None:
    told = alike(bucket, tmp_path, "logs", "s3://logs/years/logs/")
    assert len(bucket.objects) > PAGE  # the listing has pages
    bucket.gets.clear()
    warm = scan(bucket, tmp_path / "cache", "s3://logs/years/logs")
    assert warm.stdout == told
    assert not bucket.gets
    assert not fetched(tmp_path / "cache")


def test_google_storage_gives_the_report_of_the_folder_with_one_request_an_object(
    bucket: Bucket, tmp_path: Path
) -> None:
    """Its listings and objects are asked for as those of S3 are."""
    account = {"gcs_base_url": bucket.environment["AWS_ENDPOINT"], "disable_oauth": True}
    account |= dict.fromkeys(("client_email", "private_key", "private_key_id"), "")
    (tmp_path / "account.json").write_text(json.dumps(account), encoding="utf-8")
    bucket.upload(DAMAGED, "logs")
    bucket.public = True
    google = {"GOOGLE_SERVICE_ACCOUNT": str(tmp_path / "account.json"), "GOOGLE_ALLOW_HTTP": "true"}
    found = scan(bucket, tmp_path / "cache", "gs://logs/logs", **google)
    local = scan(bucket, tmp_path / "none", "logs", "--no-cache")
    assert (found.stdout, found.returncode) == (local.stdout, local.returncode)
    assert dict(bucket.gets) == dict.fromkeys(bucket.objects, 1)


def test_only_what_changed_is_fetched_again(bucket: Bucket, tmp_path: Path) -> None:
    bucket.upload(FIXTURES / "clean" / "logs", "logs")
    scan(bucket, tmp_path / "cache", "s3://logs/logs")
    bucket.gets.clear()
    key = next(key for key in bucket.objects if key.endswith(".log"))
    bucket.objects[key] += b"2030-01-01 00:00:00.000 | INFO     | a.b:c:1 - one more line\n"
    changed = scan(bucket, tmp_path / "cache", "s3://logs/logs")
    assert dict(bucket.gets) == {key: 1}
    assert changed.stdout == scan(bucket, tmp_path / "cache", "s3://logs/logs", "--no-cache").stdout


def test_a_program_that_scans_twice_sees_what_changed_between(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    opener_for.cache_clear()
    bucket.upload(FIXTURES / "two-causes" / "logs", "logs")
    first = logaudit.scan("s3://logs/logs", jobs=1)
    bucket.objects = {key: data for key, data in bucket.objects.items() if not key.endswith(".csv")}
    second = logaudit.scan("s3://logs/logs", jobs=1)
    opener_for.cache_clear()
    assert len(second.files) < len(first.files)
    assert not list(tmp_path.iterdir())


def test_a_store_that_is_busy_is_asked_again(bucket: Bucket, tmp_path: Path) -> None:
    bucket.upload(DAMAGED, "logs")
    bucket.fail = lambda key, before: (503 if len(key) % 2 else 429) if before < 2 else 0
    found = scan(bucket, tmp_path / "cache", "s3://logs/logs", "--no-cache")
    assert found.stdout == scan(bucket, tmp_path / "cache", "logs", "--no-cache").stdout


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "it vanished while being read"),
        (403, "permission denied"),
        (412, "it changed after it was listed"),
    ],
)
def test_an_object_that_cannot_be_had_is_a_finding_with_its_place(
    bucket: Bucket, tmp_path: Path, status: int, said: str
) -> None:
    bucket.upload(FIXTURES / "two-causes" / "logs", "logs")
    gone = next(key for key in bucket.objects if key.endswith(".csv") and "trades" in key)
    bucket.fail = lambda key, _before: status if key == gone else 0
    found = scan(bucket, tmp_path / "cache", "s3://logs/logs")
    assert said in found.stdout
    assert gone.removeprefix("logs/") in found.stdout
    assert "Traceback" not in found.stderr
    bucket.fail = lambda _key, _before: 0
    again = scan(bucket, tmp_path / "cache", "s3://logs/logs")
    assert again.stdout == scan(bucket, tmp_path / "none", "s3://logs/logs", "--no-cache").stdout
    assert said not in again.stdout


def test_a_listing_that_lags_behind_claims_no_loss(bucket: Bucket, tmp_path: Path) -> None:
    """An object that is not listed yet is none of the scan; of one listed as it was before, the bytes are not had."""
    bucket.upload(FIXTURES / "clean" / "logs", "logs")
    for key in sorted(bucket.objects):
        bucket.unlisted = {key}
        found = json.loads(scan(bucket, tmp_path / "cache", "s3://logs/logs").stdout)
        assert found["summary"]["missing"] == 0, key
    bucket.unlisted.clear()
    for key, data in sorted(bucket.objects.items()):
        bucket.stale = {key: data[: len(data) // 2]}
        done = scan(bucket, tmp_path / "cache", "s3://logs/logs")
        found = json.loads(done.stdout)
        assert found["summary"]["missing"] == 0, key
        assert "LA401" in {finding["rule"] for finding in found["findings"]}, key
        # A table of signs of life proves no trade.
        assert done.returncode == (0 if "debug" in key else 3), key


def test_a_wrong_credential_is_said_and_not_shown(bucket: Bucket, tmp_path: Path) -> None:
    bucket.upload(FIXTURES / "clean" / "logs", "logs")
    found = scan(bucket, tmp_path / "cache", "s3://logs/logs", AWS_ACCESS_KEY_ID="another-key")
    assert found.returncode == 2
    assert "s3://logs/logs cannot be listed: permission denied." in found.stderr
    assert not any(
        secret in found.stderr + found.stdout for secret in ("another-key", "secret-of-the-test", KEY)
    )


def test_a_database_with_its_write_ahead_log_is_read_from_a_copy(bucket: Bucket, tmp_path: Path) -> None:
    folder = tmp_path / "bot"
    folder.mkdir()
    with sqlite3.connect(folder / "trades.sqlite") as base:
        base.execute("pragma journal_mode=wal")
        base.execute(
            "create table trades (closed_at text, symbol text, side text, entry_price real, exit_price real, pnl real)"
        )
        base.commit()
        base.execute("pragma wal_checkpoint(truncate)")
        base.execute(
            "insert into trades values ('2026-01-10 10:00:00', 'BTC-USDT', 'long', 100.0, 101.0, 1.0)"
        )
        base.commit()
        bucket.upload(folder, "bot")  # while it is open: the row is in the write-ahead log alone
    base.close()
    assert "bot/trades.sqlite-wal" in bucket.objects
    found = scan(bucket, tmp_path / "cache", "s3://logs/bot", "--no-cache")
    assert '"ledger_rows": 1,' in found.stdout


def test_large_objects_are_fetched_in_ranges(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from logaudit.sources.remote import object_store  # noqa: PLC0415 - an extra

    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(object_store, "RANGE", 1000)
    bucket.objects["big.log"] = os.urandom(4321)
    opener = object_store.ObjectStoreOpener("s3://logs")
    (listed,) = opener.list("")
    bucket.fail = lambda _key, before: 503 if before == 1 else 0
    opener.fetch(listed, tmp_path / "big.log")
    assert (tmp_path / "big.log").read_bytes() == bucket.objects["big.log"]
    assert bucket.gets["big.log"] == 6


def test_files_of_a_server_are_listed_with_their_state(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec", reason="needs the extra logaudit[sftp]")
    from logaudit.sources.remote.file_server import FileServerOpener  # noqa: PLC0415 - an extra

    (tmp_path / "bot" / "a").mkdir(parents=True)
    (tmp_path / "bot" / "a" / "x.log").write_bytes(b"one line\n")
    opener = FileServerOpener(lambda: fsspec.filesystem("file"))
    root = str(tmp_path / "bot").strip("/")
    (one,) = opener.list(root)
    assert (one.key, one.size) == (f"{root}/a/x.log", 9)
    # Told as float seconds, which today hold about a quarter of a microsecond.
    assert abs(one.modified - (tmp_path / "bot" / "a" / "x.log").stat().st_mtime_ns) < 1000
    assert opener.state(one.key) == one
    assert opener.state(root) is None
    assert opener.state(f"{root}/b") is None
    opener.fetch(one, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"one line\n"


def test_a_server_is_asked_one_thing_at_a_time(tmp_path: Path) -> None:
    """An SFTP session that several threads wait for never answers some of them."""
    pytest.importorskip("fsspec", reason="needs the extra logaudit[sftp]")
    from logaudit.sources.remote.file_server import FileServerOpener  # noqa: PLC0415 - an extra

    busy = threading.Lock()
    overlaps: list[str] = []

    class Session:
        def get_file(self, key: str, target: str) -> None:
            if not busy.acquire(blocking=False):
                overlaps.append(key)
                return
            time.sleep(0.02)
            Path(target).write_text("6 long")
            busy.release()

    opener = FileServerOpener(Session)
    with ThreadPoolExecutor(4) as pool:
        for n in range(8):
            pool.submit(opener.fetch, RemoteObject(f"{n}.log", 6, 0), tmp_path / f"{n}.log")
    assert not overlaps
    assert len(list(tmp_path.iterdir())) == 8


PATTERNS = [
    "*",
    "*.zip",
    "**/*.zip",
    "**",
    "a/*",
    "*/[xy].zip",
    "a/**/deep/*",
    ".*",
    "*/.hidden/*",
    "b.zi[!q]",
    "**/deep",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_match_objects_as_they_match_files(
    pattern: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = [
        "a/x.zip",
        "a/y.zip",
        "a/more/deep/z.log",
        "a/.hidden/x.zip",
        "b.zip",
        ".dot.zip",
        "deep/q.zip",
        "c/x.zipx",
    ]
    for name in names:
        (tmp_path / "logs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "logs" / name).write_text(name)
    files = tuple(RemoteObject(f"logs/{name}", len(name), 0) for name in sorted(names))
    listed: list[str] = []

    def one_listing(url: str) -> RemoteListing:
        listed.append(url)
        below = url.removeprefix("s3://bucket/")
        return RemoteListing(
            "s3://bucket",
            below,
            is_folder=True,
            files=tuple(f for f in files if f.key.startswith(f"{below}/")),
        )

    monkeypatch.setattr(patterns, "list_url", one_listing)
    found = patterns.expand_url(f"s3://bucket/logs/{pattern}")
    wanted = {
        Path(path).as_posix().rstrip("/")
        for path in glob.glob(pattern, root_dir=tmp_path / "logs", recursive=True)  # noqa: PTH207 - what users know
    }
    assert {url.removeprefix("s3://bucket/logs/") for url in found} == wanted - {"", "."}
    assert len(listed) == 1
    for url, one in found.items():
        place = tmp_path / url.removeprefix("s3://bucket/")
        assert one.is_folder is place.is_dir()
        inside = {p for p in place.rglob("*") if p.is_file()} if one.is_folder else {place}
        assert {tmp_path / file.key for file in one.files} == inside


def test_a_pattern_over_a_bucket_gives_the_report_of_the_pattern_over_files(
    bucket: Bucket, tmp_path: Path
) -> None:
    alike(bucket, tmp_path, "logs/*", "s3://logs/years/logs/*")
    nothing = scan(bucket, tmp_path / "cache", "s3://logs/years/*.7z")
    assert nothing.returncode == ExitCode.USAGE
    assert "Nothing matches s3://logs/years/*.7z" in nothing.stderr


@pytest.mark.parametrize("url", ["s3://id:secret-word@logs/x", "https://host/x.zip?signature=secret-word"])
def test_credentials_in_a_path_are_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(UserError, match="credentials") as caught:
        find_roots([url])
    assert "secret-word" not in f"{caught.value.problem}{caught.value.remedy}"


def test_without_the_extra_the_error_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    opener_for.cache_clear()
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.delitem(sys.modules, "logaudit.sources.remote.object_store", raising=False)
    with pytest.raises(UserError) as caught:
        opener_for("s3://logs")
    assert caught.value.remedy == "pip install 'logaudit[remote]'"
