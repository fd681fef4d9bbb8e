"""The compiled loops say what numpy's and Python's say, and refuse what lies outside a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.ingest.vectorized import native
from logaudit.ingest.vectorized.buffer import SPARE
from logaudit.ingest.vectorized.chunk import Chunk
from logaudit.ingest.vectorized.line_classifier import LineClassifier
from logaudit.ingest.vectorized.line_table import OPENS
from logaudit.logformats import LogFormatSet
from logaudit.logformats.builtin import BUILT_IN

pytestmark = pytest.mark.skipif(
    native.compiled is None, reason="this installation was made without a compiler: numpy does it all"
)

DIALECTS = LogFormatSet(BUILT_IN)
BEGINNINGS = (
    "2026-01-10 10:00:00 | INFO     | bot.loop:run:1 - beat",
    "2026-01-10 10:00:00.123 | DEBUG    | bot.loop:run:1 - beat",
    "2026-01-10 10:00:00.123 | DEBUG    | bot.loop:run:12 - beat",
    "2026-01-10 10:00:00.123456 | ERROR    | bot:stop:7 - beat",
    "2026-02-29 10:00:00.123 | INFO     | bot.loop:run:1 - no such day",
    "2024-02-29 23:59:59.999 | INFO     | bot.loop:run:1 - a leap day",
    "2026-01-10 24:00:00.123 | INFO     | bot.loop:run:1 - no such hour",
    "2026-01-10 10:00:00,123 - bot - INFO - beat",
    "2026-01-10 10:00:00.123 | INFO | beat",
    "2026-01-10 10:00:00.123 | INFO",
    "2026-01-10T10:00:00Z beat",
    "[2026-01-10 10:00:00] beat",
    "0001-01-01 00:00:00.000 | INFO     | bot.loop:run:1 - the first day",
    "0000-01-01 00:00:00.000 | INFO     | bot.loop:run:1 - no such year",
    '{"time": "2026-01-10T10:00:00", "level": "INFO", "message": "beat"}',
    " 2026-01-10 10:00:00 | INFO     | bot.loop:run:1 - indented",
    "\x1b[32m2026-01-10 10:00:00 | INFO     | bot.loop:run:1 - green\x1b[0m",
    "2026-01-10 10:00",
    "\tat once",
    "прибыль",
    "\r",
    "",
)
lines = st.lists(st.sampled_from(BEGINNINGS), max_size=40)
ends = st.sampled_from(["\n", "\r\n"])
texts = st.lists(
    st.sampled_from([b"a", b"b: ", b" ", b"\n", b"0", b"17", b"\xd0\x96", b"\xff", b"\xf0\x9f\x93\x8a"]),
    max_size=300,
).map(b"".join)


@contextmanager
def by_numpy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "compiled", None)
        yield


def window(text: bytes) -> bytearray:
    return bytearray(text + bytes(SPARE))


def sorted_lines(sorter: LineClassifier, text: bytes, *, whole: bool) -> list[tuple[object, ...]]:
    """What a sorter says of each line."""
    data = window(text)
    stretch = Chunk(data, len(text), 1, 0, DIALECTS)
    stretch.lines = found = sorter.find(data, len(text), whole=whole)
    sorter.enter(found, sorter.recognise(found, data), stretch.single)
    facts = [
        sorter.heads[head] if kind == OPENS else None
        for head, kind in zip(found.heads, found.kinds, strict=True)
    ]
    says = [(fact.level, fact.log_format) if fact else () for fact in facts]
    columns = (found.starts.tolist(), found.ends.tolist(), found.kinds.tolist(), found.us.tolist(), says)
    return list(zip(*columns, strict=True))


@given(st.lists(st.tuples(lines, ends, st.booleans()), min_size=1, max_size=4))
def test_lines_are_sorted_alike_whatever_was_learned_before(stretches):
    one, other = LineClassifier(DIALECTS), LineClassifier(DIALECTS)
    for parts, end, whole in stretches:
        text = end.join(parts).encode()
        found = sorted_lines(one, text, whole=whole)
        with by_numpy():
            assert found == sorted_lines(other, text, whole=whole)


def test_what_was_learned_is_known_without_looking_again():
    """The compiled loop knows by itself what one look has settled: the property above is not about nothing."""
    sorter = LineClassifier(DIALECTS)
    text = "".join(f"{line}\n" for line in BEGINNINGS[:4] * 3).encode()
    sorted_lines(sorter, text, whole=True)
    again = sorter.find(window(text), len(text), whole=True)
    assert not len(again.unknown)
    assert again.kinds.tolist() == [OPENS] * 12


@given(texts, st.integers(0, 40), st.booleans())
def test_lines_begin_and_end_where_python_finds_them(text, cut, whole):
    text = text[: max(len(text) - cut, 0)]
    pieces = text.split(b"\n")
    if not whole or not pieces[-1]:
        pieces.pop()
    lengths = [len(piece) for piece in pieces]
    starts = [sum(lengths[:i]) + i for i in range(len(lengths))]
    found = native.sweep(window(text), len(text), (), whole=whole, blanks_may_open=False)
    assert found.starts.tolist() == starts
    assert found.ends.tolist() == [start + size for start, size in zip(starts, lengths, strict=True)]
    assert found.unknown.tolist() == [i for i, piece in enumerate(pieces) if piece[:1] not in (b"", b" ")]


def test_more_lines_than_ever_before_are_all_found():
    count = native._room[0] + 1
    found = native.sweep(window(b"x\n" * count), 2 * count, (), whole=True, blanks_may_open=True)
    assert found.starts.tolist() == list(range(0, 2 * count, 2))


def test_one_stretch_of_empty_lines_does_not_make_room_for_ever():
    count = 2 * native._MOST_ROOM
    found = native.sweep(window(b"\n" * count), count, (), whole=True, blanks_may_open=True)
    assert found.ends.tolist() == list(range(count))
    assert native._room[0] <= native._MOST_ROOM


@given(texts, st.integers(0, 40), st.integers(0, 40), st.integers(0, 50))
def test_digits_are_squeezed_and_long_parts_cut_between_characters(text, start, rest, most):
    start = min(start, len(text))
    end = max(len(text) - rest, start)
    places = np.array([start], np.int64), np.array([end], np.int64)
    characters = re.findall(rb"^[\x80-\xbf]+|[^\x80-\xbf][\x80-\xbf]*", text[start:end])
    head = b"".join(characters[: most + (characters[:1] != [] and characters[0][0] & 0xC0 == 0x80)])
    expected = [re.sub(rb"[0-9]+", b"0", head)]
    assert native.squeezed(window(text), *places, most) == expected
    with by_numpy():
        assert native.squeezed(window(text), *places, most) == expected


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (0, 10_000)])
def test_a_part_outside_the_text_is_refused(start, end):
    with pytest.raises(ValueError, match="outside"):
        native.squeezed(window(b"text"), np.array([start]), np.array([end]), 9)


def test_a_size_beyond_the_text_is_refused():
    with pytest.raises(ValueError, match="behind the text"):
        native.sweep(bytearray(10), 10, (), whole=True, blanks_may_open=True)


@pytest.mark.parametrize(
    ("layout", "reason"),
    [
        ((b"0" * 65, True, bytes(14), ()), "too long"),
        ((b"0000", True, b"\x05" * 14, ()), "outside"),
        ((b"0000", True, bytes(3), ()), "outside"),
        ((b"0" * 20, True, bytes(12) + b"\x00\x13", ()), "a number is too long"),
    ],
)
def test_a_layout_that_reaches_too_far_is_refused(layout, reason):
    with pytest.raises(ValueError, match=reason):
        native.sweep(window(b"2026\n"), 5, [layout], whole=True, blanks_may_open=True)


def test_a_table_that_is_too_small_is_refused():
    small = np.zeros(4, np.int32), np.zeros(4, np.uint64), np.zeros(4, np.int64), np.zeros(4, np.int32)
    layout = b"0000", True, bytes(14), ((b" ", -1, 1, *small),)
    with pytest.raises(ValueError, match="too small"):
        native.sweep(window(b"2026 x\n"), 7, [layout], whole=True, blanks_may_open=True)
