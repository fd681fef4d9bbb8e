"""The container of bundles: any other byte is found, and other programs can read it."""

from __future__ import annotations

import io
import json
import zipfile
import zlib

import pytest

from logaudit.audit.bundle import container
from logaudit.audit.bundle.container import MANIFEST, read_container, write_container
from logaudit.core.errors import UserError

MEMBERS = {"a.json": b"[1, 1, 1, 1, 1, 1, 1, 1]\n", "deep/b.md": "ч".encode() * 9, "empty": b""}


def faults(data: bytes) -> list[str]:
    return [str(fault) for fault in read_container(data).faults]


def test_what_was_written_is_read() -> None:
    data = write_container(MEMBERS)
    assert faults(data) == []
    assert read_container(data).members == MEMBERS


def test_every_changed_byte_is_found() -> None:
    """Each bit of each byte: headers, directory, manifest, packed data."""
    data = write_container(MEMBERS)
    for at in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[at] ^= 1 << bit
            assert faults(bytes(changed)), (at, bit)


def test_bytes_too_few_or_too_many_are_found() -> None:
    data = write_container(MEMBERS)
    assert all(faults(data[:size]) for size in range(len(data)))
    assert all(faults(data[:at] + b"\0" + data[at:]) for at in range(len(data) + 1))


def test_the_same_text_packed_otherwise_is_found() -> None:
    """Unpacked it has the stated hash; only its packed bytes tell."""
    data = write_container(MEMBERS)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        again = io.BytesIO()
        with zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as other:
            for info in archive.infolist():
                other.writestr(info, archive.read(info))
    assert read_container(again.getvalue()).members.keys() <= MEMBERS.keys()
    assert faults(again.getvalue())


def test_a_changed_member_is_named() -> None:
    data = write_container(MEMBERS)
    other = write_container({**MEMBERS, "deep/b.md": b"another text"})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = archive.read(MANIFEST)
    start = other.index(b"{")
    size = int.from_bytes(other[18:22], "little")
    forged = other[:start] + manifest + other[start + size :]
    if len(manifest) == size:
        assert faults(forged) == ["deep/b.md is not what the manifest states."]
    assert faults(forged)


def test_any_zip_program_can_read_it() -> None:
    with zipfile.ZipFile(io.BytesIO(write_container(MEMBERS))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [MANIFEST, *MEMBERS]
        assert all(archive.read(name) == data for name, data in MEMBERS.items())
        stated = json.loads(archive.read(MANIFEST))["members"]
    assert {name: entry["bytes"] for name, entry in stated.items()} == {
        name: len(data) for name, data in MEMBERS.items()
    }


def test_a_member_that_unpacks_to_more_than_it_states_is_not_unpacked() -> None:
    data = write_container({"bomb": bytes(5_000_000)})
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(bytes(5_000_000)) + packed.flush()
    at = data.index(body) - len("bomb") - 8
    assert int.from_bytes(data[at : at + 4], "little") == 5_000_000
    lying = data[:at] + (4).to_bytes(4, "little") + data[at + 4 :]
    assert "bomb cannot be unpacked." in faults(lying)


def test_more_than_a_bundle_may_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_container(MEMBERS)
    monkeypatch.setattr(container, "LIMIT", 30)
    with pytest.raises(UserError):
        write_container(MEMBERS)
    assert "deep/b.md cannot be unpacked." in faults(data)


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), bytes(3_000)])
def test_what_is_no_bundle_is_a_fault_and_no_error(data: bytes) -> None:
    assert faults(data)
