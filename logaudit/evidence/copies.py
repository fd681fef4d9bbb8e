"""The same content met twice counts once: copies are found by content, and their addresses kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from logaudit.digest import Digest, HealthDigest, LedgerDigest, LogDigest, OtherDigest
from logaudit.model.location import Address
from logaudit.sources import stream_stem

_Read = TypeVar("_Read", LogDigest, LedgerDigest, HealthDigest)


def at_home(by_session: Mapping[str, Sequence[Digest]]) -> dict[str, list[Digest]]:
    """Moves copies that lie in other sessions (a backup of the folder) to the session of their original.

    A session that is left without a log and without a ledger joins the one that took its content.
    """
    homes: dict[tuple[str, str], str] = {}
    everything = [(session, d) for session in sorted(by_session) for d in by_session[session]]
    for session, digest in sorted(everything, key=lambda item: _first(item[1])):
        if (key := _content(digest)) is not None:
            homes.setdefault(key, session)
    moved: dict[str, list[Digest]] = defaultdict(list)
    took: dict[str, str] = {}
    for session, digest in everything:
        key = _content(digest)
        home = homes[key] if key is not None else session
        moved[home].append(digest)
        if home != session:
            took[session] = home
    for session in [s for s in took if not any(isinstance(d, LogDigest | LedgerDigest) for d in moved[s])]:
        moved[took[session]] += moved.pop(session)
    return dict(moved)


def once(digests: Sequence[_Read], copies: dict[Address, tuple[Address, ...]]) -> tuple[_Read, ...]:
    """One digest a content, the others' addresses added to ``copies`` under the kept one's.

    Tables of one content but different names stay apart while they hold no row: two days' headers are
    equal text and still two ledgers. Of equals the one that is called like most others is kept: a part of a
    rotated log must not leave its stream for a copy's name.
    """
    stems = Counter(_stem(digest) for digest in digests)
    groups: dict[tuple[str | Address, str], list[_Read]] = defaultdict(list)
    for digest in digests:
        # What was not hashed is known to have no copy.
        content = digest.sha256 or digest.address
        groups[content, "" if _content(digest) else _name(digest)].append(digest)
    kept: list[_Read] = []
    for group in groups.values():
        group.sort(key=lambda d: (-stems[_stem(d)], _first(d)))
        kept.append(group[0])
        if group[1:]:
            copies[group[0].address] = tuple(d.address for d in group[1:])
    return tuple(sorted(kept, key=lambda d: d.address))


def without_earlier_copies(
    ledgers: Sequence[LedgerDigest], copies: dict[Address, tuple[Address, ...]]
) -> tuple[LedgerDigest, ...]:
    """Drops ledgers that were copied before more rows were written, or with other line ends.

    The rows of such a copy are the first ones of a longer ledger, or all those of another; nothing else, no
    damaged line, stands in it.
    """
    kept: list[LedgerDigest] = []
    for digest in sorted(ledgers, key=lambda d: (-len(d.ledger.rows), _first(d))):
        whole = next((other for other in kept if _begins(digest, other)), None)
        if whole is None:
            kept.append(digest)
        else:
            more = digest.address, *copies.pop(digest.address, ())
            copies[whole.address] = (*copies.get(whole.address, ()), *more)
    return tuple(sorted(kept, key=lambda d: d.address))


def _begins(part: LedgerDigest, whole: LedgerDigest) -> bool:
    ours, theirs = part.ledger, whole.ledger
    if not ours.rows or ours.header != theirs.header or len(ours.rejected) > ours.torn_tail:
        return False
    return all(a.cells == b.cells for a, b in zip(ours.rows, theirs.rows, strict=False))


def _content(digest: Digest) -> tuple[str, str] | None:
    """What makes two sources copies wherever they lie; None when they hold too little to tell."""
    match digest:
        case LogDigest():
            return ("log", digest.sha256) if digest.records and digest.sha256 else None
        case LedgerDigest():
            return ("ledger", digest.sha256) if digest.ledger.rows else None
        case HealthDigest():
            return ("health", digest.sha256) if digest.health.rows else None
        case OtherDigest():
            return None


def _first(digest: Digest) -> tuple[bool, int, Address]:
    """The original before its copies: a plain file, high up, by name."""
    return bool(digest.address.member), digest.address.path.count("/"), digest.address


def _stem(digest: LogDigest | LedgerDigest | HealthDigest) -> str:
    return stream_stem(digest.address.member or digest.address.path)


def _name(digest: LogDigest | LedgerDigest | HealthDigest) -> str:
    return PurePosixPath(digest.address.member or digest.address.path).name
