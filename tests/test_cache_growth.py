"""A log that grew is read from where it stopped, and gives what reading the whole of it gives."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from logaudit.core.location import SourceKind
from logaudit.ingest import tasks
from logaudit.ingest.codec import unpack_note
from logaudit.ingest.extract_log import extract_plain
from logaudit.ingest.format_choice import better_formats
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.tasks import ReadResult, ReadTask
from logaudit.ingest.vectorized import ranges
from logaudit.profiles import load_built_in
from logaudit.sources import Source, blocks, discover

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
SHARED = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(autouse=True)
def _every_size_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "FAST_FROM", 0)


@cache
def kit() -> ReadContext:
    return ReadContext((load_built_in("okx-scalper"),))


@cache
def text() -> bytes:
    """A log with closes, blocks and tracebacks."""
    logs = [
        s for s in discover([FIXTURES / "two-causes" / "logs"]).sources if "futures_main" in str(s.address)
    ]
    found = b"".join(block for source in logs for block in blocks(source))[:60_000]
    return found[: found.rindex(b"\n") + 1]


def source_of(path: Path, data: bytes) -> Source:
    path.write_bytes(data)
    (source,) = discover([path]).sources
    return source


def read(source: Source, note: bytes = b"") -> ReadResult:
    return ReadTask(source, SourceKind.LOG, "okx-scalper", note).run(kit())


def whole(source: Source) -> object:
    """All of it at once, the plain way, with the format of its own lines where no known one reads them."""
    profile, known = kit().profile("okx-scalper"), kit().log_formats("okx-scalper")
    plainly = extract_plain(source, profile, known)
    better = better_formats(plainly, source, known, None, profile)
    return plainly if better is None else extract_plain(source, profile, better)


CUTS = st.lists(st.integers(1, 60_000), min_size=2, max_size=4, unique=True).map(sorted)


@SHARED
@given(CUTS, st.sampled_from([b"", b"\xef\xbb\xbf"]), st.sampled_from([b"\n", b"\r\n"]))
@example([1, 16], b"", b"\n")  # a time that is cut within
def test_growing_in_steps_is_reading_at_once(
    tmp_path: Path, cuts: list[int], mark: bytes, end: bytes
) -> None:
    data = mark + text().replace(b"\n", end)
    note = b""
    for size in cuts:
        source = source_of(tmp_path / "bot.log", data[:size])
        reading = read(source, note)
        assert reading.extract.opened() == whole(source)
        note = reading.note


def test_only_what_is_new_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = text()
    first = read(source_of(tmp_path / "bot.log", data[:50_000]))
    done, known = unpack_note(first.note)
    assert known == (50_000, hashlib.sha256(data[:50_000]).hexdigest())
    assert 40_000 < done.stop <= 50_000
    monkeypatch.setattr(ranges, "begin", None)
    monkeypatch.setattr(tasks, "extract", None)
    source = source_of(tmp_path / "bot.log", data)
    assert read(source, first.note).extract.opened() == whole(source)


@SHARED
@given(st.integers(0, 49_999), st.integers(1, 255))
def test_a_log_that_was_rewritten_is_read_anew(tmp_path: Path, place: int, flip: int) -> None:
    data = text()
    note = read(source_of(tmp_path / "bot.log", data[:50_000])).note
    changed = bytearray(data)
    changed[place] ^= flip
    source = source_of(tmp_path / "bot.log", bytes(changed))
    assert read(source, note).extract.opened() == whole(source)


@pytest.mark.parametrize("now", [slice(0, 20_000), slice(30_000, None), slice(0, 0)])
def test_a_log_that_was_cut_or_rotated_is_read_anew(tmp_path: Path, now: slice) -> None:
    data = text()
    note = read(source_of(tmp_path / "bot.log", data[:50_000])).note
    source = source_of(tmp_path / "bot.log", data[now])
    assert read(source, note).extract.opened() == whole(source)


def test_a_log_that_turns_out_not_to_be_utf8_is_read_anew(tmp_path: Path) -> None:
    data = text()
    note = read(source_of(tmp_path / "bot.log", data[:50_000])).note
    source = source_of(
        tmp_path / "bot.log", data[:50_000] + "Позиция закрыта\n".encode("cp1251") + data[50_000:]
    )
    assert read(source, note).extract.opened() == whole(source)


@pytest.mark.parametrize("note", [b"x", b"\xc0", b"\x95\x01\x02\x03\x04\x05"])
def test_a_note_that_says_nothing_is_no_error(tmp_path: Path, note: bytes) -> None:
    source = source_of(tmp_path / "bot.log", text())
    assert read(source, note).extract.opened() == whole(source)
