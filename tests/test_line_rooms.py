"""The line that may be a close's row is found among very many as if each of them were looked at."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from logaudit.core.events import Captures, Emitter, Event, EventKind
from logaudit.core.fields import NUMBERS, PositionSide, TradeFields
from logaudit.core.location import Location
from logaudit.core.money import agree
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.core.trades import symbol_key
from logaudit.reconcile.line_rooms import LineRooms
from logaudit.reconcile.rooms import Room, RoomReason, is_telling, may_record

_NUMBERS = (
    "1.5",
    "1.50",
    "1.49",
    "100",
    "100.3",
    "99.7",
    "1e2",
    "-100",
    "0.001",
    "1234.5",
    "1234.45",
    "12345678",
)
_MARKETS = ("BTC/USDT", "1000PEPE/USDT", "PEPE/USDT", "700")


def _number(dice: random.Random) -> Decimal | None:
    return None if dice.random() < 0.2 else Decimal(dice.choice(_NUMBERS))


def _fields(dice: random.Random) -> TradeFields:
    return TradeFields(
        symbol=dice.choice(_MARKETS),
        side=dice.choice((None, PositionSide.LONG)),
        entry_price=_number(dice),
        exit_price=_number(dice),
        size=_number(dice),
        net_pnl=_number(dice),
    )


def _close(fields: TradeFields, at: int) -> Event:
    told = Captures(fields=fields)
    return Event(
        EventKind.POSITION_CLOSED, Stamp(at), "bot", Emitter(), "", told, "closed", (Location("bot.log"),)
    )


def _room(dice: random.Random, line: int) -> Room:
    place = Location("trades.csv", "", line)
    if dice.random() < 0.5:
        return Room(RoomReason.UNREAD_DATE, place, fields=_fields(dice))
    return Room(
        RoomReason.REJECTED_ROW,
        place,
        words=frozenset(map(symbol_key, dice.sample(_MARKETS, 2))),
        numbers=frozenset(Decimal(n) for n in dice.sample(_NUMBERS, 3)),
        times=tuple(dice.randrange(100) * SECOND for _ in range(dice.randrange(2))),
        any_market=dice.random() < 0.3,
        lacks_time=dice.random() < 0.3,
    )


def _looked_at_one_by_one(rooms: list[Room], close: Event, whole: TradeFields | None) -> Room | None:
    for room in rooms:
        if room.fields is not None:
            if may_record(room.fields, close.fields) or (
                whole is not None and may_record(room.fields, whole)
            ):
                return room
        elif room.any_market or symbol_key(close.fields.symbol) in room.words:
            told = [getattr(close.fields, name) for name in NUMBERS]
            shown = {v.copy_abs() for v in told if v is not None and is_telling(v)}
            equal = sum(any(agree(v, n.copy_abs()) for n in room.numbers) for v in shown)
            soon = any(abs(at - close.at.us) <= 5 * SECOND for at in room.times)
            if soon or equal >= (1 if room.lacks_time else 2):
                return room
    return None


@pytest.mark.parametrize("seed", range(150))
def test_the_first_line_is_the_one_that_a_look_at_each_finds(seed):
    dice = random.Random(seed)  # noqa: S311 - chance, no secret
    rooms = [_room(dice, n) for n in range(dice.randrange(12))]
    lines = LineRooms(rooms, frozenset(map(symbol_key, _MARKETS[:2])))
    for _ in range(10):
        close = _close(_fields(dice), dice.randrange(100) * SECOND)
        whole = _fields(dice) if dice.random() < 0.3 else None
        assert lines.first(close, whole) == _looked_at_one_by_one(rooms, close, whole)
