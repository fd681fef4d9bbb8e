"""Archives are listed from what they still hold, and every member is accounted for."""

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from contextlib import suppress

import pytest

from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.sources import Container, ProblemKind, SourceError, blocks, discover

TEXT = b"".join(b"2025-03-04 05:06:07 | INFO | line %d\n" % n for n in range(3000))


def _discover(tmp_path, name, data, limits=DEFAULT_LIMITS):
    (tmp_path / name).write_bytes(data)
    return discover([tmp_path / name], limits=limits)


def _zip(members, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, **options)
    return buffer.getvalue()


def _text(source):
    return b"".join(blocks(source))


def _problems(found):
    return [(str(problem.address), problem.kind) for problem in found.problems]


def test_members_follow_each_other_as_in_the_archive_and_folders_are_none(tmp_path):
    found = _discover(tmp_path, "a.zip", _zip([("z.log", TEXT), ("sub/", b""), ("sub/a.log", b"x\n")]))
    assert [str(s.address) for s in found.sources] == ["a.zip!z.log", "a.zip!sub/a.log"]
    assert [s.size for s in found.sources] == [len(TEXT), 2]
    assert (found.archives, found.problems, found.skipped) == (1, (), ())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/cron.log", "etc/cron.log"),
        ("/abs/a.log", "abs/a.log"),
        ("logs\\win\\a.log", "logs/win/a.log"),
        ("./a//b.log", "a/b.log"),
        ("..", "unnamed"),
        ("журнал.log", "журнал.log"),
    ],
)
def test_member_names_become_relative_labels(tmp_path, name, shown):
    (source,) = _discover(tmp_path, "a.zip", _zip([(name, TEXT)])).sources
    assert source.address.member == shown
    assert _text(source) == TEXT


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_equal_name_are_told_apart(tmp_path):
    found = _discover(tmp_path, "a.zip", _zip([("a.log", b"1\n"), ("a.log", b"2\n"), ("./a.log", b"3\n")]))
    assert [s.address.member for s in found.sources] == ["a.log", "a (2).log", "a (3).log"]
    assert [_text(s) for s in found.sources] == [b"1\n", b"2\n", b"3\n"]


def test_a_name_in_a_russian_code_page_is_read(tmp_path):
    """An old archiver writes the system's code page and no flag."""
    raw = _zip([("AAAAAA.log", TEXT)]).replace(b"AAAAAA", "журнал".encode("cp866"))
    (source,) = _discover(tmp_path, "a.zip", raw).sources
    assert source.address.member == "журнал.log"


def test_junk_inside_an_archive_is_skipped(tmp_path):
    found = _discover(tmp_path, "a.zip", _zip([("a.log", TEXT), ("__MACOSX/._a.log", b"\0")]))
    assert [s.address.member for s in found.sources] == ["a.log"]
    assert [skip.path for skip in found.skipped] == ["a.zip!__MACOSX/._a.log"]


def _flagged(raw, bit):
    """The zip with a general-purpose flag set in all headers."""
    out = bytearray(raw)
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = out.find(magic)
        while place >= 0:
            out[place + at] |= bit
            place = out.find(magic, place + 1)
    return bytes(out)


@pytest.mark.parametrize("directory", [True, False])
def test_encrypted_members_are_problems(tmp_path, directory):
    raw = _flagged(_zip([("a.log", TEXT)]), 0x1)
    found = _discover(tmp_path, "a.zip", raw if directory else raw[: raw.find(b"PK\x01\x02")])
    assert ("a.zip!a.log", ProblemKind.ENCRYPTED) in _problems(found)
    assert found.sources == ()


def test_a_compression_that_is_not_read_is_named(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.log", TEXT)
    found = _discover(tmp_path, "a.zip", buffer.getvalue())
    assert _problems(found) == [("a.zip!a.log", ProblemKind.UNSUPPORTED)]
    assert "LZMA" in str(found.problems[0].detail)


def _tar_of(members, mode="w", **options):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, **options) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


@pytest.mark.parametrize("inner", [_zip([("x.log", TEXT)]), gzip.compress(TEXT), _tar_of([("x.log", TEXT)])])
@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.zip", lambda name, data: _zip([(name, data), ("b.log", b"y\n")])),
        ("a.tgz", lambda name, data: _tar_of([(name, data), ("b.log", b"y\n")], "w:gz")),
        ("a.tar", lambda name, data: _tar_of([(name, data), ("b.log", b"y\n")])),
    ],
)
def test_an_archive_inside_an_archive_is_a_problem(tmp_path, inner, name, pack):
    found = _discover(tmp_path, name, pack("x.log.zip", inner))
    assert _problems(found) == [(f"{name}!x.log.zip", ProblemKind.NESTED_ARCHIVE)]
    assert [_text(s) for s in found.sources] == [b"y\n"]


