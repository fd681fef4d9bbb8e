"""The whole of one source → its digest; damage keeps what was read before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import PurePosixPath

from logaudit.dialect import DialectSet
from logaudit.digest.log import LogReader
from logaudit.digest.matcher import Matcher
from logaudit.digest.types import Digest, HealthDigest, LedgerDigest, LogDigest, OtherDigest, SourceKind
from logaudit.ledger import parse_health, parse_ledger
from logaudit.profile import HealthFile, Profile
from logaudit.sources import (
    Container,
    Decoded,
    Problem,
    Source,
    SourceError,
    blocks,
    clean,
    decode,
    lines,
)


class _Tap:
    """Counts, hashes and remembers the damage of the bytes that pass through it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._hash = hashlib.sha256()
        self.size = 0
        self.feeds = 0
        self.crlf = 0
        self.ended = True
        self.problem: Problem | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            for block in blocks(self._source):
                self._hash.update(block)
                self.size += len(block)
                self.feeds += block.count(b"\n")
                self.crlf += block.count(b"\r\n")
                self.ended = block.endswith((b"\n", b"\n\x00"))
                yield block
        except SourceError as error:
            self.problem = error.problem

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    @property
    def newline(self) -> str:
        if not self.feeds:
            return "none"
        # A pair cut between two blocks is missed; one in a million lines must not make a file "mixed".
        if self.crlf * 1000 >= self.feeds * 999:
            return "crlf"
        return "lf" if self.crlf * 1000 <= self.feeds else "mixed"


def digest(
    source: Source, kind: SourceKind, profile: Profile, dialects: DialectSet, encoding: str | None = None
) -> Digest:
    """Reads ``source`` as ``kind`` (from `probe`) with ``profile``'s eyes.

    Pure: the same bytes and profile give the same digest. Damage never raises: the digest holds what was
    read before it, and the problem.
    """
    if kind is SourceKind.EMPTY or kind is SourceKind.OTHER:
        reason = "empty" if kind is SourceKind.EMPTY else "neither a log nor a table of trades"
        return OtherDigest(source.address, kind, source.size, reason)
    tap = _Tap(source)
    decoded = decode(iter(tap), encoding)
    numbered = ((offset, clean(line)) for offset, line in lines(decoded.blocks))
    if kind is SourceKind.LOG:
        return _log(source, tap, decoded, numbered, profile, dialects)
    if kind is SourceKind.LEDGER:
        ledger = parse_ledger(
            numbered, source.address, profile.ledger, profile.sides, ended=lambda: tap.ended
        )
        return LedgerDigest(
            source.address, tap.sha256, tap.size, decoded.encoding, tap.newline, ledger, tap.problem
        )
    health = parse_health(numbered, source.address, _health_spec(source, profile), ended=lambda: tap.ended)
    return HealthDigest(source.address, tap.sha256, tap.size, health, tap.problem)


def _log(
    source: Source,
    tap: _Tap,
    decoded: Decoded,
    numbered: Iterator[tuple[int, bytes]],
    profile: Profile,
    dialects: DialectSet,
) -> LogDigest:
    matcher = Matcher(profile)
    reader = LogReader(matcher)
    reader.read(numbered, dialects)
    return LogDigest(
        address=source.address,
        sha256=tap.sha256,
        size=tap.size,
        # Known for certain only now that every block has passed.
        encoding=decoded.encoding,
        packed=source.container is not Container.PLAIN,
        newline=tap.newline,
        lines=tap.feeds,
        records=reader.records,
        loose=reader.loose,
        unparsed=reader.unparsed,
        unparsed_samples=tuple(reader.samples),
        dialects=dict(sorted(reader.dialects.items())),
        levels=dict(sorted(reader.levels.items())),
        first=reader.first,
        last=reader.last,
        earliest=reader.earliest,
        latest=reader.latest,
        pace=dict(sorted(reader.pace.items())),
        silences=reader.silences,
        jumps=tuple(reader.jumps),
        marks=tuple(matcher.marks),
        contexts=reader.contexts,
        tallies=matcher.tallies(),
        problem=tap.problem,
    )


def _health_spec(source: Source, profile: Profile) -> HealthFile | None:
    name = PurePosixPath(source.address.member or source.address.path).name
    for spec in profile.health:
        if any(fnmatch(name, pattern) for pattern in spec.files):
            return spec
    return None
