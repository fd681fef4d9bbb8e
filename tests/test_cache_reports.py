"""Answers are the same with the cache as without it, whatever became of the files and of the cache."""

from __future__ import annotations

import os
import random
import shutil
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from logaudit.audit.pipeline import ScanOptions, run
from logaudit.cache import CacheEntryKind, Store, files, keys
from logaudit.core.message import msg
from logaudit.core.not_judged import NotJudged, Reason
from logaudit.core.report import Report
from logaudit.ingest import probe, tasks
from logaudit.ingest.executor import Progress
from logaudit.ingest.vectorized import ranges
from logaudit.profiles import WrittenFormat, text_of
from logaudit.renderers import json_report
from logaudit.sources import Problem, ProblemKind, SourceError, open_file

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
LOGS = FIXTURES / "clean" / "logs"
ONE = ScanOptions(jobs=1)


def ask(paths: Path | list[Path], store: Store | None, options: ScanOptions = ONE) -> Report:
    given = paths if isinstance(paths, list) else [paths]
    return run([str(path) for path in given], options, Progress, store)


def same(paths: Path | list[Path], store: Store, options: ScanOptions = ONE) -> None:
    """The answer with the cache is that without it, in every byte of the most that is ever printed."""
    found, plain = ask(paths, store, options), ask(paths, None, options)
    assert found == plain
    assert json_report.render(found) == json_report.render(plain)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache", 1 << 30)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LOGS, tmp_path / "logs"))


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files written by the test count as old."""
    monkeypatch.setattr(files, "SETTLED", -(1 << 62))


class Count:
    """How much was done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        self.hashed: list[str] = []
        self.opened: list[str] = []
        monkeypatch.setattr(probe, "read_head", self._noting(probe.read_head))
        monkeypatch.setattr(tasks, "extract", self._noting(tasks.extract))
        monkeypatch.setattr(ranges, "resume", self._noting(ranges.resume))
        for name in ("_sketch", "file_sha256"):
            monkeypatch.setattr(files, name, self._hashing(getattr(files, name)))
        open_one = open_file.examine

        def opened(found):
            self.opened.append(found.label)
            return open_one(found)

        monkeypatch.setattr(open_file, "examine", opened)

    def _noting(self, work: Callable[..., object]) -> Callable[..., object]:
        def noted(source, *args, **named):
            self.read.append(source.address.path)
            return work(source, *args, **named)

        return noted

    def _hashing(self, work: Callable[[Path], bytes]) -> Callable[[Path], bytes]:
        def noted(path):
            self.hashed.append(path.name)
            return work(path)

        return noted

    def clear(self) -> None:
        self.read.clear()
        self.hashed.clear()
        self.opened.clear()


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Iterator[Count]:
    return Count(monkeypatch)


def forget_reports(store: Store) -> None:
    """Leaves the extracts only."""
    shutil.rmtree(store.folder / "reports", ignore_errors=True)


@pytest.mark.parametrize("name", sorted(p.parent.name for p in FIXTURES.glob("*/logs")))
def test_warm_and_cold_are_the_same(name: str, store: Store, settled: None) -> None:
    logs = FIXTURES / name / "logs"
    plain = ask(logs, None)
    cold = ask(logs, store)
    warm = ask(logs, store)
    forget_reports(store)
    digests_only = ask(logs, store)
    assert cold == warm == digests_only == plain
    assert json_report.render(warm) == json_report.render(plain) == json_report.render(digests_only)
    assert store.info().counts["reports"] == 1


def test_what_is_unchanged_is_neither_opened_nor_hashed_nor_read(
    logs: Path, store: Store, settled: None, count: Count
) -> None:
    ask(logs, store)
    assert count.read
    count.clear()
    ask(logs, store)
    assert (count.read, count.hashed, count.opened) == ([], [], [])


def test_digests_alone_spare_the_reading(logs: Path, store: Store, settled: None, count: Count) -> None:
    ask(logs, store)
    forget_reports(store)
    count.clear()
    ask(logs, store)
    assert (count.read, count.hashed, count.opened) == ([], [], [])


