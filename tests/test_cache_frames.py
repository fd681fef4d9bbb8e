"""A frame proves its payload whole and in its place."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from logaudit.cache.frames import DamagedError, frame, unframe
from logaudit.cache.table import ExtractRow, table

PAYLOADS = st.lists(st.binary(max_size=40), min_size=1, max_size=4)


def _read(key: str, data: bytes) -> list[bytes]:
    return [bytes(payload) for payload in unframe(key, data)]


@given(PAYLOADS)
def test_frames_are_found_in_whatever_surrounds_them(payloads: list[bytes]) -> None:
    data = b"before" + b"".join(frame("k", payload) for payload in payloads) + b"behind"
    assert _read("k", data) == payloads


@given(PAYLOADS, st.data())
def test_a_changed_byte_never_gives_another_payload(payloads: list[bytes], data: st.DataObject) -> None:
    whole = bytearray(b"".join(frame("k", payload) for payload in payloads))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    try:
        found = _read("k", bytes(whole))
    except DamagedError:
        return
    # A mark that is no mark any more hides its frame.
    assert len(found) < len(payloads)
    assert all(payload in payloads for payload in found)


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


@given(PAYLOADS)
def test_an_arrow_table_is_read_without_arrow_and_by_arrow(payloads: list[bytes]) -> None:
    import pyarrow as pa  # noqa: PLC0415 - only here

    data = table("k", [ExtractRow(f"s{i}", "log", payload) for i, payload in enumerate(payloads)])
    assert _read("k", data) == payloads
    rows = pa.ipc.open_file(pa.BufferReader(data)).read_all().to_pylist()
    assert [row["source"] for row in rows] == [f"s{i}" for i in range(len(payloads))]
    assert [row["digest"] for row in rows] == [frame("k", payload) for payload in payloads]
