"""The whole of one source → its digest; damage keeps what was read before it."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import PurePosixPath

from logaudit.dialect import DialectSet
from logaudit.digest.logs import digest_log
from logaudit.digest.tap import Tap, newline_of
from logaudit.digest.types import Digest, HealthDigest, LedgerDigest, OtherDigest, SourceKind
from logaudit.ledger import parse_ledger, read_health
from logaudit.profile import HealthFile, Profile
from logaudit.sources import Source, clean, decode, lines


def digest(
    source: Source,
    kind: SourceKind,
    profile: Profile,
    dialects: DialectSet,
    encoding: str | None = None,
    *,
    hashed: bool = True,
) -> Digest:
    """Reads ``source`` as ``kind`` (from `probe`) with ``profile``'s eyes; a log need not be ``hashed``.

    Pure: the same bytes and profile give the same digest. Damage never raises: the digest holds what was
    read before it, and the problem.
    """
    if kind is SourceKind.EMPTY or kind is SourceKind.OTHER:
        reason = "empty" if kind is SourceKind.EMPTY else "neither a log nor a table of trades"
        return OtherDigest(source.address, kind, source.size, reason)
    if kind is SourceKind.LOG:
        return digest_log(source, profile, dialects, encoding, hashed=hashed)
    tap = Tap(source, count=kind is SourceKind.LEDGER)
    decoded = decode(iter(tap), encoding)
    if kind is SourceKind.LEDGER:
        numbered = ((offset, clean(line)) for offset, line in lines(decoded.blocks))
        ledger = parse_ledger(
            numbered, source.address, profile.ledger, profile.sides, ended=lambda: tap.ended
        )
        newline = newline_of(tap.feeds, tap.crlf)
        return LedgerDigest(
            source.address, tap.sha256, tap.size, decoded.encoding, newline, ledger, tap.problem
        )
    spec = _health_spec(source, profile)
    health = read_health(decoded.blocks, source.address, spec, ended=lambda: tap.ended)
    return HealthDigest(source.address, tap.sha256, tap.size, health, tap.problem)


def _health_spec(source: Source, profile: Profile) -> HealthFile | None:
    name = PurePosixPath(source.address.member or source.address.path).name
    for spec in profile.health:
        if any(fnmatch(name, pattern) for pattern in spec.files):
            return spec
    return None
