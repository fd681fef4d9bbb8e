"""A frame proves its payload whole and in its place."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from logaudit.cache.frames import DamagedError, frame, unframe

PAYLOADS = st.lists(st.binary(max_size=40), min_size=1, max_size=4)


def _read(key: str, data: bytes) -> list[bytes]:
    return [bytes(payload) for payload in unframe(key, data)]


@given(PAYLOADS)
def test_frames_one_after_another_are_read(payloads: list[bytes]) -> None:
    assert _read("k", b"".join(frame("k", payload) for payload in payloads)) == payloads


@given(PAYLOADS, st.binary(min_size=1, max_size=40))
def test_bytes_around_them_are_damage(payloads: list[bytes], more: bytes) -> None:
    data = b"".join(frame("k", payload) for payload in payloads)
    for found in (more + data, data + more):
        with pytest.raises(DamagedError):
            _read("k", found)


@given(PAYLOADS, st.data())
def test_a_changed_byte_is_damage(payloads: list[bytes], data: st.DataObject) -> None:
    whole = bytearray(b"".join(frame("k", payload) for payload in payloads))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(DamagedError):
        _read("k", bytes(whole))


@given(st.binary(max_size=40), st.data())
def test_what_is_cut_off_is_damaged(payload: bytes, data: st.DataObject) -> None:
    whole = frame("k", payload)
    with pytest.raises(DamagedError):
        _read("k", whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(st.binary(max_size=200))
def test_foreign_bytes_are_damaged(data: bytes) -> None:
    assume(data)
    with pytest.raises(DamagedError):
        _read("k", data)


def test_an_entry_under_another_key_is_damaged() -> None:
    with pytest.raises(DamagedError):
        _read("other", frame("k", b"x"))
