"""Converts naive times with a stated zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from logaudit.errors import UserError
from logaudit.model.stamp import SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fixed_offset(zone: str, at: int) -> int:
    """Seconds east of UTC that ``zone`` (``+03:00``, ``Europe/Moscow``, ``UTC``) has at naive µs ``at``.

    Raises:
        UserError: no such zone.
    """
    text = zone.strip()
    if text[:1] in "+-" and len(text) > 1:
        digits = text[1:].replace(":", "")
        if not digits.isdigit() or len(digits) > 4:  # noqa: PLR2004 - hours and minutes
            raise UserError(f"{zone!r} is not a UTC offset.", "Write it as +03:00.")
        digits = digits.zfill(2).ljust(4, "0")
        seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
        return -seconds if text[0] == "-" else seconds
    from dateutil import tz  # noqa: PLC0415 - zones are rarely named

    found = tz.gettz(text) if text.upper() not in ("UTC", "Z") else tz.UTC
    if found is None:
        raise UserError(f"There is no time zone named {zone!r}.", "Use a name like Europe/Moscow, or +03:00.")
    local = (_EPOCH + timedelta(microseconds=at)).replace(tzinfo=found)
    offset = local.utcoffset()
    return round(offset.total_seconds()) if offset is not None else 0


def to_utc(us: int, offset: int) -> int:
    """Naive local µs → UTC µs for an offset in seconds east."""
    return us - offset * SECOND
