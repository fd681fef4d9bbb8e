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
    data, starts = window(text), starts_of(text)
    lengths = np.append(starts[1:] - 1, len(text)) - starts
    learned = Texts.up_to_space(data, starts, lengths, WIDTH, gap)
    table, expected = HeadTable(), []
    for i, size in enumerate(learned.sizes.tolist()):
        head = text[starts[i] : starts[i] + size]
        known = head in (
            text[s : s + n] for s, n in zip(starts[:i], learned.sizes[:i].tolist(), strict=True) if n
        )
        if size and i % 2 == 0 and not known:
            table.add(head, learned.tails[i], learned.keys[i], i)
    found = by_numpy("meanings", table, data, starts, lengths, gap).tolist() if table.longest else []
    if table.longest:
        assert native.meanings(table, data, starts, lengths, gap).tolist() == found
        for i, meaning in enumerate(found):
            size = learned.sizes[i]
            if meaning >= 0:
                expected.append(i)
                assert text[starts[i] : starts[i] + size] == text[starts[meaning] : starts[meaning] + size]
            elif size:
                head = text[starts[i] : starts[i] + size]
                others = (text[starts[j] : starts[j] + learned.sizes[j]] for j in range(0, i + 1, 2))
                assert head not in others or table.full


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
