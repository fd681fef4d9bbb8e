"""The compiled loops say what numpy's say, and refuse what lies outside a text."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.digest import native
from logaudit.digest.headtable import WIDTH, HeadTable, Texts
from logaudit.digest.window import SPARE

pytestmark = pytest.mark.skipif(
    native.compiled is None, reason="this installation was made without a compiler: numpy does it all"
)

texts = st.lists(
    st.sampled_from([b"a", b"b: ", b" ", b"\n", b"\r\n", b"1", b"\xd0\x96", b"-"]), max_size=300
).map(b"".join)


def window(text: bytes) -> bytearray:
    return bytearray(text + bytes(SPARE))


def starts_of(text: bytes) -> np.ndarray:
    return np.array([0, *(i + 1 for i, c in enumerate(text) if c == ord("\n"))], np.int64)


def by_numpy(name: str, *args):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "compiled", None)
        return getattr(native, name)(*args)


@given(texts, st.integers(0, 40))
def test_line_feeds_stand_where_python_finds_them(text, cut):
    size = max(len(text) - cut, 0)
    expected = [i for i, c in enumerate(text[:size]) if c == ord("\n")]
    assert native.newlines(window(text), size).tolist() == expected
    assert by_numpy("newlines", window(text), size).tolist() == expected


def test_more_line_feeds_than_ever_before_are_all_found():
    text = b"\n" * (len(native._room[0]) + 1)
    assert native.newlines(window(text), len(text)).tolist() == list(range(len(text)))


@given(texts, st.integers(1, 30))
def test_lines_change_where_their_beginnings_differ(text, size):
    data, starts = window(text), starts_of(text)
    padded = bytes(data)
    heads = [padded[s : s + size] for s in starts]
    expected = [True, *(a != b for a, b in pairwise(heads))]
    assert native.changes(data, starts, size).tolist() == expected
    assert by_numpy("changes", data, starts, size).tolist() == expected


@given(texts, st.integers(1, 4))
def test_beginnings_mean_what_was_learned_of_them(text, gap):
    """Every other beginning is learned; each line is then known by exactly what was learned."""
    data, starts = window(text), starts_of(text)
    lengths = np.append(starts[1:] - 1, len(text)) - starts
    seen = Texts.up_to_space(data, starts, lengths, WIDTH, gap)
    heads = [text[s : s + n] for s, n in zip(starts.tolist(), seen.sizes.tolist(), strict=True)]
    table, learned = HeadTable(), {b"": -1}
    for i in range(0, len(heads), 2):
        if heads[i] not in learned:
            learned[heads[i]] = i
            table.add(heads[i], seen.tails[i], seen.keys[i], i)
    if table.longest:
        expected = [learned.get(head, -1) for head in heads]
        assert native.meanings(table, data, starts, lengths, gap).tolist() == expected
        assert by_numpy("meanings", table, data, starts, lengths, gap).tolist() == expected


@pytest.mark.parametrize("start", [-1, 10_000])
def test_a_line_outside_the_text_is_refused(start):
    data, starts = window(b"one line\n"), np.array([start], np.int64)
    with pytest.raises(ValueError, match="outside"):
        native.changes(data, starts, 8)
    table = HeadTable()
    table.add(b"one ", np.uint64(1), np.uint64(1), 0)
    with pytest.raises(ValueError, match="outside"):
        native.meanings(table, data, starts, np.array([8], np.int64), 1)


def test_a_size_beyond_the_text_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        native.newlines(bytearray(10), 11)
