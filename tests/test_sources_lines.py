"""Blocks become lines with offsets, wherever the blocks were cut; terminal noise is removed."""

import itertools
from types import SimpleNamespace
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.ingest import byte_stream
from logaudit.ingest.byte_stream import HashingByteStream
from logaudit.sources import LONGEST, clean, line_chunks, lines


def _cut(data, places):
    edges = [0, *sorted(min(p, len(data)) for p in places), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", []),
        (b"a\nb\n", [(0, b"a"), (2, b"b")]),
        (b"a\r\nb\r\n", [(0, b"a"), (3, b"b")]),
        (b"a\n\nb", [(0, b"a"), (2, b""), (3, b"b")]),
        (b"a\rb\nc", [(0, b"a\rb"), (4, b"c")]),
        (b"a\r\r\nb", [(0, b"a"), (4, b"b")]),
        (b"a\nb\r\nc\r", [(0, b"a"), (2, b"b"), (5, b"c")]),
    ],
)
def test_line_ends(text, expected):
    assert list(lines([text])) == expected


@given(
    st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r\n", b"\r", b"\xd0\x96"]), max_size=30).map(b"".join),
    st.lists(st.integers(0, 60), max_size=6),
)
def test_where_blocks_are_cut_does_not_matter(text, places):
    assert list(lines(_cut(text, places))) == list(lines([text]))


@given(st.lists(st.binary(max_size=20).filter(lambda b: b"\n" not in b and not b.endswith(b"\r"))))
def test_lines_and_offsets_give_the_text_back(parts):
    text = b"".join(part + b"\n" for part in parts)
    found = list(lines([text]))
    assert [line for _, line in found] == parts
    assert all(text[offset : offset + len(line)] == line for offset, line in found)


@given(
    st.lists(st.sampled_from([b"a", b"bcdef", b"\n", b"\r\n"]), max_size=30).map(b"".join),
    st.lists(st.integers(0, 60), max_size=6),
    st.integers(1, 20),
)
def test_stretches_are_whole_lines_and_the_text(text, places, size):
    found = list(line_chunks(_cut(text, places), size))
    assert b"".join(stretch for _, stretch in found) == text
    assert [at for at, _ in found] == [sum(len(s) for _, s in found[:n]) for n in range(len(found))]
    assert all(stretch for _, stretch in found)
    assert all(stretch.endswith(b"\n") for _, stretch in found[:-1])
    assert all(len(stretch) - stretch.index(b"\n") - 1 <= size for _, stretch in found[:-1])


def test_a_line_of_50_mb_in_many_blocks_is_one_line():
    """In 4 KiB blocks; joining anew at each block would copy 300 GB. What is kept of it has a limit."""
    block = b"x" * 4096
    found = list(lines([block] * 12_800 + [b"\nnext"]))
    assert [(offset, len(line)) for offset, line in found] == [(0, LONGEST), (52_428_801, 4)]


@pytest.mark.parametrize(
    ("line", "cleaned"),
    [
        (b"\x1b[32m2025-01-01\x1b[0m | \x1b[1;31mERROR\x1b[0m", b"2025-01-01 | ERROR"),
        (b"\x1b]0;title\x07text", b"text"),
        (b"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", b"link"),
        (b"\x00\x00a\x00b", b"ab"),
        (b"\xef\xbb\xbfstart", b"start"),
        (b"\x1b(Bplain", b"plain"),
    ],
)
def test_noise_is_removed(line, cleaned):
    assert clean(line) == cleaned


@pytest.mark.parametrize("line", [b"[32m not an escape", "знак \ufeff внутри".encode(), b"tab\there"])
def test_ordinary_text_is_left_alone(line):
    assert clean(line) == line


def test_an_unfinished_sequence_does_not_swallow_the_text_behind_it():
    assert clean(b"\x1b]0;position closed") == b"]0;position closed"
    assert clean(b"\x1b[") == b"["


@given(
    st.lists(st.sampled_from([b"a", b"bc", b"\r\n", b"\n", b"\r", b"a" * 200, b"\n" * 40]), max_size=30).map(
        b"".join
    ),
    st.lists(st.integers(0, 400), max_size=6),
)
def test_line_ends_are_counted_wherever_the_blocks_were_cut(text, places):
    tap = HashingByteStream(SimpleNamespace(container=None))
    with mock.patch.object(byte_stream, "blocks", return_value=[b for b in _cut(text, places) if b]):
        assert b"".join(tap) == text
    assert (tap.feeds, tap.crlf) == (text.count(b"\n"), text.count(b"\r\n"))
