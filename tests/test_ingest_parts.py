"""A log read in parts, wherever they are cut, gives the digest of the log read as one."""

from __future__ import annotations

import codecs
from functools import partial
from itertools import pairwise
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_ingest_ways import CORPUS, FIXTURES, lines_of, way

from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.ingest.codec import pack_part, unpack_part
from logaudit.ingest.concat import LogPart, join, joined
from logaudit.ingest.extract_log import extract_plain, extract_vectorized
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.source_extract import LogExtract
from logaudit.ingest.tasks import HashTask
from logaudit.ingest.vectorized import ranges
from logaudit.ingest.vectorized.reader import STRETCH, FastReader
from logaudit.profiles import BUILT_IN
from logaudit.sources import Container, Source, discover

SHARED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = st.sampled_from(BUILT_IN)
CLOSE = [
    "2026-01-10 10:00:30.500 | INFO     | bot.loop:run:1 - ПОЗИЦИЯ ЗАКРЫТА: BTC-USDT SHORT",
    "   Entry price: $91480.000000",
    "   Net PnL: $+1.9434 USDT",
]
#: Closes with everything around them, a pace of many records a second, steps back and long silences.
BUSY = [
    line
    for i in range(900)
    for line in (
        f"2026-01-10 10:{i // 300:02}:{i // 5 % 60:02}.{i % 5:03} | INFO     | bot.loop:run:{i % 7} - tick {i}",
        *(["   and more of it"] * (i % 4)),
        *(["2026-01-10 09:00:00.000 | WARNING  | bot.loop:run:1 - back"] if i % 131 == 7 else []),
        *(CLOSE if i % 97 == 50 else []),
    )
]


