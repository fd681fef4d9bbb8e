"""Looks at a source's head: log, trades ledger, other table, or none of the bot's business."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Final, Protocol

from msgspec import Struct

from logaudit.core.location import SourceKind
from logaudit.core.message import msg
from logaudit.ingest.extract_table import first_bytes, table_kind, table_reader, unread_text
from logaudit.ingest.own_output import is_own_output
from logaudit.ledger import CsvKind, sniff
from logaudit.ledger.sniff import is_health
from logaudit.ledger.table_sample import spec_of_lines
from logaudit.logformats import LogFormatSet, looks_stamped
from logaudit.profiles import Profile
from logaudit.sources import Problem, ProblemKind, Source, SourceError, blocks, clean, decode

#: Enough for a banner, a traceback and a hundred records.
HEAD_LINES: Final = 200
HEAD_BYTES: Final = 1 << 17
#: Bytes unpacked at once: few more than the lines need.
_STEP: Final = 1 << 15
#: Of the lines that look stamped in an unknown way, so many make a log all the same.
STAMPED_ENOUGH: Final = 3
#: Characters that are looked at of one line.
_LONGEST: Final = 4096
#: What a line is cleaned of.
_NOISE: Final = ("\0", "\x1b", "\ufeff")
#: Heads that are kept: those of all sources of a usual folder.
_MOST_HEADS: Final = 128


class SourceHead(Struct, frozen=True):
    """What the head shows: the kind, lines for detecting the profile, and the table's header if one."""

    source: Source
    kind: SourceKind
    sample: tuple[str, ...] = ()
    header: str = ""
    problem: Problem | None = None


class Recognises(Protocol):
    """Something that knows log formats: a `LogFormatSet`, or several."""

    def match(self, line: str) -> object | None:
        """What the line's beginning means; None when it begins no record."""


def read_head(
    source: Source, profiles: Sequence[Profile], log_formats: Recognises, encoding: str | None = None
) -> SourceHead:
    """Reads at most `HEAD_BYTES` of ``source``; damage becomes the probe's problem, never an exception."""
    lines, problem = head_lines(source, encoding)
    if problem is None and is_own_output(lines):
        return SourceHead(source, SourceKind.OTHER)
    is_table = problem is None and lines and table_reader(source, first_bytes(source, lines[0])) is not None
    if is_table and (kind := table_kind(source, profiles)) is not SourceKind.OTHER:
        return SourceHead(source, kind)
    return SourceHead(source, *_classify(source, lines, profiles, log_formats), problem)


class _Known(threading.local):
    """The heads that a thread read last, by the identity of their sources: another scan makes its own."""

    def __init__(self) -> None:
        self.heads: dict[tuple[int, str | None], tuple[Source, tuple[list[str], Problem | None]]] = {}


_known = _Known()


def head_lines(source: Source, encoding: str | None = None) -> tuple[Sequence[str], Problem | None]:
    """The first lines of ``source`` and what kept more of them from being read; kept for whoever asks next."""
    key = id(source), encoding
    known = _known.heads.get(key)
    if known is None or known[0] is not source:
        if len(_known.heads) >= _MOST_HEADS:
            del _known.heads[next(iter(_known.heads))]
        known = _known.heads[key] = source, _read_lines(source, encoding)
    return known[1]


def forget_heads() -> None:
    """Lets go of what `head_lines` keeps in this thread."""
    _known.heads.clear()


def _read_lines(source: Source, encoding: str | None) -> tuple[list[str], Problem | None]:
    text, feeds = b"", 0
    problem: Problem | None = None
    try:
        for block in decode(_limited(blocks(source, size=_STEP)), encoding).blocks:
            text += block
            feeds += block.count(b"\n")
            if feeds >= HEAD_LINES:
                break
    except SourceError as error:
        problem = error.problem
        text = text[: text.rfind(b"\n") + 1]
    if problem is None and b"\0" in text and not text.strip(b"\0 \t\r\n"):
        problem = Problem(
            source.address, ProblemKind.DAMAGED, msg("it holds NUL bytes only, as after a crash")
        )
    return _lines(text), problem


def _lines(text: bytes) -> list[str]:
    """The first lines of a text, cut where they are long."""
    pieces = text.split(b"\n", HEAD_LINES)
    if len(pieces) > HEAD_LINES or not pieces[-1]:
        pieces.pop()
    with suppress(UnicodeDecodeError):
        whole = b"\n".join(pieces).decode()
        if pieces and not any(noise in whole for noise in _NOISE):
            found = whole.split("\n")
            if "\r" in whole:
                found = [line.rstrip("\r") for line in found]
            return [line[:_LONGEST] for line in found]
    # A table is told by its header, whatever stands in the middle of it.
    plain = (clean(raw.replace(b"\0", b"").rstrip(b"\r")) for raw in pieces)
    return [line.decode("utf-8", "replace")[:_LONGEST] for line in plain]


def _limited(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The first bytes only: a probe must not read a gigabyte that holds no newline."""
    read = 0
    for chunk in chunks:
        yield chunk[: HEAD_BYTES - read]
        read += len(chunk)
        if read >= HEAD_BYTES:
            return


def _classify(
    source: Source, head: Sequence[str], profiles: Sequence[Profile], log_formats: Recognises
) -> tuple[SourceKind, tuple[str, ...], str]:
    full = [line for line in head if line.strip()]
    if not full:
        return SourceKind.EMPTY, (), ""
    if any(log_formats.match(line) for line in full):
        return SourceKind.LOG, tuple(full), ""
    kind = _kind_of_table(source, head, profiles)
    if kind is not SourceKind.OTHER:
        return kind, (), full[0]
    # The last part of a rotated log may hold one record of many lines.
    enough = 1 if _is_named_log(source) else STAMPED_ENOUGH
    if sum(map(looks_stamped, full)) >= min(enough, len(full)) or _has_layout(full):
        return SourceKind.LOG, tuple(full), ""
    return SourceKind.OTHER, (), ""


def _is_named_log(source: Source) -> bool:
    """Whether a name ends as those of logs do."""
    return PurePosixPath(source.address.member or source.address.path).suffix.lower() == ".log"


def _kind_of_table(source: Source, head: Sequence[str], profiles: Sequence[Profile]) -> SourceKind:
    """What separated text is to the first profile that knows it."""
    name, text = source.address.member or source.address.path, "\n".join(head)
    for profile in profiles:
        spec = spec_of_lines(head, profile.ledger, profile.sides)
        match sniff(text, name, spec, profile.health):
            case CsvKind.LEDGER:
                return SourceKind.LEDGER
            case CsvKind.HEALTH:
                unread = None if is_health(name, profile.health) else unread_text(head, source, profile)
                return SourceKind.UNREAD_TABLE if unread else SourceKind.HEALTH
            case CsvKind.OTHER:
                continue
    return SourceKind.OTHER if unread_text(head, source, profiles[0]) is None else SourceKind.UNREAD_TABLE


def _has_layout(lines: Sequence[str]) -> bool:
    """Whether most lines begin in one way that shows a time."""
    from logaudit.logformats.infer import infer_formats  # noqa: PLC0415 - few files are neither log nor table

    read = LogFormatSet(infer_formats(lines))
    return sum(read.open(line) is not None for line in lines) > max(STAMPED_ENOUGH - 1, len(lines) // 2)
