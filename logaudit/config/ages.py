"""Ages as settings write them: ``26h``, ``90m``, ``1d12h``."""

from __future__ import annotations

import re
from datetime import timedelta
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
