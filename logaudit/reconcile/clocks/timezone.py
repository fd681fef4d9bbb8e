"""Converts naive times with a stated zone."""

from __future__ import annotations

from datetime import tzinfo

from logaudit.core.errors import UserError
from logaudit.core.timestamp import SECOND, is_offset_like, offset_of_instant, offset_of_local, parse_zone


def fixed_offset(zone: str, at: int) -> int:
    """Seconds east of UTC that ``zone`` (``+03:00``, ``Europe/Moscow``, ``UTC``) has at naive µs ``at``.

    Raises:
        UserError: no such zone.
    """
    return offset_of_local(_zone(zone), at)


def offset_at(zone: str, utc: int) -> int:
    """As `fixed_offset`, at a UTC instant: exact in the hours around a change of the clock too.

    Raises:
        UserError: no such zone.
    """
    return offset_of_instant(_zone(zone), utc)


def _zone(text: str) -> tzinfo:
    found = parse_zone(text)
    if found is None and is_offset_like(text):
        raise UserError(
            f"{text!r} is not a UTC offset.",
            "Write two digits for the hour and two for the minute, like +03:00 or -05:30, from -12:00 to +14:00.",
        )
    if found is None:
        near = nearest_zone(text)
        remedy = f"Did you mean {near}?" if near else "Use a name like Europe/Moscow, or +03:00."
        raise UserError(f"There is no time zone named {text!r}.", remedy)
    return found


def nearest_zone(text: str) -> str:
    """The zone that a misspelt name means, or a city without its continent; empty where none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - zones are rarely misspelt
    from zoneinfo import available_timezones  # noqa: PLC0415 - as above

    names = sorted(available_timezones(), key=lambda name: (name.count("/") != 1, name))
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(name.lower(), name)
        known.setdefault(name.rpartition("/")[2].lower(), name)
    return next(
        (known[match] for match in get_close_matches(text.strip().lower(), known, 1, cutoff=0.75)), ""
    )


def to_utc(us: int, offset: int) -> int:
    """Naive local µs → UTC µs for an offset in seconds east."""
    return us - offset * SECOND
