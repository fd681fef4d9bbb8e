"""Time that runs back from one part of a rotated log to the next, which no part shows by itself.

Names tell which part was written last: the file without a counter after ``.1``, that after ``.2``, and the file without
a time in its name after those with one. Sinks and copies of one log share such names too: they tell the same events,
and are no parts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

from msgspec.structs import replace

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.ingest.log_stats import JUMP
from logaudit.ingest.source_extract import ClockJump, LogExtract
from logaudit.reconcile.normalize.clock_turns import ClockTurn
from logaudit.sources import name_stamp
from logaudit.sources.magic import archive_suffix

_NUMBERED: Final = lazy_pattern(
    r"(?P<base>.+\.(?:log|txt|jsonl|json))(?:\.(?P<number>\d{1,3}))?", re.IGNORECASE
)


def with_part_jumps(logs: Sequence[LogExtract], turns: Sequence[ClockTurn]) -> tuple[LogExtract, ...]:
    """The sources, each part that begins before the one written before it has ended with that jump.

    Args:
        turns: changes of daylight time, which are no jumps.
    """
    known = {turn.location.address for turn in turns}
    jumps = {
        after.address: ClockJump(before.last.us, after.first.us, 1, 0, "")
        for before, after in (*_numbered(logs), *_stamped(logs))
        if before.last is not None
        and after.first is not None
        and before.last.order - after.first.order > JUMP
        and not known & {before.address, after.address}
        and not _tell_alike(before, after)
    }
    return tuple(
        replace(log, jumps=(jumps[log.address], *log.jumps)) if log.address in jumps else log for log in logs
    )


def _numbered(logs: Sequence[LogExtract]) -> Iterator[tuple[LogExtract, LogExtract]]:
    """Each part with the one written after it, where counters tell: ``app.log.2``, ``app.log.1``, ``app.log``."""
    parts: dict[str, dict[int, LogExtract]] = defaultdict(dict)
    for log in _dated(logs):
        if (shape := _NUMBERED.fullmatch(_plain(log.address.path))) is not None and not log.address.member:
            parts[shape["base"]].setdefault(int(shape["number"] or 0), log)
    for numbers in parts.values():
        for before, after in pairwise(sorted(numbers, reverse=True)):
            if before - after == 1:
                yield numbers[before], numbers[after]


def _stamped(logs: Sequence[LogExtract]) -> Iterator[tuple[LogExtract, LogExtract]]:
    """The part that reaches farthest and the file still written to, where both tell of one time.

    A file that begins before the part may be a sink of its own: then it tells the part's events, if there are any.
    """
    live = [log for log in _dated(logs) if name_stamp(_name(log)) is None and not log.address.member]
    rotated = [log for log in _dated(logs) if name_stamp(_name(log)) is not None]
    for after in live:
        path = PurePosixPath(after.address.path)
        parts = [
            log
            for log in rotated
            if PurePosixPath(log.address.path).parent == path.parent
            and _name(log).startswith(f"{path.stem}.")
            and log.earliest <= after.latest
            and (log.earliest < after.earliest or log.matches)
        ]
        if parts:
            yield max(parts, key=lambda log: (log.latest, log.address)), after


def _dated(logs: Sequence[LogExtract]) -> Iterator[LogExtract]:
    return (log for log in logs if log.undated is None and log.first is not None)


def _name(log: LogExtract) -> str:
    return PurePosixPath(log.address.path).name


def _plain(path: str) -> str:
    return path.removesuffix(archive_suffix(path))


def _tell_alike(one: LogExtract, other: LogExtract) -> bool:
    """Whether both hold one event: the same words at the same time."""
    told = {(m.stamp.us, m.text) for m in one.matches if m.stamp is not None}
    return any(m.stamp is not None and (m.stamp.us, m.text) in told for m in other.matches)
