"""Converts naive times with a stated zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo

from logaudit.core.errors import UserError
from logaudit.core.timestamp import SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fixed_offset(zone: str, at: int) -> int:
    """Seconds east of UTC that ``zone`` (``+03:00``, ``Europe/Moscow``, ``UTC``) has at naive µs ``at``.

    Raises:
        UserError: no such zone.
    """
    return _seconds((_EPOCH + timedelta(microseconds=at)).replace(tzinfo=_zone(zone)))


def offset_at(zone: str, utc: int) -> int:
    """As `fixed_offset`, at a UTC instant: exact in the hours around a change of the clock too.

    Raises:
        UserError: no such zone.
    """
    return _seconds((_EPOCH + timedelta(microseconds=utc)).astimezone(_zone(zone)))


def _seconds(at: datetime) -> int:
    offset = at.utcoffset()
    return round(offset.total_seconds()) if offset is not None else 0


def _zone(text: str) -> tzinfo:
    name = text.strip()
    if name[:1] in "+-" and len(name) > 1:
        digits = name[1:].replace(":", "")
        if not digits.isdigit() or len(digits) > 4:  # noqa: PLR2004 - hours and minutes
            raise UserError(f"{text!r} is not a UTC offset.", "Write it as +03:00.")
        digits = digits.zfill(2).ljust(4, "0")
        east = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        if east >= timedelta(days=1):
            raise UserError(f"{text!r} is not a UTC offset.", "Write it as +03:00.")
        return timezone(-east if name[0] == "-" else east)
    from dateutil import tz  # noqa: PLC0415 - zones are rarely named

    found = tz.gettz(name) if name.upper() not in ("UTC", "Z") else tz.UTC
    if found is None:
        raise UserError(f"There is no time zone named {text!r}.", "Use a name like Europe/Moscow, or +03:00.")
    return found


def to_utc(us: int, offset: int) -> int:
    """Naive local µs → UTC µs for an offset in seconds east."""
    return us - offset * SECOND
