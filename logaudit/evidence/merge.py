"""The digests of one session → its evidence: copies dropped, streams ordered, events unified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from logaudit.digest import Digest, HealthDigest, LedgerDigest, LogDigest, OtherDigest
from logaudit.evidence.assemble import assemble, lacking
from logaudit.evidence.coverage import build_stream
from logaudit.evidence.types import Cut, Evidence
from logaudit.evidence.unify import unify
from logaudit.model.location import Address
from logaudit.profile import Profile
from logaudit.sources import stream_stem

_Read = TypeVar("_Read", LogDigest, LedgerDigest, HealthDigest)


def merge(root: str, digests: Sequence[Digest], profile: Profile) -> Evidence:
    """Joins what was read in one session; the order of ``digests`` does not matter."""
    copies: dict[Address, tuple[Address, ...]] = {}
    logs = _once([d for d in digests if isinstance(d, LogDigest)], copies)
    by_stream: dict[str, list[LogDigest]] = defaultdict(list)
    for digest in logs:
        by_stream[stream_stem(digest.address.member or digest.address.path)].append(digest)
    streams = tuple(build_stream(name, by_stream[name]) for name in sorted(by_stream))
    events = unify(e for s in streams for e in assemble(s.name, s.sources, profile))
    return Evidence(
        root=root,
        profile=profile,
        events=events,
        streams=streams,
        ledgers=_once([d for d in digests if isinstance(d, LedgerDigest)], copies),
        health=_once([d for d in digests if isinstance(d, HealthDigest)], copies),
        others=tuple(sorted((d for d in digests if isinstance(d, OtherDigest)), key=lambda d: d.address)),
        cuts=tuple(Cut(e, what) for e in events if (what := lacking(e, profile))),
        copies=copies,
    )


def _once(digests: Sequence[_Read], copies: dict[Address, tuple[Address, ...]]) -> tuple[_Read, ...]:
    """One digest a content: the plain file before its archive, the others kept as addresses.

    Tables of one content but different names stay apart while they hold no row: two days' headers are
    equal text and still two ledgers.
    """
    groups: dict[tuple[str, str], list[_Read]] = defaultdict(list)
    for digest in digests:
        groups[digest.sha256, _distinct_name(digest)].append(digest)
    kept: list[_Read] = []
    for group in groups.values():
        group.sort(key=lambda d: (bool(d.address.member), d.address))
        kept.append(group[0])
        if group[1:]:
            copies[group[0].address] = tuple(d.address for d in group[1:])
    return tuple(sorted(kept, key=lambda d: d.address))


def _distinct_name(digest: Digest) -> str:
    if isinstance(digest, LedgerDigest) and digest.ledger.rows:
        return ""
    if isinstance(digest, LogDigest) and digest.records:
        return ""
    return PurePosixPath(digest.address.member or digest.address.path).name
