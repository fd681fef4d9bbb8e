"""Ages as settings write them: ``26h``, ``90m``, ``1d12h``; and the times that they are counted back to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_UNITS: Final = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def parse_age(text: str) -> timedelta | None:
    """The age; None for the empty text. ``text`` has passed the settings' own check.

    One that is too long to count is the longest there is.
    """
    parts = re.findall(r"(\d+)([wdhms])", text)
    if not parts:
        return None
    try:
        return sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in parts), timedelta())
    except (OverflowError, ValueError):
        return timedelta.max


def relative_time(text: str, now: datetime) -> str | None:
    """``today``, ``yesterday`` or an age like ``24h`` or ``7d`` as the ISO time it means; None for anything else.

    Args:
        text: what the user wrote.
        now: the present, in the zone whose days and clock are meant; the result is naive, in that zone.
    """
    word = text.strip().lower()
    here = now.replace(tzinfo=None, microsecond=0)
    midnight = here.replace(hour=0, minute=0, second=0)
    if word in ("today", "yesterday"):
        return (midnight - timedelta(days=word == "yesterday")).date().isoformat()
    if not re.fullmatch(r"(\d+[wdhms])+", word):
        return None
    try:
        # An hour ago is an hour of real time, also where the clock was changed in between.
        then = here.replace(tzinfo=now.tzinfo).astimezone(UTC) - (parse_age(word) or timedelta())
        return then.astimezone(now.tzinfo).replace(tzinfo=None).isoformat(" ")
    except OverflowError:
        return datetime.min.isoformat(" ")  # noqa: DTZ901 - naive, as all times of logs
