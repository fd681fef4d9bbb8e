"""Turns a source's bytes into UTF-8, whatever its writer used; what is UTF-8 passes through untouched."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from logaudit.core.errors import UserError
from logaudit.sources.charset import CodePage, first_high, utf8_evidence, utf16_order
from logaudit.sources.magic import looks_binary
from logaudit.sources.source import SourceError

UTF8: Final = "utf-8"
#: UTF-8 that began with a byte order mark.
UTF8_MARKED: Final = "utf-8-sig"
#: Not text at all: the blocks are the raw bytes.
BINARY: Final = "binary"

#: Plain text that some codecs take for escapes: backslashes, the shifts of HZ and UTF-7, the sequences of ISO 2022.
_ESCAPES: Final = b"A1 \\x0a\\u0041\\n ~{<:Ky~} +AAo- \x1b$B<:Ky\x1b(B"
#: Bytes that suffice to tell UTF-16 and binary data from text.
_HEAD: Final = 4096
_MIN_BINARY: Final = 32
_MARKS: Final = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, UTF8_MARKED),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Decoded(Struct):
    """A source as UTF-8.

    Attributes:
        encoding: Python's name of what it was written in, or `BINARY`. A text that begins in ASCII may
            turn out to be something else later: the name is final once the blocks are used up.
        blocks: UTF-8 without a byte order mark. Invalid bytes inside a UTF-8 text are passed on, so
            decode lines with ``errors="replace"``.
        returns: whether it ends its lines with carriage returns alone, as old spreadsheets do; the blocks have
            line feeds in their place.
    """

    encoding: str
    blocks: Iterator[bytes]
    returns: bool = False


def decode(raw: Iterator[bytes], stated: str | None = None) -> Decoded:
    """Recognises the encoding from the first bytes and converts; ``stated`` overrules what they suggest.

    Reads the first block at once. An error of ``raw`` is raised by the blocks, after what came before it.

    Raises:
        UserError: the stated encoding is unknown.
    """
    if stated is not None:
        _require_known(stated)
    head, raw = _peek(raw)
    mark, marked = next(((m, name) for m, name in _MARKS if head.startswith(m)), (b"", ""))
    encoding = _meant(stated, marked) if stated is not None else marked or _unmarked(head)
    if mark and (encoding == marked or (marked == UTF8_MARKED and encoding == UTF8)):
        raw = _without(raw, len(mark))
    if encoding not in {UTF8, UTF8_MARKED, "ascii", BINARY}:
        decoded = Decoded(encoding, _transcoded(raw, encoding))
        head = head.decode(encoding, "ignore").encode(UTF8, "ignore")
    else:
        decoded = Decoded(encoding, raw)
        if stated is None and encoding == UTF8:
            decoded.blocks = _adaptive(raw, decoded)
    if encoding != BINARY and b"\n" not in head and b"\r" in head.rstrip(b"\r"):
        decoded.returns = True
        decoded.blocks = (block.replace(b"\r", b"\n") for block in decoded.blocks)
    return decoded


def _require_known(stated: str) -> None:
    try:
        "".encode(stated)
        # Some codecs of host names refuse broken input instead of replacing it.
        codecs.getincrementaldecoder(stated)("replace").decode(codecs.BOM_UTF32_LE + b"\xd5\xff", final=True)
        seen = codecs.decode(_ESCAPES, stated, "replace")
    except (LookupError, UnicodeError) as error:
        raise UserError(f"{stated} is not a text encoding.", "Name one such as utf-8 or cp1251.") from error
    if seen.startswith("A1") and seen != _ESCAPES.decode("ascii"):
        raise UserError(
            f"{stated} makes other text of plain letters, so that a line may be forged.",
            "Name one such as utf-8 or cp1251.",
        )


def _meant(stated: str, marked: str) -> str:
    """The codec's own name; where it leaves the byte order to a mark and there is none, little-endian."""
    name = codecs.lookup(stated).name
    if name in {"utf-16", "utf-32"}:
        return marked if marked.startswith(name) else f"{name}-le"
    return name


def _peek(raw: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, and all blocks again; the error that ended a short head is raised in its place."""
    parts: list[bytes] = []
    failure: SourceError | None = None
    try:
        while sum(map(len, parts)) < _HEAD and (block := next(raw, None)) is not None:
            parts.append(block)
    except SourceError as error:
        failure = error

    def again() -> Iterator[bytes]:
        yield from parts
        if failure is not None:
            raise failure
        yield from raw

    return b"".join(part[:_HEAD] for part in parts)[:_HEAD], again()


def _without(raw: Iterator[bytes], count: int) -> Iterator[bytes]:
    for block in raw:
        if count < len(block):
            yield block[count:] if count else block
        count = max(0, count - len(block))


def _unmarked(head: bytes) -> str:
    order = utf16_order(head)
    if order:
        return order
    return BINARY if len(head) >= _MIN_BINARY and looks_binary(head) else UTF8


def _transcoded(raw: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for block in raw:
        if text := decoder.decode(block):
            yield text.encode(UTF8, "replace")
    if text := decoder.decode(b"", final=True):
        yield text.encode(UTF8, "replace")


def _adaptive(raw: Iterator[bytes], result: Decoded) -> Iterator[bytes]:
    """Passes ASCII on, and everything once UTF-8 is proven; converts blocks in a national code page.

    A block whose only byte above ASCII is one cut letter proves nothing: it leaves that to the next block.
    ``result`` learns which page it was.
    """
    page = CodePage()
    converted = False
    kept = b""
    for fresh in raw:
        block = kept + fresh if kept else fresh
        kept = b""
        start = -1 if block.isascii() else first_high(block)
        valid, invalid = utf8_evidence(block[start:]) if start >= 0 else (0, 0)
        if invalid > valid:
            converted = True
            block = page.convert(block)
            result.encoding = page.name
        elif start >= 0 and not valid:
            block, kept = block[:start], block[start:]
        if block:
            yield block
        if valid and not converted:
            break
    if kept:
        yield kept
    yield from raw
