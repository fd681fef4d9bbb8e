"""Position events → closes and opens with exact numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from logaudit.model.events import Event, FieldName
from logaudit.model.location import Location
from logaudit.model.money import parse_decimal
from logaudit.model.stamp import Stamp
from logaudit.model.trades import Close, Side


class Open(Struct, frozen=True):
    """One logged open; fields as in `Close`."""

    symbol: str
    side: Side | None
    at: Stamp
    entry: Decimal | None
    size: Decimal | None
    event: Event

    @property
    def location(self) -> Location:
        """The line that proves it."""
        return self.event.locations[0]


def side_of(text: str, sides: Mapping[str, str]) -> Side | None:
    """The side a word means in this profile, None for an unknown word."""
    word = sides.get(text.strip().lower())
    return Side(word) if word in ("long", "short") else None


def close_of(event: Event, sides: Mapping[str, str]) -> Close:
    """A position-closed event with its numbers parsed; text that is no number counts as not logged."""

    def number(name: FieldName) -> Decimal | None:
        return parse_decimal(event.get(name))

    return Close(
        symbol=event.get(FieldName.SYMBOL),
        side=side_of(event.get(FieldName.SIDE), sides),
        at=event.at,
        entry=number(FieldName.ENTRY_PRICE),
        exit=number(FieldName.EXIT_PRICE),
        size=number(FieldName.SIZE),
        contracts=number(FieldName.CONTRACTS),
        gross=number(FieldName.GROSS_PNL),
        net=number(FieldName.NET_PNL),
        pnl=number(FieldName.PNL),
        commission=number(FieldName.COMMISSION),
        duration=number(FieldName.DURATION_SEC),
        reason=event.get(FieldName.REASON),
        emitter=event.emitter,
        event=event,
    )


def open_of(event: Event, sides: Mapping[str, str]) -> Open:
    """A position-opened event with its numbers parsed."""
    return Open(
        symbol=event.get(FieldName.SYMBOL),
        side=side_of(event.get(FieldName.SIDE), sides),
        at=event.at,
        entry=parse_decimal(event.get(FieldName.ENTRY_PRICE)),
        size=parse_decimal(event.get(FieldName.SIZE)) or parse_decimal(event.get(FieldName.CONTRACTS)),
        event=event,
    )
