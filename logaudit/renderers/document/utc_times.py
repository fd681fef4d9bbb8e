"""Times as written → UTC, only as far as the zone is stated or bounded by evidence."""

from __future__ import annotations

from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.report import Report
from logaudit.core.timestamp import HOUR, MINUTE, SECOND, in_calendar, iso, midnight, parse_offset

_PARTS: Final = lazy_pattern(
    r"(\d{4})[-/.](\d\d)[-/.](\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?"
)
_MICRO: Final = 6
_TO_MINUTE: Final = len("2025-11-28 02:13")
_TO_SECOND: Final = len("2025-11-28 02:13:38")


class Utc:
    """What is known of the clocks of one report."""

    def __init__(self, report: Report) -> None:
        self._offsets: dict[str, list[tuple[int, int]]] = {}
        for offset in report.offsets:
            self._offsets.setdefault(offset.session, []).append((offset.since, offset.seconds))
        self._bounds: dict[str, tuple[int, int]] = {}
        # Only a ledger named by another date than its own log's binds the log's clock: a name that agrees
        # with local time may have been taken in local time.
        for finding in report.findings:
            low, high = finding.data.get("low_seconds"), finding.data.get("high_seconds")
            if isinstance(low, int) and isinstance(high, int):
                before = self._bounds.get(finding.session, (low, high))
                self._bounds[finding.session] = max(low, before[0]), min(high, before[1])

    def format(self, written: str, session: str) -> str:
        """The UTC time, the interval it must lie in, or nothing.

        A time that states its offset needs no more; a stated zone comes next; last come the offsets that
        explain the name of a ledger dated by another zone.
        """
        match = _PARTS.fullmatch(written)
        at = micros(written)
        if match is None or at is None:
            return ""
        digits = len(match[7] or "") if match[6] else -1
        stated = parse_offset(match[8]) if match[8] else self._stated(at, session)
        if stated is not None:
            return _format(at - stated * SECOND, digits)
        bounds = self._bounds.get(session)
        if bounds is None or bounds[0] > bounds[1]:
            return ""
        low, high = bounds
        return f"{_format(at - high * SECOND, digits)} … {_format(at - low * SECOND, digits)}"

    def _stated(self, at: int, session: str) -> int | None:
        """The offset of the stated zone that holds at a moment of a session."""
        known = self._offsets.get(session, [])
        begun = [seconds for since, seconds in known if since <= at]
        return begun[-1] if begun else known[0][1] if known else None


def micros(text: str) -> int | None:
    """Naive microseconds of a written time, None for anything else."""
    match = _PARTS.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(match[i] or 0) for i in range(1, 7))
    day_begins = midnight(year, month, day)
    if day_begins is None or hour > 23 or max(minute, second) > 59:  # noqa: PLR2004 - a clock's own limits
        return None
    fraction = int((match[7] or "0")[:_MICRO].ljust(_MICRO, "0"))
    return day_begins + hour * HOUR + minute * MINUTE + second * SECOND + fraction


def _format(us: int, digits: int) -> str:
    """As ``2025-11-28 02:13:38.049Z``, with the digits that were written; empty outside of the calendar."""
    if not in_calendar(us):
        return ""
    width = _TO_MINUTE if digits < 0 else _TO_SECOND + (digits and 1 + digits)
    return iso(us, 1).replace("T", " ")[:width] + "Z"
