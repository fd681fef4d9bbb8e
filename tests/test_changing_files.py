"""Files that change while they are read, or were emptied under their writer: said, and what was read is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from program import run
from world import Deal, World

from logaudit.ingest.extract_log import extract_plain, extract_vectorized
from logaudit.ingest.source_extract import LogExtract
from logaudit.ingest.vectorized.ranges import begin, resume
from logaudit.logformats import LogFormatSet
from logaudit.logformats.builtin import BUILT_IN
from logaudit.profiles import load_built_in
from logaudit.sources import ProblemKind, Source, discover

PROFILE = load_built_in("generic")
FORMATS = LogFormatSet(BUILT_IN)
LINE = "2026-01-10 10:00:{:02} | INFO     | bot.loop:run:1 - tick\n"
TEXT = "".join(LINE.format(i) for i in range(50)).encode()


def every_way(source: Source) -> list[LogExtract]:
    start = begin(source, PROFILE, FORMATS)
    assert start is not None
    grown = resume(source, *start, PROFILE, FORMATS)
    fast = extract_vectorized(source, PROFILE, FORMATS)
    assert grown is not None
    assert fast is not None
    return [extract_plain(source, PROFILE, FORMATS), fast, grown[0]]


def found(folder: Path, data: bytes) -> Source:
    path = folder / "bot.log"
    path.write_bytes(data)
    (source,) = discover([path]).sources
    return source


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (len(TEXT) + 1_000_000, "it was cut from 1.0 MB to 2.8 kB while it was read"),
        (len(TEXT) - 1_000, "it grew from 1.8 kB to 2.8 kB while it was read"),
        (len(TEXT), ""),
    ],
)
def test_a_log_that_changes_its_size_is_said(before: int, said: str, tmp_path: Path) -> None:
    assert len(TEXT) == 50 * len(LINE.format(10))
    source = replace(found(tmp_path, TEXT), size=before)
    for read in every_way(source):
        assert read.records == 50
        assert ("" if read.problem is None else str(read.problem.detail)) == said


def test_nuls_in_the_place_of_text_are_said(tmp_path: Path) -> None:
    for hole, holes in ((bytes(5_000), True), (bytes(8), False)):
        for read in every_way(found(tmp_path, TEXT + hole + TEXT)):
            assert (read.problem is not None and "NUL" in str(read.problem.detail)) == holes
            assert read.records == 100


@pytest.mark.parametrize("size", [1, 5, 40, 70, 5_000])
def test_nothing_is_made_of_what_stands_on_both_sides_of_a_hole(size: int, tmp_path: Path) -> None:
    head = TEXT + b"2026-01-10 10:01:00 | INFO     | bot.loop:run:1 - Position closed: BTC-USDT long"
    tail = b" entry=100.5 exit=102.5 pnl=+1.25\n  exit=102.5 pnl=+1.25\n"
    for read in every_way(found(tmp_path, head + bytes(size) + tail + TEXT)):
        assert (read.records, len(read.matches)) == (100, 0)
        assert read.problem is not None
        assert read.problem.kind is ProblemKind.DAMAGED


@pytest.mark.parametrize("size", [1, 5, 70])
def test_a_record_that_begins_behind_a_hole_is_one(size: int, tmp_path: Path) -> None:
    whole = b"2026-01-10 10:01:00 | INFO     | bot.loop:run:1 - Position closed: BTC-USDT long pnl=+1.25\n"
    for read in every_way(found(tmp_path, TEXT + whole[:60] + bytes(size) + whole + TEXT)):
        assert (read.records, len(read.matches)) == (101, 1)
        assert read.problem is not None
        assert read.problem.kind is ProblemKind.DAMAGED


def test_nuls_around_a_line_and_letters_of_two_bytes_are_no_holes(tmp_path: Path) -> None:
    line = LINE.format(59)
    for odd in (f"\0{line}", f"{line[:-1]}\0\0\n", "".join(f"{c}\0" for c in line[:-1]) + "\n"):
        for read in every_way(found(tmp_path, TEXT + odd.encode() + TEXT)):
            assert (read.records, read.problem) == (101, None)


def test_a_log_that_was_emptied_under_its_writer_lacks_nothing(tmp_path: Path) -> None:
    for hole, kind in ((b"", ProblemKind.UNREADABLE), (bytes(70), ProblemKind.DAMAGED)):
        for read in every_way(found(tmp_path, bytes(5_000) + TEXT + hole + TEXT)):
            assert read.problem is not None
            assert read.problem.kind is kind
            assert "NUL bytes stand" in str(read.problem.detail)
    world = World(tmp_path / "logs", end="13:00:00")
    world.kept(Deal("11:00:00"), Deal("11:20:00"))
    world.save()
    log = tmp_path / "logs" / world.log
    for emptied, code in ((bytes(4_096) + log.read_bytes(), 0), (log.read_bytes() + bytes(4_096), 3)):
        log.write_bytes(emptied)
        done = run(tmp_path, "scan", "logs", "-q", "--no-cache")
        assert done.returncode == code
        assert "LA401" in done.stdout
