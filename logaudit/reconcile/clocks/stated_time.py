"""Reads a moment that a user states, in the logs' own clock."""

from __future__ import annotations

from datetime import datetime

from logaudit.core.errors import UserError
from logaudit.core.timestamp import SECOND, us_of
from logaudit.reconcile.clocks.timezone import offset_at


def parse_time(text: str, zone: str) -> int:
    """Naive µs of a date or time such as ``2025-11-28``, ``2025-11-28 05:13``, ``2025-11-28T02:13:38Z``.

    A date means its midnight. A time that states an offset is brought to the logs' clock by ``zone``.

    Raises:
        UserError: no date or time, or an offset without a zone to relate it to.
    """
    try:
        stated = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UserError(
            f"{text!r} is not a time.",
            "Write it like 2025-11-28, '2025-11-28 05:13:38', yesterday, 24h or 7d.",
        ) from None
    at = us_of(stated)
    offset = stated.utcoffset()
    if offset is None:
        return at
    if not zone:
        raise UserError(
            f"{text!r} states a zone, but that of the logs is not known.",
            "Give the time in the logs' own clock, or their zone with --tz.",
        )
    utc = at - round(offset.total_seconds()) * SECOND
    return utc + offset_at(zone, utc) * SECOND
