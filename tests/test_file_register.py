"""The register of files: SHA-256 of the bytes on disk and what archives state, with and without the cache."""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from logaudit.audit import file_register
from logaudit.audit.pipeline import ScanOptions, read_case, run
from logaudit.cache import Store
from logaudit.core.source_report import FileReport

LINE = "2026-01-10 10:00:00.123 | INFO     | bot.loop:run:1 | tick {}\n"
TEXT = "".join(LINE.format(number) for number in range(40)).encode()


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "bot.log").write_bytes(TEXT)
    (folder / "picture.bin").write_bytes(bytes(range(256)) * 9)
    (folder / "torn.zip").write_bytes(b"PK\x03\x04" + bytes(90))
    with zipfile.ZipFile(folder / "old.log.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("old.log", TEXT[: len(TEXT) // 2])
    with gzip.open(folder / "older.log.gz", "wb") as handle:
        handle.write(TEXT[: len(TEXT) // 4])
    (folder / "oldest.log").write_bytes(TEXT[: len(TEXT) // 8])
    with tarfile.open(folder / "oldest.tar", "w") as tar:
        tar.add(folder / "oldest.log", "oldest.log")
    (folder / "oldest.log").unlink()
    return folder


def register(folder: Path, *, jobs: int = 1) -> dict[str, FileReport]:
    return {file.path: file for file in read_case([folder], ScanOptions(jobs=jobs)).files}


def test_every_file_has_the_hash_of_its_bytes_on_disk(logs: Path) -> None:
    expected = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in logs.iterdir()}
    found = register(logs)
    assert {name: file.sha256 for name, file in found.items()} == expected
    assert {name: file.bytes for name, file in found.items()} == {
        p.name: p.stat().st_size for p in logs.iterdir()
    }


def test_an_archive_says_what_it_states_of_its_members(logs: Path) -> None:
    half = TEXT[: len(TEXT) // 2]
    found = register(logs)
    (member,) = found["old.log.zip"].members
    assert (member.member, member.bytes, member.crc32) == ("old.log", len(half), f"{zlib.crc32(half):08x}")
    (other,) = found["oldest.tar"].members
    assert (other.member, other.bytes, other.crc32) == ("oldest.log", len(TEXT) // 8, "")
    assert not found["bot.log"].members
    assert not found["older.log.gz"].members


def test_text_output_hashes_no_file(logs: Path) -> None:
    assert read_case([logs], ScanOptions(jobs=1, sums=False)).files == ()


def test_a_large_file_of_which_nothing_is_read_is_not_hashed(
    logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_register, "_HASHED_UNREAD", 1_000)
    found = register(logs)
    assert [name for name, file in found.items() if not file.sha256] == ["picture.bin"]


def test_a_file_that_is_gone_has_no_hash(logs: Path) -> None:
    from logaudit.sources import discover  # noqa: PLC0415 - only here

    found = discover([logs])
    (logs / "old.log.zip").unlink()
    made = {file.path: file.sha256 for file in file_register.register(found, ())}
    assert made.pop("old.log.zip") == ""
    assert all(made.values())


def test_the_cache_says_the_same(logs: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "cache", 1 << 24)
    fresh, cold, warm = (run([str(logs)], ScanOptions(jobs=1), store=kept) for kept in (None, store, store))
    assert cold.files == warm.files == fresh.files
    with (logs / "bot.log").open("ab") as handle:
        handle.write(LINE.format("more").encode())
    grown, again = (run([str(logs)], ScanOptions(jobs=1), store=kept) for kept in (store, None))
    assert grown.files == again.files
    changed = {file.path for file in {*grown.files} - {*cold.files}}
    assert changed == {"bot.log"}


def test_a_source_names_the_hash_of_its_file(logs: Path) -> None:
    report = run([str(logs)], replace(ScanOptions(), jobs=1))
    hashes = {file.path: file.sha256 for file in report.files}
    assert {source.address.path: source.sha256 for source in report.sources} == {
        name: hashes[name] for name in ("bot.log", "old.log.zip", "older.log.gz", "oldest.tar")
    }
