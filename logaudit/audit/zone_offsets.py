"""What the stated zone's offset was during a session, so that renderers need no clock of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from logaudit.core.report import OffsetReport
from logaudit.core.timestamp import DAY, FIRST_YEAR, LAST_YEAR, SECOND, us_of_day
from logaudit.reconcile.clocks import fixed_offset
from logaudit.reconcile.reconciled import Session


def zone_offsets(session: Session, zone: str) -> Iterator[OffsetReport]:
    """One offset for each stretch of the session's logs; nothing without a stated zone or without logs.

    Outside of the years in which bots trade the offset is taken to change no more: a log with one record in the
    year 9999 would be searched day by day.
    """
    span = session.evidence.span
    if not zone or span is None:
        return
    at = span.start - DAY
    known = fixed_offset(zone, at)
    yield OffsetReport(session.root, at, known)
    at, end = (
        max(at, us_of_day(date(FIRST_YEAR, 1, 1))),
        min(span.end + DAY, us_of_day(date(LAST_YEAR, 12, 31))),
    )
    while at < end:
        following = at + DAY
        if fixed_offset(zone, following) != known:
            at = _change(zone, at, following)
            known = fixed_offset(zone, at)
            yield OffsetReport(session.root, at, known)
        at = following


def _change(zone: str, before: int, after: int) -> int:
    """The first second with another offset than that at ``before``."""
    known = fixed_offset(zone, before)
    low, high = before // SECOND, after // SECOND
    while low + 1 < high:
        middle = (low + high) // 2
        if fixed_offset(zone, middle * SECOND) == known:
            low = middle
        else:
            high = middle
    return high * SECOND
