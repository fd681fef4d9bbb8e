"""Logs are hashed where it tells copies apart, plain ones where hashes of files are shown; findings stay the same."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.message import msg
from logaudit.core.report import Report
from logaudit.ingest import chunked_files
from logaudit.ingest.byte_stream import HashingByteStream
from logaudit.ingest.executor import Progress, WorkerPool, worker_pool
from logaudit.ingest.possible_duplicates import hash_possible_duplicates, possible_duplicates
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.scheduler import ingest_sources
from logaudit.ingest.source_extract import ExtractKind, LogExtract
from logaudit.profiles import BUILT_IN, load_built_in
from logaudit.sources import Problem, ProblemKind, Source, discover

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
PROFILES = tuple(load_built_in(name) for name in BUILT_IN)
LINE = "2026-01-10 10:00:00.123 | INFO     | bot.loop:run:1 | tick {}\n"


def plain(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def packed(path: Path, text: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(path.name.removesuffix(".zip"), text)


def hashed(sources: Sequence[Source], *, sums: bool) -> set[str]:
    """The paths of the logs that have a hash."""
    found = ingest_sources(sources, WorkerPool(ReadContext(PROFILES, sums=sums), 1), Progress())
    logs = [summary for summary in found.summaries if summary.kind is ExtractKind.LOG]
    assert all(len(log.sha256) in {0, 64} for log in logs)
    return {log.address.path.rpartition("/")[2] for log in logs if log.sha256}


def test_only_what_may_be_a_copy_and_plain_logs_are_hashed(tmp_path: Path) -> None:
    plain(tmp_path / "alone.log", LINE.format("alone"))
    plain(tmp_path / "original.log", LINE.format(1) * 2)
    packed(tmp_path / "copy.log.zip", LINE.format(1) * 2)
    packed(tmp_path / "as-long.log.zip", LINE.format(2) * 2)
    packed(tmp_path / "five.log.zip", LINE.format(3) * 5)
    packed(tmp_path / "another-five.log.zip", LINE.format(4) * 5)
    sources = discover([tmp_path]).sources
    suspects = {"original.log", "copy.log.zip", "as-long.log.zip"}
    assert hashed(sources, sums=False) == suspects
    assert hashed(sources, sums=True) == suspects | {"alone.log"}


def test_a_text_of_unknown_size_may_be_a_copy_of_anything(tmp_path: Path) -> None:
    plain(tmp_path / "one.log", LINE.format(1))
    packed(tmp_path / "two.log.zip", LINE.format(2) * 2)
    known = discover([tmp_path]).sources
    assert possible_duplicates(known) == frozenset()
    unknown = replace(known[0], size=-1)
    assert possible_duplicates([unknown, known[1]]) == {0, 1}


def without_sums(outcome: Report) -> Report:
    sources = tuple(replace(source, sha256="") for source in outcome.sources)
    return replace(outcome, sources=sources, files=())


@pytest.mark.parametrize("name", ["seed-incident", "damaged-archive", "clean"])
def test_what_is_found_does_not_depend_on_hashes(name: str, tmp_path: Path) -> None:
    """Each log lies there three times: as it is, unpacked beside it, and in a backup folder."""
    for folder in (tmp_path / "logs", tmp_path / "backup" / "logs"):
        for file in (FIXTURES / name / "logs").rglob("*"):
            if file.is_file():
                target = folder / file.relative_to(FIXTURES / name / "logs")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
    for file in (tmp_path / "logs").rglob("*.zip"):
        # What can be unpacked of a damaged one is left behind.
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(file) as archive:
            archive.extractall(file.parent)
    all_sums, few_sums = (
        build_report(read_case([tmp_path], ScanOptions(jobs=1, sums=sums))) for sums in (True, False)
    )
    assert without_sums(few_sums) == without_sums(all_sums)
    assert any(source.copies for source in all_sums.sources)


def test_what_can_be_unpacked_of_a_cut_archive_may_be_a_copy(tmp_path: Path) -> None:
    archive = tmp_path / "bot.log.zip"
    packed(archive, "".join(LINE.format(f"{number:x}" * 9) for number in range(3_000)))
    data = archive.read_bytes()[: archive.stat().st_size // 2]
    archive.write_bytes(data)
    (source,) = discover([tmp_path]).sources
    tap = HashingByteStream(source)
    plain(tmp_path / "rescued.log", b"".join(tap).decode())
    assert tap.problem is not None
    assert not tap.problem.untrusted
    assert tap.size > 0
    plain(tmp_path / "alone.log", LINE.format("alone"))
    assert hashed(discover([tmp_path]).sources, sums=False) == {"bot.log.zip", "rescued.log"}
    # Two that state the same size are suspects from the start; what they really hold makes one of the third.
    (tmp_path / "again.log.zip").write_bytes(data)
    sources = discover([tmp_path]).sources
    assert hashed(sources, sums=False) == {"again.log.zip", "bot.log.zip", "rescued.log"}
    few, every = (
        build_report(read_case([tmp_path], ScanOptions(jobs=1, sums=sums))) for sums in (False, True)
    )
    assert without_sums(few) == without_sums(every)


def test_what_a_member_with_a_wrong_checksum_holds_is_no_copy(tmp_path: Path) -> None:
    """What was cut short is evidence up to the cut; these bytes are none."""
    archive = tmp_path / "bot.log.zip"
    packed(archive, "".join(LINE.format(f"{number:x}" * 9) for number in range(3_000)))
    data = bytearray(archive.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 9] = b"\xff" * 9
    archive.write_bytes(data)
    (source,) = discover([tmp_path]).sources
    tap = HashingByteStream(source)
    plain(tmp_path / "rescued.log", b"".join(tap).decode())
    assert tap.problem is not None
    assert tap.problem.untrusted
    assert hashed(discover([tmp_path]).sources, sums=False) == set()


def test_a_log_and_a_member_whose_names_read_alike_are_two(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("sub/a.log", LINE.format("in the archive") * 3)
    plain(tmp_path / "x.zip!sub" / "a.log", LINE.format("in a folder"))
    outcome = build_report(read_case([tmp_path], ScanOptions(jobs=1, sums=False)))
    assert sorted(source.records for source in outcome.sources) == [1, 3]


def test_what_can_be_read_only_once_is_a_copy_of_nothing(tmp_path: Path) -> None:
    for name in ("one", "two"):
        plain(tmp_path / f"{name}.log", LINE.format(name))
    sources = discover([tmp_path]).sources
    intake = ingest_sources(sources, WorkerPool(ReadContext(PROFILES), 1), Progress())
    damage = Problem(sources[0].address, ProblemKind.DAMAGED, msg("it breaks off"), 9)
    bare = [
        replace(summary, sha256="", problem=damage)
        for summary in intake.summaries
        if summary.kind is ExtractKind.LOG
    ]
    for source in sources:
        source.file.unlink()
    assert hash_possible_duplicates(sources, bare) == bare


def test_a_large_log_is_hashed_only_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_pool, "PARALLEL_FROM", 0)
    monkeypatch.setattr(chunked_files, "PART", 4_000)
    plain(tmp_path / "large.log", "".join(LINE.format(number) for number in range(300)))
    sources = discover([tmp_path]).sources
    found = [
        ingest_sources(sources, WorkerPool(ReadContext(PROFILES, sums=sums), 1), Progress()).extracts
        for sums in (True, False)
    ]
    one, other = (digests[0].opened() for by_root in found for digests in by_root.values())
    assert isinstance(one, LogExtract)
    assert isinstance(other, LogExtract)
    assert one.sha256
    assert other == replace(one, sha256="")
