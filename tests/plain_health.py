"""A health table read line by line: what the reader of whole stretches is held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from logaudit.core.location import Address
from logaudit.ledger import Health
from logaudit.ledger.health import HealthReader
from logaudit.profiles.profile import HealthFile


def parse_health(
    numbered: Iterable[tuple[int, bytes]],
    address: Address,
    spec: HealthFile | None,
    *,
    ended: Callable[[], bool] | None = None,
) -> Health:
    """Reads cleaned lines, each with its byte offset."""
    reader = HealthReader(address, spec)
    reader.run(numbered)
    reader.end()
    return reader.health(spec, ended)