def test_an_archive_in_disguise_inside_an_archive_is_found_when_read(tmp_path):
    (source,) = _discover(tmp_path, "a.zip", _zip([("x.log", gzip.compress(TEXT))])).sources
    with pytest.raises(SourceError) as caught:
        list(blocks(source))
    assert caught.value.problem.kind is ProblemKind.NESTED_ARCHIVE


def test_text_inside_an_archive_may_be_called_zip(tmp_path):
    found = _discover(tmp_path, "a.zip", _zip([("x.zip", TEXT)]))
    assert [_text(s) for s in found.sources] == [TEXT]


def test_a_compressed_archive_is_nested_too(tmp_path):
    found = _discover(tmp_path, "a.zip.xz", lzma.compress(_zip([("x.log", TEXT)])))
    assert _problems(found) == [("a.zip.xz", ProblemKind.NESTED_ARCHIVE)]


def test_a_zip_without_its_directory_still_gives_its_members(tmp_path):
    raw = _zip([("a.log", TEXT), ("b/", b""), ("b/c.log", b"x\n")])
    found = _discover(tmp_path, "a.zip", raw[: raw.find(b"PK\x01\x02")])
    assert [(s.address.member, _text(s)) for s in found.sources] == [("a.log", TEXT), ("b/c.log", b"x\n")]
    assert _problems(found) == [("a.zip", ProblemKind.DAMAGED)]


def test_a_zip_cut_inside_a_member_states_the_damage_once_by_that_member(tmp_path):
    raw = _zip([("a.log", TEXT), ("b.log", TEXT)])
    found = _discover(tmp_path, "a.zip", raw[: raw.find(b"PK\x01\x02") - 2000])
    first, second = found.sources
    assert found.problems == ()
    assert _text(first) == TEXT
    with pytest.raises(SourceError) as caught:
        list(blocks(second))
    assert 0 < caught.value.problem.read < len(TEXT)


def _streamed_zip(members):
    """As written to a pipe: sizes and checksums stand in descriptors behind the data."""

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.data = bytearray()

        def writable(self):
            return True

        def write(self, data):
            self.data += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return bytes(pipe.data)


def test_a_streamed_zip_is_rescued_by_its_descriptors(tmp_path):
    raw = _streamed_zip([("a.log", TEXT), ("b.log", b"x\n" * 99)])
    found = _discover(tmp_path, "a.zip", raw[: raw.find(b"PK\x01\x02")])
    assert [(s.size, s.crc, _text(s)) for s in found.sources] == [
        (len(TEXT), zlib.crc32(TEXT), TEXT),
        (198, zlib.crc32(b"x\n" * 99), b"x\n" * 99),
    ]


def test_a_zip_whose_writer_was_stopped_gives_what_was_written(tmp_path):
    """The header has the final size of the text, but neither packed size nor checksum yet."""
    packer = zlib.compressobj(wbits=-15)
    data = packer.compress(TEXT) + packer.flush(zlib.Z_SYNC_FLUSH)
    header = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, 0, 2 * len(TEXT), 5, 0)
    (source,) = _discover(tmp_path, "a.log.zip", header + b"a.log" + data).sources
    reader = blocks(source)
    assert next(reader) == TEXT
    with pytest.raises(SourceError) as caught:
        next(reader)
    assert caught.value.problem.read == len(TEXT)


