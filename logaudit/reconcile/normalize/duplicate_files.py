"""The same content met twice counts once: copies are found by content, and their addresses kept."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, TypeVar

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Address
from logaudit.ingest.codec import HeldExtract
from logaudit.ingest.source_extract import (
    ExtractKind,
    ExtractSummary,
    HealthExtract,
    LedgerExtract,
    LogExtract,
    SourceExtract,
    summary_of,
)
from logaudit.sources import rotation_age, stream_stem

_Read = TypeVar("_Read", LogExtract, LedgerExtract, HealthExtract)
#: What makes a session; without any it joins another.
_KEPT: Final = frozenset({ExtractKind.LOG, ExtractKind.LEDGER})
#: The age of a file whose name has neither a time nor a counter.
_UNNUMBERED: Final = rotation_age("app.log")
#: How people and programs name what they set aside.
_SET_ASIDE: Final = lazy_pattern(
    r"(?:^|[^a-z])(?:backups?|bak|old|orig|copy|prev|saved?)(?:[^a-z]|$)|~$", re.IGNORECASE
)


def is_set_aside(address: Address) -> bool:
    """Whether a file's name, or its folder's, says that it is a copy of another."""
    return _SET_ASIDE.search(f"{address.path}/{address.member}") is not None


def at_home(by_session: Mapping[str, Sequence[HeldExtract]]) -> dict[str, list[HeldExtract]]:
    """Moves copies that lie in other sessions (a backup of the folder) to the session of their original.

    A session that is left without a log and without a ledger joins the one that took its content.
    """
    homes: dict[tuple[str, str], str] = {}
    everything = [(session, d) for session in sorted(by_session) for d in by_session[session]]
    for session, extract in sorted(everything, key=lambda item: first_of_equals(item[1].summary)):
        if (key := _content(extract.summary)) is not None:
            homes.setdefault(key, session)
    moved: dict[str, list[HeldExtract]] = defaultdict(list)
    took: dict[str, str] = {}
    for session, extract in everything:
        key = _content(extract.summary)
        home = homes[key] if key is not None else session
        moved[home].append(extract)
        if home != session:
            took[session] = home
    for session in [s for s in took if not any(d.summary.kind in _KEPT for d in moved[s])]:
        moved[took[session]] += moved.pop(session)
    return dict(moved)


def once(extracts: Sequence[_Read], copies: dict[Address, tuple[Address, ...]]) -> tuple[_Read, ...]:
    """One extract a content, the others' addresses added to ``copies`` under the kept one's.

    Tables of one content but different names stay apart while they hold no row: two days' headers are
    equal text and still two ledgers. Of equals the one that is called like most others is kept: a part of a
    rotated log must not leave its stream for a copy's name. Small parts of two logs may be equal: they stay, each in
    its log, where both logs have lines of their own.
    """
    stems = Counter(_stem(extract) for extract in extracts)
    groups: dict[tuple[str | Address, str], list[_Read]] = defaultdict(list)
    for extract in extracts:
        # What was not hashed is known to have no copy.
        content = extract.sha256 or extract.address
        apart = _number(extract) if _content(summary_of(extract)) else _name(extract)
        groups[content, apart].append(extract)
    kept: list[_Read] = []
    logs = _of_their_own(groups.values())
    for group in groups.values():
        group.sort(key=lambda d: (-stems[_stem(d)], first_of_equals(d)))
        told: set[str] = set()
        others: list[Address] = []
        for extract in group:
            stem = _stem(extract)
            if not told or (stem in logs and stem not in told):
                kept.append(extract)
            else:
                others.append(extract.address)
            told.add(stem)
        if others:
            copies[group[0].address] = tuple(others)
    return tuple(sorted(kept, key=lambda d: d.address))


def _number(extract: LogExtract | LedgerExtract | HealthExtract) -> str:
    """What numbers a part of a log that was written in one moment: the next part may be equal, and is no copy.

    Parts that tell of a longer time are never equal.
    """
    if not isinstance(extract, LogExtract) or extract.earliest != extract.latest or not extract.records:
        return ""
    age = rotation_age(_name(extract))
    return str(age) if age != _UNNUMBERED else ""


def _of_their_own(groups: Iterable[Sequence[LogExtract | LedgerExtract | HealthExtract]]) -> set[str]:
    """The stems of logs that have a part which no log of another name has."""
    found: set[str] = set()
    for group in groups:
        names = {_stem(d) for d in group if isinstance(d, LogExtract) and not is_set_aside(d.address)}
        if len(names) == 1:
            found |= names
    return found


def _content(extract: ExtractSummary) -> tuple[str, str] | None:
    """What makes two sources copies wherever they lie; None when they hold too little to tell."""
    # What was not hashed is known to have no copy.
    told = extract.holds and (extract.sha256 or extract.kind is not ExtractKind.LOG)
    return (extract.kind, extract.sha256) if told else None


def first_of_equals(extract: ExtractSummary | SourceExtract) -> tuple[bool, int, Address]:
    """The original before its copies: a plain file, high up, by name."""
    return bool(extract.address.member), extract.address.path.count("/"), extract.address


def _stem(extract: LogExtract | LedgerExtract | HealthExtract) -> str:
    return stream_stem(extract.address.member or extract.address.path)


def _name(extract: LogExtract | LedgerExtract | HealthExtract) -> str:
    return PurePosixPath(extract.address.member or extract.address.path).name