def test_a_packed_tar_is_not_unpacked_again(
    tmp_path: Path, store: Store, settled: None, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    with tarfile.open(folder / "logs.tar.gz", "w:gz") as tar:
        tar.add(LOGS, "logs")
    ask(folder, store)
    count.clear()
    monkeypatch.setattr(open_file, "open_forward_stream", None)
    same_again = ask(folder, store)
    assert same_again.summary.closes > 0
    assert (count.read, count.opened) == ([], [])


def test_files_just_written_are_hashed_and_not_taken_at_their_word(
    logs: Path, store: Store, count: Count
) -> None:
    ask(logs, store)
    count.clear()
    ask(logs, store)
    assert count.hashed


def test_a_copy_is_recognised_by_its_content(
    logs: Path, tmp_path: Path, store: Store, settled: None, count: Count
) -> None:
    ask(logs, store)
    copy = Path(shutil.copytree(logs, tmp_path / "copy"))
    count.clear()
    same_there = ask(copy, store)
    assert count.read == []
    assert same_there == ask(copy, None)


def test_a_copy_at_another_depth_quotes_its_own_places(
    logs: Path, tmp_path: Path, store: Store, settled: None, count: Count
) -> None:
    ask(logs, store)
    shutil.copytree(logs, tmp_path / "deep" / "er")
    count.clear()
    found = ask(tmp_path / "deep", store)
    assert count.read == []
    assert found == ask(tmp_path / "deep", None)
    assert all(source.address.path.startswith("er/") for source in found.sources)


def test_twins_in_one_scan_keep_their_own_places(logs: Path, store: Store, settled: None) -> None:
    for place in ("one", "two"):
        shutil.copytree(logs, logs.parent / "both" / place)
    for _ in range(2):
        same(logs.parent / "both", store)
        forget_reports(store)


def _archive(logs: Path) -> Path:
    return next(logs.rglob("*.zip"))


def _rewrite(path: Path, old: bytes, new: bytes) -> None:
    """A text of equal length in an archive, packed anew."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    assert any(old in text for text in members.values())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text.replace(old, new))


@pytest.mark.parametrize("wait", [False, True])
def test_equal_size_and_time_hide_no_change(logs: Path, store: Store, wait: bool) -> None:  # noqa: FBT001 - a parameter of the test
    path = _archive(logs)
    _rewrite(path, b"INFO", b"INFO")
    if wait:
        # Old enough to be believed, so that only the time of the change can tell.
        time.sleep(files.SETTLED / 1e9 + 0.1)
    before = path.stat()
    ask(logs, store)
    _rewrite(path, b"INFO", b"WARN")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    same(logs, store)


def test_one_changed_file_is_all_that_is_read(logs: Path, store: Store, settled: None, count: Count) -> None:
    ask(logs, store)
    path = _archive(logs)
    _rewrite(path, b"INFO", b"WARN")
    count.clear()
    ask(logs, store)
    assert set(count.read) == {path.relative_to(logs).as_posix()}
    same(logs, store)


def test_touched_removed_added_and_renamed_files(logs: Path, store: Store, settled: None) -> None:
    same(logs, store)
    path = _archive(logs)
    path.touch()
    same(logs, store)
    kept = path.read_bytes()
    path.unlink()
    same(logs, store)
    path.with_name(f"other-{path.name}").write_bytes(kept)
    same(logs, store)
    path.write_bytes(kept[: len(kept) // 2])
    same(logs, store)
    path.write_bytes(b"")
    same(logs, store)


def test_a_log_that_grows_is_cut_and_rotated(
    logs: Path, store: Store, settled: None, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    monkeypatch.setattr(tasks, "FAST_FROM", 0)
    path = logs / "futures" / "futures_main_2026-02-11.log"
    whole = path.read_bytes()
    begun: list[str] = []
    begin = ranges.begin
    monkeypatch.setattr(
        ranges, "begin", lambda source, *rest: begun.append(source.address.path) or begin(source, *rest)
    )
    label = path.relative_to(logs).as_posix()
    for size, again in (
        (12_000, True),
        (15_000, False),
        (len(whole), False),
        (16_000, True),
        (18_000, False),
    ):
        path.write_bytes(whole[: whole.rindex(b"\n", 0, size) + 1])
        begun.clear()
        same_now = ask(logs, store)
        assert (label in begun) is again, size
        assert same_now == ask(logs, None)
    path.write_bytes(whole[11_000:])
    same(logs, store)


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_cache_never_gives_a_wrong_answer(
    logs: Path, store: Store, settled: None, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    plain = ask(logs, store)
    for path in sorted(p for p in store.folder.rglob("*") if p.is_file()):
        data = bytearray(path.read_bytes())
        way = chance.randrange(6)
        if way == 0 and data:
            data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
        elif way == 1:
            del data[chance.randrange(len(data) + 1) :]
        elif way == 2:
            data.clear()
        elif way == 3:
            data[:] = chance.randbytes(200)
        elif way == 4:
            others = sorted(p for p in path.parent.iterdir() if p.is_file())
            data[:] = chance.choice(others).read_bytes()
        path.write_bytes(data)
    assert ask(logs, store) == plain
    assert ask(logs, store) == plain


def test_whatever_shapes_a_digest_is_part_of_its_key(
    logs: Path, tmp_path: Path, store: Store, settled: None, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(text_of("okx-scalper"), encoding="utf-8")
    mine = ScanOptions(jobs=1, profile=str(profile))

    def reads(options: ScanOptions) -> bool:
        count.clear()
        ask(logs, store, options)
        return bool(count.read)

    assert reads(ONE)
    assert not reads(ONE)
    assert not reads(replace(ONE, jobs=2))
    assert reads(replace(ONE, encoding="utf-8"))
    assert reads(replace(ONE, formats=(WrittenFormat("{time} | {level} | {message}"),)))
    assert reads(replace(ONE, profile="generic"))
    assert reads(mine)
    assert not reads(mine)
    profile.write_text(text_of("okx-scalper").replace("[ledger]", "# changed\n[ledger]"), encoding="utf-8")
    assert reads(mine)
    monkeypatch.setattr(keys, "program", lambda: "another version")
    assert reads(ONE)


def test_zone_and_window_are_judged_anew_without_reading(
    logs: Path, store: Store, settled: None, count: Count
) -> None:
    ask(logs, store)
    count.clear()
    for zone in ("+03:00", "Europe/Moscow"):
        same_zone = ask(logs, store, replace(ONE, zone=zone))
        assert count.read == []
        assert same_zone == ask(logs, None, replace(ONE, zone=zone))
        count.clear()
    assert store.info().counts["reports"] == 3


def test_another_version_of_a_zone_is_another_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("zoneinfo.TZPATH", (str(tmp_path),))
    (tmp_path / "Mars").write_bytes(b"one")
    before = keys.zone_rules("Mars")
    (tmp_path / "Mars").write_bytes(b"two")
    assert keys.zone_rules("Mars") != before
    assert keys.zone_rules("") == keys.zone_rules("+03:00") == b""
    assert keys.zone_rules("Europe/Moscow")


def test_a_passing_trouble_is_not_remembered(
    logs: Path, store: Store, settled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = ask(logs, None)

    def broken(source, *_):
        raise SourceError(Problem(source.address, ProblemKind.UNREADABLE, msg("the system reports EIO")))

    with monkeypatch.context() as patch:
        patch.setattr("logaudit.ingest.byte_stream.blocks", broken)
        troubled = ask(logs, store)
        assert troubled != plain
    assert store.info().counts["reports"] == 0
    assert ask(logs, store) == plain


def test_a_file_that_changes_while_it_is_read_is_not_remembered(
    logs: Path, store: Store, settled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _archive(logs)
    work = tasks.extract

    def changing(source, *rest, **named):
        if source.file == path:
            os.utime(path)
        return work(source, *rest, **named)

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "extract", changing)
        ask(logs, store)
    sources = len({s.address.path for s in ask(logs, None).sources})
    assert store.info().counts["reports"] == 0
    assert store.info().counts["extracts"] < sources
    same(logs, store)


def test_archives_just_written_are_not_remembered_and_logs_are(logs: Path, store: Store) -> None:
    ask(logs, store)
    zips = len(list(logs.rglob("*.zip")))
    every = sum(1 for path in logs.rglob("*") if path.is_file())
    assert 0 < store.info().counts["extracts"] <= every - zips
    same(logs, store)


def test_large_files_are_recognised_by_their_ends_and_proven_whole(
    logs: Path, tmp_path: Path, store: Store, settled: None, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    monkeypatch.setattr(files, "SKETCHED", 2_000)
    monkeypatch.setattr("logaudit.cache.extracts.SKETCHED", 2_000)
    ask(logs, store)
    copy = Path(shutil.copytree(logs, tmp_path / "copy"))
    count.clear()
    assert ask(copy, store) == ask(copy, None, ONE)
    log = next(p for p in copy.rglob("*.log") if p.stat().st_size > 20_000)
    data = log.read_bytes()
    middle = data.index(b"INFO", len(data) // 2)
    log.write_bytes(data[:middle] + b"WARN" + data[middle + 4 :])
    same(copy, store)
    same(copy, store)


def test_a_large_file_that_is_no_log_is_known_by_its_state_alone(
    logs: Path, tmp_path: Path, store: Store, settled: None, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    monkeypatch.setattr(files, "SKETCHED", 2_000)
    monkeypatch.setattr("logaudit.cache.extracts.SKETCHED", 2_000)
    (logs / "notes.md").write_text("some prose about nothing\n" * 10_000)
    same(logs, store)
    count.clear()
    ask(logs, store)
    assert (count.read, count.hashed) == ([], [])
    copy = Path(shutil.copytree(logs, tmp_path / "copy"))
    same(copy, store)


def test_nothing_is_written_where_logs_are_scanned(logs: Path) -> None:
    within = Store(logs / "cache", 1 << 30)
    ask(logs, within)
    assert not within.folder.exists()


def test_that_nothing_was_judged_is_said_again(tmp_path: Path, store: Store, settled: None) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "prose.txt").write_text("nothing\n")
    first, again, plain = (ask(tmp_path / "empty", where) for where in (store, store, None))
    assert first == again == plain
    assert first.not_judged == NotJudged(Reason.NOTHING_READ)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs permissions that bind")
def test_a_read_only_cache_is_read(logs: Path, store: Store, settled: None, count: Count) -> None:
    ask(logs, store)
    for path in [store.folder, *store.folder.iterdir()]:
        path.chmod(0o500)
    count.clear()
    try:
        ask(logs, store)
        assert count.read == []
        same(logs, store, replace(ONE, encoding="utf-8"))
    finally:
        for path in [store.folder, *store.folder.iterdir()]:
            path.chmod(0o700)


@pytest.mark.parametrize("call", ["open", "mkdir", "replace"])
def test_a_cache_that_cannot_be_written_changes_nothing(
    logs: Path, store: Store, settled: None, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    plain = ask(logs, None)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    module = {"open": "os.open", "mkdir": "pathlib.Path.mkdir", "replace": "pathlib.Path.replace"}[call]
    with monkeypatch.context() as patch:
        patch.setattr(f"logaudit.cache.store.{module}" if call == "open" else module, full)
        assert ask(logs, store) == plain
    assert store.info().entries == 0
    assert not [p for p in store.folder.rglob("*") if p.is_file() and p.suffix == ".tmp"]


def test_the_outcome_in_use_keeps_its_digests_in_use(logs: Path, store: Store, settled: None) -> None:
    ask(logs, store)
    for path in store.folder.rglob("*.*"):
        os.utime(path, (1_000_000, 1_000_000))
    ask(logs, store)
    oldest = store.info().oldest
    assert oldest is not None
    assert time.time() - oldest < 60
    assert store.get(CacheEntryKind.REPORT, "0" * 64) is None