def test_a_zip_that_lost_its_beginning_is_read_by_its_directory(tmp_path):
    raw = _zip([("a.log", TEXT), ("b.log", b"x\n")])
    start = raw.find(b"PK\x03\x04", 4)
    found = _discover(tmp_path, "a.zip", b"\xff\x01" * (start // 2) + b"\x01" * (start % 2) + raw[start:])
    assert [s.address.member for s in found.sources] == ["a.log", "b.log"]
    assert _text(found.sources[1]) == b"x\n"
    with pytest.raises(SourceError):
        _text(found.sources[0])


def test_an_archive_without_members_is_no_problem(tmp_path):
    found = _discover(tmp_path, "a.zip", _zip([]))
    assert (found.sources, found.problems, found.archives) == ((), (), 1)


@pytest.mark.parametrize("layout", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_tar_layouts_agree_with_the_standard_library(tmp_path, layout, mode):
    members = [("a.log", TEXT), ("d/" * 40 + "b.log", b"x\n"), ("empty.log", b""), ("last.log", TEXT)]
    if layout != tarfile.USTAR_FORMAT:
        members.append(("длинное-имя-" * 20 + ".log", b"y\n"))
    found = _discover(tmp_path, "a.tar", _tar_of(members, mode, format=layout))
    assert [(s.address.member, _text(s)) for s in found.sources] == members
    assert found.problems == ()


def test_what_is_no_regular_file_in_a_tar_is_left_alone(tmp_path):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in (("d", tarfile.DIRTYPE), ("s", tarfile.SYMTYPE), ("p", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type = kind
            archive.addfile(info)
        info = tarfile.TarInfo("again.log")
        info.type, info.linkname = tarfile.LNKTYPE, "a.log"
        archive.addfile(info)
    found = _discover(tmp_path, "a.tar", buffer.getvalue())
    assert (found.sources, found.problems) == ((), ())
    assert [skip.path for skip in found.skipped] == ["a.tar!again.log"]


def test_members_behind_a_damaged_tar_header_are_found(tmp_path):
    raw = bytearray(_tar_of([("a.log", TEXT), ("b.log", TEXT), ("c.log", b"x\n")]))
    raw[raw.find(b"b.log")] ^= 0xFF
    found = _discover(tmp_path, "a.tar", bytes(raw))
    assert [(s.address.member, _text(s)) for s in found.sources] == [("a.log", TEXT), ("c.log", b"x\n")]
    assert _problems(found) == [("a.tar", ProblemKind.DAMAGED)]


def test_a_bad_checksum_behind_the_last_tar_member_is_a_problem(tmp_path):
    raw = bytearray(_tar_of([("a.log", TEXT)], "w:gz"))
    raw[-6] ^= 1
    found = _discover(tmp_path, "a.tgz", bytes(raw))
    assert [s.container for s in found.sources] == [Container.TAR_GZ]
    assert _problems(found) == [("a.tgz", ProblemKind.DAMAGED)]


def _with_header(raw: bytes, at: int, field: slice, value: bytes) -> bytes:
    """A tar with one field of the header at ``at`` written otherwise, and its checksum made right."""
    header = bytearray(raw[at : at + 512])
    header[field] = value
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return raw[:at] + bytes(header) + raw[at + 512 :]


@pytest.mark.parametrize(
    "size",
    [
        b"\xff" * 12,
        b"\x80" + b"\xff" * 11,
        b"\x80" + (1 << 63).to_bytes(11, "big"),
        b"\x80" + (1 << 61).to_bytes(11, "big"),
    ],
)
@pytest.mark.parametrize("kind", [b"0", b"L", b"x", b"S", b"5"])
@pytest.mark.parametrize(("name", "pack"), [("a.tar", bytes), ("a.tar.gz", gzip.compress)])
def test_a_tar_header_of_an_impossible_size_costs_its_member_alone(tmp_path, size, kind, name, pack):
    raw = _with_header(_tar_of([("a.log", TEXT), ("b.log", TEXT)]), 0, slice(124, 136), size)
    found = _discover(tmp_path, name, pack(_with_header(raw, 0, slice(156, 157), kind)))
    assert [source.address.member for source in found.sources] == ["b.log"]
    assert _text(found.sources[0]) == TEXT
    (problem,) = found.problems
    assert (problem.kind, str(problem.detail)) == (
        ProblemKind.DAMAGED,
        "a header inside the tar states an impossible size",
    )


@pytest.mark.parametrize("size", [(1 << 60) - 1, 1 << 50, 1 << 44])
def test_a_tar_member_that_is_said_to_be_longer_than_its_file_is_read_as_far_as_it_goes(tmp_path, size):
    raw = _tar_of([("a.log", TEXT)])
    field = b"\x80" + size.to_bytes(11, "big")
    found = _discover(tmp_path, "a.tar", _with_header(raw, 0, slice(124, 136), field))
    (source,) = found.sources
    read, problem = [], None
    try:
        read.extend(blocks(source))
    except SourceError as error:
        problem = error.problem
    assert b"".join(read).startswith(TEXT)
    assert problem is not None
    assert str(size) in str(problem.detail)


@pytest.mark.parametrize("value", [b"9" * 18, b"9" * 5000, b"-5", b"1e9"])
@pytest.mark.parametrize("key", [b"size", b"mtime", b"GNU.sparse.realsize"])
def test_a_pax_record_of_any_number_is_survived(tmp_path, key, value):
    body = b" " + key + b"=" + value + b"\n"
    length = next(n for n in range(1, 10_000) if n == len(str(n)) + len(body))
    record = str(length).encode() + body
    extended = _with_header(_tar_of([("pax", record)]), 0, slice(156, 157), b"x")[
        : 512 + -(-len(record) // 512) * 512
    ]
    found = _discover(tmp_path, "a.tar", extended + _tar_of([("a.log", TEXT), ("b.log", TEXT)]))
    for source in found.sources:
        with suppress(SourceError):
            list(blocks(source))
    assert found.sources or found.problems


@pytest.mark.parametrize("far", [(1 << 64) - 1, 1 << 63, (1 << 63) - 1, 1 << 62, 1 << 45])
def test_a_zip_directory_that_points_beyond_any_file_costs_its_member_alone(tmp_path, far):
    """A zip64 field holds size, packed size and place of the first member."""
    raw = _zip([("a.log", TEXT), ("b.log", TEXT)])
    at, end = raw.find(b"PK\x01\x02"), raw.find(b"PK\x05\x06")
    entry, extra = bytearray(raw[at : at + 46]), struct.pack("<HHQQQ", 1, 24, len(TEXT), len(TEXT), far)
    struct.pack_into("<II", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, len(extra))
    struct.pack_into("<I", entry, 42, 0xFFFFFFFF)
    name = at + 46 + len("a.log")
    directory = bytes(entry) + raw[at + 46 : name] + extra + raw[name:end]
    tail = bytearray(raw[end:])
    struct.pack_into("<I", tail, 12, len(directory))
    found = _discover(tmp_path, "a.zip", raw[:at] + directory + bytes(tail))
    texts = {}
    for source in found.sources:
        with suppress(SourceError):
            texts[source.address.member] = b"".join(blocks(source))
    assert texts["b.log"] == TEXT


@pytest.mark.parametrize(
    ("name", "head"), [("a.log.bz2", b"BZ"), ("a.log.xz", b"\xfd7z"), ("a.log.gz", b"\x1f"), ("a.zip", b"P")]
)
def test_a_stump_of_an_archive_is_said(tmp_path, name, head):
    found = _discover(tmp_path, name, head)
    assert _problems(found) == [(name, ProblemKind.DAMAGED)]
    assert str(found.problems[0].detail) == "only its first bytes are there"


def test_short_text_that_is_called_an_archive_is_text(tmp_path):
    assert not _discover(tmp_path, "a.log.gz", b"ok\n").problems


def _with_directory(data, entries, promised):
    """An archive of one member whose directory holds ``entries`` times the same and counts ``promised``."""
    end = data.rfind(b"PK\5\6")
    size, start = struct.unpack("<II", data[end + 12 : end + 20])
    counts = struct.pack("<HHHHIIH", 0, 0, promised, promised, size * entries, start, 0)
    return data[:start] + data[start : start + size] * entries + b"PK\5\6" + counts


def test_members_that_share_bytes_are_read_once(tmp_path):
    """300 members of one megabyte each can stand in a file of a few kilobytes."""
    found = _discover(tmp_path, "a.zip", _with_directory(_zip([("a.log", TEXT)]), 300, 300))
    assert len(found.sources) == 1
    assert [str(p.detail) for p in found.problems] == [
        "299 members share their bytes with others and are left out"
    ]


def test_a_member_that_is_counted_and_not_listed_is_said(tmp_path):
    found = _discover(tmp_path, "a.zip", _with_directory(_zip([("a.log", TEXT)]), 1, 2))
    assert len(found.sources) == 1
    assert [str(p.detail) for p in found.problems] == ["its directory lists 1 of 2 members"]


def test_members_that_make_a_bomb_together_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr("logaudit.sources.archive_members.FREE", 3 * len(TEXT))
    found = _discover(
        tmp_path, "a.zip", _zip([(f"{n}.log", TEXT) for n in range(9)]), Limits(unpacked_ratio=1)
    )
    assert 3 <= len(found.sources) < 9
    (problem,) = found.problems
    assert problem.kind is ProblemKind.OVER_LIMIT


def test_a_member_that_goes_on_behind_its_stated_size_is_not_read_on(tmp_path):
    data = bytearray(_zip([("a.log", TEXT)]))
    at = data.rfind(b"PK\1\2")
    struct.pack_into("<I", data, at + 24, 10)
    (source,) = _discover(tmp_path, "a.zip", bytes(data)).sources
    read = []
    with pytest.raises(SourceError) as error:
        read.extend(blocks(source))
    assert not read
    assert error.value.problem.untrusted
