"""The whole of one source → its extract; damage keeps what was read before it."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import PurePosixPath

from msgspec.structs import replace

from logaudit.core.location import SourceKind
from logaudit.core.message import msg
from logaudit.ingest.byte_stream import HashingByteStream, newline_of
from logaudit.ingest.extract_log import extract_log, is_sizeable
from logaudit.ingest.extract_table import extract_table, extract_unread, over_limit
from logaudit.ingest.format_choice import better_formats, formats_of_head
from logaudit.ingest.source_extract import (
    HealthExtract,
    LedgerExtract,
    LogExtract,
    OtherExtract,
    SourceExtract,
)
from logaudit.ledger import parse_ledger, read_health
from logaudit.ledger.newest_lines import newest_lines
from logaudit.ledger.readers.table_reader import ANY_TIME, NO_TIME
from logaudit.logformats import LogFormatSet
from logaudit.profiles import HealthFile, Profile
from logaudit.sources import Decoded, Problem, ProblemKind, Source, clean, decode, lines


def extract(
    source: Source,
    kind: SourceKind,
    profile: Profile,
    log_formats: LogFormatSet,
    encoding: str | None = None,
    *,
    hashed: bool = True,
) -> SourceExtract:
    """Reads ``source`` as ``kind`` (from `source_head`) with ``profile``'s eyes; a log need not be ``hashed``.

    Pure: the same bytes and profile give the same extract. Damage never raises: the extract holds what was
    read before it, and the problem.
    """
    if kind is SourceKind.EMPTY or kind is SourceKind.OTHER:
        return OtherExtract(source.address, kind, source.size)
    if kind is SourceKind.UNREAD_TABLE:
        return extract_unread(source, profile, encoding)
    if kind is SourceKind.LOG:
        return _trusted(_read_log(source, profile, log_formats, encoding, hashed=hashed), kind)
    tap = HashingByteStream(source, count=kind is SourceKind.LEDGER)
    if kind is SourceKind.TABLE:
        return extract_table(source, tap, profile)
    decoded = decode(iter(tap), encoding)
    if kind is SourceKind.LEDGER:
        return _read_ledger(source, tap, decoded, profile)
    spec = _health_spec(source, profile)
    health = read_health(decoded.blocks, source.address, spec, ended=lambda: tap.ended)
    return HealthExtract(source.address, tap.sha256, tap.size, health, tap.problem)


def _read_ledger(source: Source, tap: HashingByteStream, decoded: Decoded, profile: Profile) -> SourceExtract:
    """A trades file; of one that is too long its newest rows, and nothing where it is damaged as well."""
    cut: list[int] = []
    numbered = (
        (offset, _cleaned(line)) for offset, line in lines(decoded.blocks, cut, source.limits.line_size)
    )
    newest = newest_lines(numbered, profile.ledger, profile.sides, source.limits.table_rows)
    if newest is None or (newest.rows and tap.problem is not None):
        detail = msg("it is too long to be read whole, and nothing tells which of its rows are the newest")
        over = Problem(source.address, ProblemKind.OVER_LIMIT, detail, tap.size, limit="table_rows")
        unread = tap.problem or over
        return OtherExtract(source.address, SourceKind.LEDGER, tap.size, unread)
    ledger = parse_ledger(
        newest.lines,
        source.address,
        profile.ledger,
        profile.sides,
        ended=lambda: tap.ended or not newest.complete_end,
        skipped=newest.skipped,
    )
    if newest.rows or cut:
        # Of a line that is cut the rest may hold rows of any time.
        ledger = replace(ledger, unread_until=ANY_TIME if cut else NO_TIME)
    problem = (
        over_limit(source.address, newest.rows, newest.limit, tap.size) if newest.rows else tap.trouble(cut)
    )
    newline = newline_of(tap.feeds, tap.crlf)
    made = LedgerExtract(source.address, tap.sha256, tap.size, decoded.encoding, newline, ledger, problem)
    return _trusted(made, SourceKind.LEDGER)


def _cleaned(line: bytes) -> bytes:
    """A line of a ledger without what was meant for a terminal; NUL bytes stay, in front, to be reported."""
    return clean(line) if b"\0" not in line else b"\0" * line.count(b"\0") + clean(line.replace(b"\0", b""))


def _read_log(
    source: Source, profile: Profile, log_formats: LogFormatSet, encoding: str | None, *, hashed: bool
) -> LogExtract:
    """A log, read with the formats that fit its head, and once more where its other lines know better."""
    inferred = formats_of_head(source, log_formats, encoding) if is_sizeable(source) else None
    if inferred is not None:
        read = extract_log(source, profile, inferred, encoding, hashed=hashed)
        if 2 * read.records >= read.lines:
            return read
    read = extract_log(source, profile, log_formats, encoding, hashed=hashed)
    better = better_formats(read, source, log_formats, encoding, profile)
    return read if better is None else extract_log(source, profile, better, encoding, hashed=hashed)


def _trusted(made: LogExtract | LedgerExtract, kind: SourceKind) -> SourceExtract:
    """The extract, or that nothing is known of a source whose bytes do not match their checksum."""
    if made.problem is None or not made.problem.untrusted:
        return made
    return OtherExtract(made.address, kind, made.size, made.problem)


def _health_spec(source: Source, profile: Profile) -> HealthFile | None:
    name = PurePosixPath(source.address.member or source.address.path).name
    for spec in profile.health:
        if any(fnmatch(name, pattern) for pattern in spec.files):
            return spec
    return None
