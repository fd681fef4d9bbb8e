"""Encodings are recognised from the bytes; UTF-8 passes through, everything else arrives as UTF-8."""

import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from logaudit.core.errors import UserError
from logaudit.core.location import Address
from logaudit.core.message import msg
from logaudit.sources import BINARY, Problem, ProblemKind, SourceError, decode

RUSSIAN = "2025-03-04 05:06:07 | INFO | Позиция закрыта: ABC-USD, причина: стоп\n"
GERMAN = "2025-03-04 05:06:07 | INFO | Position geschlossen, Begründung: Schließung für ABC\n"


def _read(*blocks, stated=None):
    decoded = decode(iter(blocks), stated)
    text = b"".join(decoded.blocks)
    return decoded.encoding, text


@pytest.mark.parametrize("text", [RUSSIAN, GERMAN, RUSSIAN * 40])
@pytest.mark.parametrize(
    ("codec", "name", "mark"),
    [
        ("utf-8", "utf-8", b""),
        ("utf-8", "utf-8-sig", b"\xef\xbb\xbf"),
        ("utf-16-le", "utf-16-le", b""),
        ("utf-16-be", "utf-16-be", b""),
        ("utf-16-le", "utf-16-le", b"\xff\xfe"),
        ("utf-16-be", "utf-16-be", b"\xfe\xff"),
        ("utf-32-le", "utf-32-le", b"\xff\xfe\0\0"),
    ],
)
def test_unicode_encodings(text, codec, name, mark):
    assert _read(mark + text.encode(codec)) == (name, text.encode())


def test_a_russian_code_page_is_recognised():
    assert _read(RUSSIAN.encode("cp1251")) == ("cp1251", RUSSIAN.encode())


def test_a_western_code_page_is_recognised():
    assert _read(GERMAN.encode("cp1252")) == ("cp1252", GERMAN.encode())


def test_ascii_that_turns_russian_later_is_converted_from_there_on():
    plain = b"2025-03-04 05:06:07 | INFO | started\n" * 200
    assert _read(plain, plain, RUSSIAN.encode("cp1251"), plain) == (
        "cp1251",
        plain * 2 + RUSSIAN.encode() + plain,
    )


def test_ascii_that_turns_utf8_in_the_middle_of_a_letter_stays_utf8():
    """The block that is cut inside its first letter proves nothing by itself."""
    raw = RUSSIAN.encode()
    first = next(i for i, byte in enumerate(raw) if byte > 127)
    assert _read(b"x" * 5000, raw[: first + 1], raw[first + 1 :]) == ("utf-8", b"x" * 5000 + raw)


def test_utf8_behind_one_foreign_line_is_not_converted():
    early = "caf\u00e9 ferm\u00e9\n".encode("cp1252").rjust(5000, b"-")
    assert _read(early, RUSSIAN.encode())[1].endswith(RUSSIAN.encode())


def test_broken_bytes_inside_utf8_pass_through():
    raw = RUSSIAN.encode() + b"\xff\xfe broken \xd0\n" + RUSSIAN.encode()
    assert _read(raw) == ("utf-8", raw)


def test_the_blocks_of_utf8_are_handed_on_without_a_copy():
    blocks = [RUSSIAN.encode() * 100, RUSSIAN.encode() * 90]
    assert all(a is b for a, b in zip(blocks, decode(iter(blocks)).blocks, strict=True))


def test_a_run_of_nuls_is_neither_utf16_nor_binary():
    raw = RUSSIAN.encode() + bytes(3000)
    assert _read(raw) == ("utf-8", raw)
    assert _read(bytes(64)) == ("utf-8", bytes(64))


def test_data_that_is_no_text_is_called_binary():
    raw = bytes(range(256)) * 4
    assert _read(raw) == (BINARY, raw)


@pytest.mark.parametrize(
    ("stated", "raw"),
    [
        ("windows-1251", RUSSIAN.encode("cp1251")),
        ("UTF8", RUSSIAN.encode()),
        ("utf-8", b"\xef\xbb\xbf" + RUSSIAN.encode()),
        ("cp866", RUSSIAN.encode("cp866")),
        ("utf-16-le", b"\xff\xfe" + RUSSIAN.encode("utf-16-le")),
        ("utf-16", RUSSIAN.encode("utf-16")),
    ],
)
def test_the_stated_encoding_wins(stated, raw):
    assert _read(raw, stated=stated)[1] == RUSSIAN.encode()


@pytest.mark.parametrize("stated", ["klingon", "hex", "idna", ""])
def test_an_encoding_that_does_not_exist_is_the_users_error(stated):
    with pytest.raises(UserError):
        decode(iter([b"x"]), stated)


def test_an_error_of_the_reader_comes_after_the_text_before_it():
    problem = Problem(Address("a.gz"), ProblemKind.DAMAGED, msg("cut"), 5)

    def raw():
        yield b"early"
        raise SourceError(problem)

    blocks = decode(raw()).blocks
    assert next(blocks) == b"early"
    with pytest.raises(SourceError) as caught:
        next(blocks)
    assert caught.value.problem == problem


@given(st.text(), st.lists(st.integers(0, 50), max_size=5), st.sampled_from(["utf-16", "utf-8-sig"]))
def test_marked_text_survives_any_cut(text, places, codec):
    # UTF-16 text that begins with NUL has the very bytes of UTF-32's mark.
    assume(not text.startswith("\0"))
    raw = text.encode(codec, "replace")
    edges = [0, *sorted(min(p, len(raw)) for p in places), len(raw)]
    blocks = [raw[a:b] for a, b in itertools.pairwise(edges)]
    assert _read(*blocks)[1] == raw.decode(codec).encode()


@given(
    st.lists(st.binary(max_size=200), max_size=5), st.sampled_from([None, "cp1251", "utf-16", "utf-32-be"])
)
def test_any_bytes_can_be_read(blocks, stated):
    _read(*blocks, stated=stated)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_carriage_returns_that_alone_end_the_lines_become_line_feeds(codec):
    decoded = decode(iter(["one\rtwo\r".encode(codec), "three\r".encode(codec)[2 * (codec == "utf-16") :]]))
    assert (b"".join(decoded.blocks), decoded.returns) == (b"one\ntwo\nthree\n", True)


@pytest.mark.parametrize("text", [b"one\r\ntwo\r\n", b"10%\r20%\rdone\n", b"one\r", b"one"])
def test_other_carriage_returns_stay(text):
    decoded = decode(iter([text]))
    assert (b"".join(decoded.blocks), decoded.returns) == (text, False)


@pytest.mark.parametrize("stated", ["unicode_escape", "raw_unicode_escape", "hz", "utf-7", "iso2022_jp"])
def test_a_codec_that_makes_text_of_escapes_is_refused(stated):
    with pytest.raises(UserError, match="forged"):
        decode(iter([b"x"]), stated)


@pytest.mark.parametrize(
    "stated", ["utf-8", "ascii", "cp1251", "latin-1", "gb18030", "shift_jis", "utf-16", "cp037"]
)
def test_a_codec_that_leaves_plain_text_alone_is_taken(stated):
    assert b"".join(decode(iter(["plain".encode(stated)]), stated).blocks).endswith(b"plain")
