"""Finds the year, or the day, of logs that print none: from their names, their neighbours, their file times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from logaudit.core.location import Address, SourceKind
from logaudit.core.timestamp import DAY, MINUTE, day_of
from logaudit.ingest.dating import with_date
from logaudit.ingest.source_extract import (
    DateSource,
    LedgerExtract,
    LogExtract,
    OtherExtract,
    SourceExtract,
    Undated,
)
from logaudit.sources import name_date


def place_undated(
    extracts: Sequence[SourceExtract], modified: Callable[[Address], int | None]
) -> list[SourceExtract]:
    """The extracts of one session, its undated logs placed in time; one of which nothing tells is no log.

    Args:
        modified: when a file was last written, µs since 1970 UTC; None where nothing tells.
    """
    if not any(isinstance(e, LogExtract) and e.undated for e in extracts):
        return list(extracts)
    beside = sorted(_times(extracts))
    return [_placed(e, beside, modified) if isinstance(e, LogExtract) and e.undated else e for e in extracts]


def _times(extracts: Iterable[SourceExtract]) -> Iterator[int]:
    """What dates the session: its rows, and where its other logs begin and end; naive µs."""
    for extract in extracts:
        if isinstance(extract, LedgerExtract):
            yield from (row.at.us for row in extract.ledger.rows)
        elif isinstance(extract, LogExtract) and not extract.undated and extract.records:
            yield from (extract.earliest, extract.latest)


def _placed(
    log: LogExtract, beside: Sequence[int], modified: Callable[[Address], int | None]
) -> SourceExtract:
    named = name_date(log.address.member or log.address.path)
    if named is not None:
        return with_date(log, _begun(log, named), DateSource.NAME)
    if beside:
        first = _fitting(log, beside)
        if first is not None:
            return with_date(log, first, DateSource.NEIGHBOURS)
    elif (written := modified(log.address)) is not None:
        return with_date(log, _ended(log, written), DateSource.FILE_TIME)
    return OtherExtract(log.address, SourceKind.UNDATED_LOG, log.size, log.problem)


def _begun(log: LogExtract, named: date) -> date:
    """A name bears the first day, or that of the rotation: a log of December may be rotated in January."""
    later = log.undated is Undated.YEAR and day_of(log.earliest).month > named.month
    return named.replace(year=named.year - 1, day=1) if later else named


def _fitting(log: LogExtract, beside: Sequence[int]) -> date | None:
    """The day, or the first day of the year, that puts the most of ``beside`` into the log's time; None for a tie."""
    days = sorted({day_of(us) for us in beside})
    if log.undated is Undated.DAY:
        slack, possible = (
            MINUTE,
            {day - timedelta(days=back) for day in days for back in range(log.latest // DAY + 1)},
        )
    else:
        # Clocks may differ by hours, which no year is mistaken for.
        slack, possible = DAY, {date(day.year - back, 1, 1) for day in days for back in (0, 1)}
    counts: dict[int, list[date]] = {}
    for first in sorted(possible):
        placed = with_date(log, first, DateSource.NEIGHBOURS)
        inside = sum(placed.earliest - slack <= us <= placed.latest + slack for us in beside)
        counts.setdefault(inside, []).append(first)
    best = max(counts)
    return counts[best][0] if best and len(counts[best]) == 1 else None


def _ended(log: LogExtract, written: int) -> date:
    """The first day of a log whose last record lies nearest to a time; of a year, the last that is over by then."""
    if log.undated is Undated.DAY:
        return day_of(round((written - log.latest) / DAY) * DAY)
    year = day_of(written + DAY).year
    last = with_date(log, date(year, 1, 1), DateSource.FILE_TIME).latest
    return date(year - (last > written + DAY), 1, 1)
