"""What a clock on the wall shows: instants as naive local times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from simulator.plan import SECOND

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Where bots run: whole hours, half hours, with and without daylight saving.
ZONES: Final = (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kolkata", "America/Los_Angeles",
    "Europe/Moscow", "Australia/Adelaide",
)  # fmt: skip


def instant(text: str) -> int:
    """Microseconds of an ISO time in UTC."""
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return (moment - EPOCH) // timedelta(microseconds=1)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo | timezone:
    """A zone by its name, or a fixed offset in seconds written as digits with a sign."""
    if name[0] in "+-":
        return timezone(timedelta(seconds=int(name)))
    return ZoneInfo(name)


def local(at: int, zone: str) -> datetime:
    """The local time, with its offset."""
    return (EPOCH + timedelta(microseconds=at)).astimezone(_zone(zone))


def offset(at: int, zone: str) -> int:
    """Seconds east of UTC."""
    moved = local(at, zone).utcoffset()
    assert moved is not None
    return round(moved.total_seconds())


def steady(start: int, end: int, zone: str) -> bool:
    """Whether the offset is the same from hours before the start to hours after the end."""
    return offset(start - 8 * 3600 * SECOND, zone) == offset(end + 8 * 3600 * SECOND, zone)
