"""Closes that name no market: the open before them does, where one position only can be meant.

Several positions in play leave such a close without a market, unless its side, entry price or id tells one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import IDS, FieldName, TradeFields
from logaudit.core.money import agree, difference, product
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import symbol_key

#: Lines that tell one open again follow it within this.
_ECHO: Final = 5 * SECOND
#: What remains of a position by rounding is none.
_DUST: Final = Decimal("0.005")


class _Live(Struct):
    """A position in play; ``left`` is None where its open or a close of it shows no size."""

    opened: Event
    left: Decimal | None


def with_markets(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events in time order, closes without a market with that of the position that they end."""
    closes = [e for e in events if e.kind is EventKind.POSITION_CLOSED]
    if all(map(_names_market, closes)) or not any(e.kind is EventKind.POSITION_OPENED for e in events):
        return tuple(events)
    play = _Play()
    return tuple(play.take(event) for event in events)


def _names_market(event: Event) -> bool:
    unread = any(value.field is FieldName.SYMBOL for value in event.captures.unread)
    return bool(event.fields.symbol) or unread


class _Play:
    """The positions in play, and the one that ended last."""

    def __init__(self) -> None:
        self._live: list[_Live] = []
        self._ended: Event | None = None

    def take(self, event: Event) -> Event:
        """The event with its market; positions begin and end with it."""
        if event.kind is EventKind.POSITION_OPENED and event.fields.symbol:
            self._open(event)
            return event
        if event.kind is not EventKind.POSITION_CLOSED:
            return event
        if _names_market(event):
            own = symbol_key(event.fields.symbol)
            self._end([live for live in self._live if symbol_key(live.opened.fields.symbol) == own], event)
            return event
        return self._named(event)

    def _open(self, event: Event) -> None:
        last = self._live[-1] if self._live else None
        if last is not None and _is_echo(last.opened, event):
            return
        self._live.append(_Live(event, _size(event)))

    def _named(self, event: Event) -> Event:
        fitting = [live for live in self._live if _may_end(live.opened.fields, event.fields)]
        fitting = [live for live in fitting if _tells(live.opened.fields, event.fields)] or fitting
        if len({symbol_key(live.opened.fields.symbol) for live in fitting}) == 1:
            self._end(fitting, event)
            return _of_market(event, fitting[0].opened)
        # Told again, or a part that prints no size: nothing else was in play since.
        alone = self._ended is not None and not self._live and _may_end(self._ended.fields, event.fields)
        return _of_market(event, self._ended) if alone and self._ended is not None else event

    def _end(self, fitting: Sequence[_Live], event: Event) -> None:
        """Takes the close from the oldest of these positions of one market."""
        if not fitting:
            return
        first, size = fitting[0], _size(event)
        whole = _size(first.opened)
        if first.left is not None and size is not None and whole is not None:
            first.left = difference(first.left, size)
            if first.left > product(whole, _DUST):
                return
        self._ended = first.opened
        self._live = [live for live in self._live if live is not first]


def _size(event: Event) -> Decimal | None:
    amount = event.fields.amount
    return None if amount is None else amount.copy_abs()


def _is_echo(first: Event, event: Event) -> bool:
    """Whether an open is told again."""
    ours, theirs = first.fields, event.fields
    alike = symbol_key(ours.symbol) == symbol_key(theirs.symbol) and ours.side is theirs.side
    same = ours.entry_price == theirs.entry_price and ours.amount == theirs.amount
    return alike and same and event.at.us - first.at.us <= _ECHO


def _may_end(opened: TradeFields, close: TradeFields) -> bool:
    """Whether nothing that both print speaks against it."""
    if opened.side is not None and close.side is not None and opened.side is not close.side:
        return False
    if any(_differ(ours, theirs) for ours, theirs in _ids(opened, close)):
        return False
    prices = opened.entry_price, close.entry_price
    return prices[0] is None or prices[1] is None or agree(prices[0], prices[1])


def _tells(opened: TradeFields, close: TradeFields) -> bool:
    """Whether an id or the entry price of a close is that of the open."""
    if any(ours and ours == theirs for ours, theirs in _ids(opened, close)):
        return True
    prices = opened.entry_price, close.entry_price
    return prices[0] is not None and prices[1] is not None and agree(prices[0], prices[1])


def _ids(opened: TradeFields, close: TradeFields) -> Iterable[tuple[str, str]]:
    """Ids of one name; an order's is another one for the close than for the open."""
    names = (name.value for name in IDS if name is not FieldName.ORDER_ID)
    return ((getattr(opened, name), getattr(close, name)) for name in names)


def _differ(ours: str, theirs: str) -> bool:
    return bool(ours and theirs) and ours != theirs


def _of_market(event: Event, opened: Event) -> Event:
    fields = replace(event.fields, symbol=opened.fields.symbol)
    return replace(event, captures=replace(event.captures, fields=fields))