def source_of(path: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Source:
    path.write_bytes(data)
    (source,) = discover([path], limits=limits).sources
    return source


def read_in_parts(source: Source, name: str, size: int) -> list[LogPart] | None:
    """The parts of about so many bytes; None where the log must be read as one."""
    profile, dialects = way(name)
    cuts = ranges.cut(source, dialects, size)
    if cuts is None:
        return None
    assert (cuts[0].start, cuts[-1].stop) == (cuts[0].base, source.size)
    assert all(one.stop == other.start for one, other in pairwise(cuts))
    parts = [ranges.read_range(part, profile, dialects) for part in cuts]
    found = [part for part in parts if part is not None]
    return found if len(found) == len(cuts) else None


def in_parts(source: Source, name: str, size: int) -> LogExtract | None:
    parts = read_in_parts(source, name, size)
    if parts is None:
        return None
    sha256 = HashTask(source, source.size).run(ReadContext(()))
    assert sha256
    marked = source.file.read_bytes().startswith(codecs.BOM_UTF8)
    return join(parts, sha256, "utf-8-sig" if marked else "utf-8")


def compare(source: Source, name: str, size: int) -> bool:
    """Whether reading in parts was possible; fails when it says something else than reading as one."""
    found = in_parts(source, name, size)
    if found is not None:
        assert found == extract_plain(source, *way(name))
        fast = extract_vectorized(source, *way(name))
        assert fast is None or found == fast
    return found is not None


@SHARED
@given(
    rows=lines_of,
    times=st.integers(1, 9),
    newline=st.sampled_from(["\n", "\r\n"]),
    last=st.sampled_from(["", "\n"]),
    mark=st.sampled_from([b"", codecs.BOM_UTF8]),
    noise=st.sampled_from([b"", b"", b"", b"\xff\xfe", "Позиция".encode("cp1251"), "Позиция".encode()]),
    count=st.integers(2, 9),
    stretch=st.sampled_from([200, 1_000, STRETCH]),
    name=NAMES,
)
def test_any_log_cut_anywhere_reads_as_one(
    tmp_path: Path,
    rows: list[tuple[str, str]],
    times: int,
    newline: str,
    last: str,
    mark: bytes,
    noise: bytes,
    count: int,
    stretch: int,
    name: str,
) -> None:
    lines = [head + message for head, message in rows] * times
    text = newline.join(lines).encode() + last.encode()
    middle = len(text) * 2 // 3
    source = source_of(tmp_path / "bot.log", mark + text[:middle] + noise + text[middle:])
    with mock.patch.object(ranges, "FastReader", partial(FastReader, chunk=stretch)):
        compare(source, name, max(source.size // count, 1))


@pytest.mark.parametrize("most", [1, 2, 3])
def test_in_every_part_a_record_keeps_as_many_lines(tmp_path: Path, most: int) -> None:
    """Of each four records one has three further lines, one two, and one a single one; each close has two."""
    limits = Limits(record_lines=most)
    source = source_of(tmp_path / "bot.log", "\n".join([*BUSY, ""]).encode(), limits)
    for size in (source.size // 2, 5_000, 1_999):
        assert compare(source, "generic", size)
    more = [*(i % 4 for i in range(900)), *(2 for i in range(900) if i % 97 == 50)]
    lost = sum(max(count - most, 0) for count in more)
    assert extract_plain(source, *way("generic")).unparsed == lost


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("name", BUILT_IN)
def test_what_surrounds_a_close_reaches_across_every_border(tmp_path: Path, name: str, newline: str) -> None:
    source = source_of(tmp_path / "bot.log", newline.join(["cut off", *BUSY, ""]).encode())
    whole = extract_plain(source, *way(name))
    assert whole.jumps
    assert whole.leading_lines == 1
    for size in (source.size // 2, source.size // 3, 5_000, 1_999):
        assert compare(source, name, size)


def test_such_closes_have_surroundings_on_both_sides(tmp_path: Path) -> None:
    source = source_of(tmp_path / "bot.log", "\n".join(BUSY).encode())
    whole = extract_plain(source, *way("okx-scalper"))
    assert len(whole.contexts) == 9
    assert any(len(context.before) > 20 for context in whole.contexts)


@SHARED
@given(st.integers(1, 8), st.integers(2, 9))
def test_parts_may_be_joined_in_any_order_of_steps(tmp_path: Path, split: int, count: int) -> None:
    source = source_of(tmp_path / "bot.log", "\n".join(BUSY[: 40 * count]).encode())
    parts = read_in_parts(source, "okx-scalper", source.size // count)
    assert parts is not None
    split = min(split, len(parts) - 1)
    halves = [joined(parts[:split], "x"), joined(parts[split:], "y")]
    assert join(halves, "hash", "utf-8") == join(parts, "hash", "utf-8")
    assert [unpack_part(pack_part(part)) for part in parts] == parts


@SHARED
@given(st.binary(max_size=4_000), st.integers(0, 9_000), st.integers(0, 9_000), st.data())
def test_a_file_that_changes_after_it_was_cut_is_no_error(
    tmp_path: Path, junk: bytes, start: int, length: int, data: st.DataObject
) -> None:
    text = "\n".join(BUSY[:200]).encode()
    source = source_of(tmp_path / "bot.log", text)
    profile, dialects = way("okx-scalper")
    cuts = ranges.cut(source, dialects, source.size // 5)
    assert cuts is not None
    source.file.write_bytes(text[:start] + junk + text[start + length :])
    part = data.draw(st.sampled_from(cuts))
    found = ranges.read_range(part, profile, dialects)
    assert found is None or found.extract.lines >= 0


def test_a_shorter_file_has_no_hash_and_a_longer_one_that_of_what_was_listed(tmp_path: Path) -> None:
    # It ends just behind a close, where more of its surroundings may follow.
    text = "\n".join([*BUSY, *CLOSE, ""]).encode()
    source = source_of(tmp_path / "bot.log", text)
    before = in_parts(source, "okx-scalper", 5_000)
    source.file.write_bytes(text + b"2026-01-10 10:00:31.000 | INFO     | bot.loop:run:1 - later\n" * 5)
    assert in_parts(source, "okx-scalper", 5_000) == before
    source.file.write_bytes(text[:-1])
    assert HashTask(source, source.size).run(ReadContext(())) is None
    assert HashTask(source, source.size, hashed=False).run(ReadContext(())) is None
    assert HashTask(source, source.size - 1, hashed=False).run(ReadContext(())) == ""


def test_what_is_not_a_plain_utf8_text_or_too_short_is_read_as_one(tmp_path: Path) -> None:
    text = "\n".join(BUSY)
    _, dialects = way("okx-scalper")
    for data in (text.encode("utf-16"), text.encode("cp1251"), b"\x00\x01\xff" * 5_000):
        assert ranges.cut(source_of(tmp_path / "bot.log", data), dialects, 1_000) is None
    short = source_of(tmp_path / "bot.log", text.encode())
    assert ranges.cut(short, dialects, short.size // 2 + 1) is None
    (packed,) = discover(sorted(FIXTURES.glob("*/logs/*.zip"))[:1]).sources
    assert packed.container is not Container.PLAIN
    assert ranges.cut(packed, dialects, 100) is None


def test_a_code_page_that_shows_late_is_noticed(tmp_path: Path) -> None:
    # Nothing before the first part's end is above ASCII, but for the last byte that is looked at.
    line = b"2026-01-10 10:00:00.000 | INFO     | bot.loop:run:1 - tick\n"
    for shift in (0, 1, 40):
        text = line * ((1 << 20) // len(line) + 1)
        cyrillic = ("Позиция закрыта, " * 9 + "\n").encode("cp1251")
        source = source_of(tmp_path / "bot.log", text[: (1 << 20) - 1 + shift] + cyrillic + line * 20_000)
        assert extract_plain(source, *way("okx-scalper")).encoding == "cp1251"
        assert in_parts(source, "okx-scalper", 1 << 19) is None


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS, reason="LOGAUDIT_CORPUS names no folder of real sessions")
def test_real_logs_in_a_row_read_as_one(tmp_path: Path) -> None:
    sources = [s for s in discover([CORPUS]).sources if s.address.member.endswith(".log")][::15]
    assert len(sources) > 3
    from logaudit.sources import blocks  # noqa: PLC0415 - only here

    source = source_of(tmp_path / "bot.log", b"".join(block for s in sources for block in blocks(s)))
    assert compare(source, "okx-scalper", source.size // 7)
