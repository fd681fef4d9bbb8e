"""The cache's folder: whole entries or none, the least used thrown out first, nothing foreign touched."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from logaudit.cache import CacheEntryKind, Store, folder_of
from logaudit.cache import store as module
from logaudit.cache.frames import frame

MIB = 1 << 20


def _key(number: int) -> str:
    return f"{number:064x}"


def _put(store: Store, number: int, payload: bytes) -> None:
    store.put(CacheEntryKind.REPORT, _key(number), frame(_key(number), payload))


def _get(store: Store, number: int) -> bytes | None:
    found = store.get(CacheEntryKind.REPORT, _key(number))
    return None if found is None else b"".join(found)


def _age(store: Store, number: int, seconds: float) -> None:
    at = time.time() - seconds
    os.utime(store.folder / "reports" / f"{_key(number)}.msgpack", (at, at))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache", MIB)


def test_what_is_put_is_got(store: Store) -> None:
    assert _get(store, 1) is None
    _put(store, 1, b"one")
    _put(store, 1, b"two")
    assert _get(store, 1) == b"two"
    assert _get(store, 2) is None


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "garbage", "moved"])
def test_a_damaged_entry_is_missing_and_removed(store: Store, damage: str) -> None:
    _put(store, 1, b"payload")
    path = store.folder / "reports" / f"{_key(1)}.msgpack"
    data = path.read_bytes()
    flipped = data[:-1] + bytes([data[-1] ^ 1])
    garbage = b"\x93NUMPY and so on"
    moved = frame(_key(2), b"payload")
    path.write_bytes(
        {"empty": b"", "cut": data[:-1], "flipped": flipped, "garbage": garbage, "moved": moved}[damage]
    )
    assert _get(store, 1) is None
    assert not path.exists()
    _put(store, 1, b"payload")
    assert _get(store, 1) == b"payload"


def test_the_entries_out_of_use_longest_go_first(store: Store) -> None:
    third = bytes(MIB // 3)
    for number in range(3):
        _put(store, number, third)
        _age(store, number, 10_000 * (3 - number))
    store.touch(CacheEntryKind.REPORT, _key(0))
    _put(store, 3, third)
    store.trim()
    assert [number for number in range(4) if _get(store, number) is not None] == [0, 3]
    assert store.info().size <= MIB


def test_a_cache_within_its_limit_keeps_everything(store: Store) -> None:
    for number in range(3):
        _put(store, number, bytes(1000))
        _age(store, number, 10_000_000)
    store.trim()
    assert store.info().entries == 3


def test_small_additions_are_measured_in_the_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.limit = 100_000
    for number in range(200):
        fresh = Store(store.folder, store.limit)
        _put(fresh, number, bytes(900))
        if number == 150:
            monkeypatch.setattr(module, "_MEASURED", 0)
        fresh.trim()
    assert store.info().size <= store.limit


def test_use_is_noted_once_an_hour(store: Store) -> None:
    store.put(CacheEntryKind.FILES, _key(1), frame(_key(1), b"x"))
    path = store.folder / "files" / f"{_key(1)}.msgpack"
    for age, noted in ((600, False), (7200, True)):
        at = time.time() - age
        os.utime(path, (at, at))
        before = path.stat().st_mtime_ns
        store.get(CacheEntryKind.FILES, _key(1))
        assert (path.stat().st_mtime_ns != before) is noted


def test_what_killed_writers_left_is_removed_and_what_is_being_written_is_not(store: Store) -> None:
    _put(store, 1, b"x")
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    host = module._host()
    dead = store.folder / "tmp" / f"{host}-{int(ended.stdout)}-0.tmp"
    ours = store.folder / "tmp" / f"{host}-{os.getpid()}-7.tmp"
    elsewhere = store.folder / "tmp" / "00000000-1-0.tmp"
    old = store.folder / "tmp" / "00000000-2-0.tmp"
    foreign = store.folder / "tmp" / "notes.txt"
    for path in (dead, ours, elsewhere, old, foreign):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    store.sweep()
    assert [path for path in (dead, ours, elsewhere, old, foreign) if path.exists()] == [
        ours,
        elsewhere,
        foreign,
    ]


def test_clear_removes_entries_and_nothing_else(store: Store) -> None:
    _put(store, 1, b"x")
    _put(store, 2, b"y")
    foreign = [store.folder / "notes.txt", store.folder / "reports" / "mine.msgpack"]
    for path in foreign:
        path.write_text("mine")
    found = store.clear()
    assert (found.entries, found.counts["reports"]) == (2, 2)
    assert store.info().entries == 0
    assert sorted(p for p in store.folder.rglob("*") if p.is_file()) == sorted(foreign)


def test_clear_leaves_no_folder_that_it_made(store: Store) -> None:
    _put(store, 1, b"x")
    store.trim()
    store.clear()
    assert list(store.folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    store = Store(tmp_path / "file" / "cache", MIB)
    _put(store, 1, b"x")
    store.sweep()
    store.trim()
    assert _get(store, 1) is None
    assert store.info().entries == 0


@pytest.mark.skipif(os.name != "posix", reason="permissions are posix")
def test_entries_are_for_their_owner_alone(store: Store) -> None:
    _put(store, 1, b"x")
    for path in store.folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


def test_the_variable_says_where_the_cache_is(tmp_path: Path) -> None:
    assert folder_of(str(tmp_path)) == tmp_path
    found = folder_of("")
    assert found is not None
    assert found.name.startswith("logaudit") or found.parent.name == "logaudit"


def test_without_a_home_there_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("platformdirs.user_cache_path", fail)
    assert folder_of(None) is None
