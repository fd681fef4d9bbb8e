"""Every container gives back its text; a damaged one gives everything before the damage, then says so."""

import bz2
import gzip
import io
import lzma
import os
import pickle
import random
import struct
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.sources import Container, ProblemKind, SourceError, blocks, discover, prefetch
from logaudit.sources import read as read_module
from logaudit.sources import source as source_module


def _log(lines, seed=1):
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    return "".join(
        f"2025-03-04 05:06:{n % 60:02} | INFO | цена {rng.random():.12f}\n" for n in range(lines)
    ).encode()


TEXT = _log(30_000)  # about 1.6 MB: more than one block


def _tar(members, mode="w", **options):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, **options) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def _zip(members, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _read(source, **options):
    """The text, and the problem that ended it."""
    parts, problem = [], None
    try:
        for block in blocks(source, **options):
            assert 0 < len(block) <= 1 << 20
            parts.append(block)
    except SourceError as error:
        problem = error.problem
    assert problem is None or (problem.address, problem.read) == (source.address, sum(map(len, parts)))
    return b"".join(parts), problem


def _only(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    found = discover([tmp_path / name])
    assert found.problems == ()
    (source,) = found.sources
    return source


@pytest.mark.parametrize(
    ("name", "data", "container"),
    [
        ("a.log", TEXT, Container.PLAIN),
        ("a.log.gz", gzip.compress(TEXT), Container.GZ),
        ("a.log.bz2", bz2.compress(TEXT), Container.BZ2),
        ("a.log.xz", lzma.compress(TEXT), Container.XZ),
        ("a.log.lzma", lzma.compress(TEXT, lzma.FORMAT_ALONE), Container.LZMA),
        ("a.log.zip", _zip({"a.log": TEXT}), Container.ZIP),
        ("b.log.zip", _zip({"a.log": TEXT}, zipfile.ZIP_STORED), Container.ZIP),
        ("c.log.zip", _zip({"a.log": TEXT}, zipfile.ZIP_BZIP2), Container.ZIP),
        ("a.log.tar", _tar({"a.log": TEXT}), Container.TAR),
        ("a.log.tgz", _tar({"a.log": TEXT}, "w:gz"), Container.TAR_GZ),
        ("a.log.tar.bz2", _tar({"a.log": TEXT}, "w:bz2"), Container.TAR_BZ2),
        ("a.log.tar.xz", _tar({"a.log": TEXT}, "w:xz"), Container.TAR_XZ),
        ("a.tar.lzma", lzma.compress(_tar({"a.log": TEXT}), lzma.FORMAT_ALONE), Container.TAR_LZMA),
    ],
)
def test_every_container_gives_its_text_back(tmp_path, name, data, container):
    source = _only(tmp_path, name, data)
    assert source.container is container
    assert source.address.path == name
    assert _read(source) == (TEXT, None)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_streams_one_after_the_other_are_one_text(tmp_path, pack):
    """Appending to a compressed log is legal, and so is zero padding."""
    source = _only(tmp_path, "a.log.packed", pack(TEXT) + pack(b"more\n") + bytes(512))
    assert _read(source) == (TEXT + b"more\n", None)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_what_follows_compressed_data_is_not_ignored(tmp_path, pack):
    source = _only(tmp_path, "a.log.packed", pack(TEXT) + b"plain text appended\n")
    text, problem = _read(source)
    assert text == TEXT
    assert problem.kind is ProblemKind.DAMAGED


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.gz", gzip.compress(TEXT)),
        ("a.xz", lzma.compress(TEXT)),
        ("a.lzma", lzma.compress(TEXT, lzma.FORMAT_ALONE)),
        ("a.zip", _zip({"a.log": TEXT})),
        ("b.zip", _zip({"a.log": TEXT}, zipfile.ZIP_STORED)),
        ("a.tar", _tar({"a.log": TEXT})),
        ("a.tgz", _tar({"a.log": TEXT}, "w:gz")),
    ],
)
def test_a_cut_file_gives_what_it_still_holds(tmp_path, name, data):
    """Half the file holds nearly half the text, and the damage is stated once."""
    source = _only(tmp_path, name, data[: len(data) // 2])
    text, problem = _read(source)
    assert TEXT.startswith(text)
    assert len(TEXT) * 0.45 < len(text) < len(TEXT) * 0.55
    assert problem.kind is ProblemKind.DAMAGED


def test_a_corrupt_place_costs_only_what_lies_behind_it(tmp_path):
    """A deflate block of the reserved type at a known place: everything before it arrives."""
    packer = zlib.compressobj(wbits=-15)
    sound = packer.compress(TEXT) + packer.flush(zlib.Z_SYNC_FLUSH)
    head = struct.pack("<BBBBIBB", 0x1F, 0x8B, 8, 0, 0, 0, 255)
    source = _only(tmp_path, "a.log.gz", head + sound + b"\x06" + bytes(range(256)))
    text, problem = _read(source)
    assert text == TEXT
    assert problem.kind is ProblemKind.DAMAGED


def test_a_bad_checksum_is_noticed_at_the_end(tmp_path):
    raw = bytearray(_zip({"a.log": TEXT}, zipfile.ZIP_STORED))
    raw[5000] ^= 1
    text, problem = _read(_only(tmp_path, "a.zip", bytes(raw)))
    assert len(text) == len(TEXT)
    assert (problem.kind, problem.read) == (ProblemKind.DAMAGED, len(TEXT))


def test_a_file_that_vanishes_is_a_problem_not_a_crash(tmp_path):
    source = _only(tmp_path, "a.log", TEXT)
    source.file.unlink()
    text, problem = _read(source)
    assert (text, problem.kind) == (b"", ProblemKind.UNREADABLE)


def test_a_source_beyond_the_limit_gives_exactly_the_limit(tmp_path):
    source = _only(tmp_path, "a.log.gz", gzip.compress(TEXT))
    text, problem = _read(source, limit=1_000_000)
    assert text == TEXT[:1_000_000]
    assert problem.kind is ProblemKind.OVER_LIMIT


def test_a_bomb_is_stopped_by_its_ratio(tmp_path, monkeypatch):
    monkeypatch.setattr(read_module, "FREE", 1 << 20)
    source = _only(tmp_path, "a.zip", _zip({"a.log": bytes(8 << 20)}))
    text, problem = _read(source)
    assert 1 << 20 <= len(text) <= DEFAULT_LIMITS.unpacked_ratio * source.packed
    assert problem.kind is ProblemKind.OVER_LIMIT


def test_a_log_that_packs_well_is_no_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(read_module, "FREE", 1 << 20)
    text = b"".join(
        b"2025-03-04 05:%02d:%02d | INFO | heartbeat\n" % (n // 60 % 60, n % 60) for n in range(90_000)
    )
    assert _read(_only(tmp_path, "a.zip", _zip({"a.log": text}))) == (text, None)


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_members_of_one_compressed_tar_can_be_read_in_any_order(tmp_path, mode):
    members = {f"{n}.log": _log(2000, n) for n in (3, 1, 2)}
    (tmp_path / "a.tar.x").write_bytes(_tar(members, mode))
    sources = discover([tmp_path]).sources
    assert [s.address.member for s in sources] == list(members)
    for order in (sources, sources[::-1], sources[1:] + sources[:1]):
        assert [_read(s) for s in order] == [(members[s.address.member], None) for s in order]


def test_a_reader_that_stops_early_does_not_disturb_the_next(tmp_path):
    members = {"a.log": TEXT, "b.log": _log(500, 2)}
    (tmp_path / "a.tgz").write_bytes(_tar(members, "w:gz"))
    first, second = discover([tmp_path]).sources
    half = blocks(first)
    next(half)
    assert _read(second) == (members["b.log"], None)
    half.close()
    assert _read(first) == (TEXT, None)


def test_members_of_a_compressed_tar_are_unpacked_once_when_read_in_order(tmp_path, monkeypatch):
    """Fifty members: starting anew for each would unpack the archive twenty-five times over."""
    (tmp_path / "a.tgz").write_bytes(_tar({f"{n}.log": _log(200, n) for n in range(50)}, "w:gz"))
    sources = discover([tmp_path]).sources
    opened = []
    tape = read_module.acquire.__globals__
    original = tape["open_forward_stream"]
    monkeypatch.setitem(tape, "open_forward_stream", lambda *args: opened.append(args) or original(*args))
    for source in sources:
        assert _read(source)[1] is None
    assert len(opened) == 1


def test_an_error_survives_the_way_back_from_a_worker(tmp_path):
    source = _only(tmp_path, "a.log.gz", gzip.compress(TEXT)[:-9])
    with pytest.raises(SourceError) as caught:
        list(blocks(source))
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - its own bytes
    assert again.problem == caught.value.problem


_ARCHIVES = [
    ("a.zip", _zip({"a.log": _log(300), "b/c.log": _log(100, 2)})),
    ("a.zip", _zip({"a.log": _log(300)}, zipfile.ZIP_STORED)),
    ("a.tgz", _tar({"a.log": _log(300), "b/c.log": _log(100, 2)}, "w:gz")),
    ("a.tar", _tar({"a.log": _log(30), "b" * 120: _log(10, 2)}, format=tarfile.PAX_FORMAT)),
    ("a.tar", _tar({"a.log": _log(30), "b" * 120: _log(10, 2)}, format=tarfile.GNU_FORMAT)),
    ("a.bz2", bz2.compress(_log(300))),
    ("a.xz", lzma.compress(_log(300))),
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    st.sampled_from(_ARCHIVES),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=8),
    st.integers(0, 1 << 20),
)
def test_no_damage_crashes_discovery_or_reading(tmp_path, archive, changes, length):
    name, data = archive
    raw = bytearray(data)
    for place, byte in changes:
        raw[place % len(raw)] = byte
    path = tmp_path / f"{os.urandom(4).hex()}.{name}"
    path.write_bytes(raw[: length % len(raw) + 1 if length % 2 else len(raw)])
    found = discover([path])
    for source in found.sources:
        _read(source)


@pytest.mark.parametrize("told", [True, False])
def test_what_is_expected_reads_as_before_and_what_is_gone_does_no_harm(tmp_path, monkeypatch, told):
    if not told:
        monkeypatch.delattr(os, "posix_fadvise", raising=False)
    with zipfile.ZipFile(tmp_path / "bot.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bot.log", TEXT)
    (source,) = discover([tmp_path]).sources
    prefetch(source)
    assert b"".join(blocks(source)) == TEXT
    source.file.unlink()
    prefetch(source)


def test_a_bomb_of_lines_is_stopped_and_logs_are_not(tmp_path, monkeypatch):
    """The same line again and again takes less than a byte each time; one with a time and a number takes several."""
    monkeypatch.setattr(source_module, "_LARGE", 1_000)
    line = "2026-01-10 {:02}:{:02}:{:02}.{:03} | INFO     | bot.loop:run:1 - tick of {}\n"
    times = ((i // 3600, i // 60 % 60, i % 60, i * 7919 % 1000, i * i) for i in range(60_000))
    usual = "".join(line.format(*told) for told in times).encode()
    for text, stopped in ((b"a\n" * 70_000, True), (usual[:64] * 70_000, True), (usual, False)):
        path = tmp_path / "a.log.gz"
        path.write_bytes(gzip.compress(text))
        (source,) = discover([path], limits=Limits(packed_lines=50_000)).sources
        if not stopped:
            assert b"".join(blocks(source)) == text
            continue
        with pytest.raises(SourceError) as caught:
            for _ in blocks(source):
                pass
        assert caught.value.problem.kind is ProblemKind.OVER_LIMIT
        assert "more than 50,000 lines" in str(caught.value.problem.detail)
        # Of lines of a usual length the first 16 bytes for each of them are passed over uncounted.
        assert caught.value.problem.read <= 62_500 * len(text) // 70_000
