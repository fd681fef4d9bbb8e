"""Lines that may be the row of a close, found among very many without a look at each of them for each close."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from logaudit.core.events import Event
from logaudit.core.fields import NUMBERS, TradeFields
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import symbol_key
from logaudit.reconcile.matching.price_scale import coin_of
from logaudit.reconcile.number_index import Earliest, NumberIndex, places_in, set_of
from logaudit.reconcile.rooms import Room, is_telling, may_record

#: So many numbers of the close, each of so many digits, make a line that cannot be read one that may be its row.
_NUMBERS: Final = 2
#: A line that shows the symbol and a time so near to the close may be its row whatever else it shows.
_SOON: Final = 5 * SECOND
_PRICES: Final = ("entry_price", "exit_price")
#: So many rows are compared with closes whose prices they do not contradict; behind them each such row may be one.
_COMPARED: Final = 500_000
#: A line and its place among all rooms.
_Placed: TypeAlias = tuple[int, Room]


class LineRooms:
    """The lines among the rooms of a session; ``markets`` are the keys of those that its logs name."""

    def __init__(self, rooms: Sequence[Room], markets: frozenset[str]) -> None:
        lines = [(place, room) for place, room in enumerate(rooms) if not room.is_file]
        self._rooms = rooms
        self._read = _ReadLines([line for line in lines if line[1].fields is not None])
        unread = [line for line in lines if line[1].fields is None]
        self._of_any = _UnreadLines([line for line in unread if line[1].any_market])
        self._by_market: dict[str, list[_Placed]] = defaultdict(list)
        self._unread = [line for line in unread if not line[1].any_market]
        for line in self._unread:
            for market in line[1].words & markets:
                self._by_market[market].append(line)
        self._markets = markets
        self._of_market: dict[str, _UnreadLines] = {}

    def first(self, close: Event, whole: TradeFields | None) -> Room | None:
        """The first one that resembles a close, or the position ``whole`` that it belongs to."""
        places = [
            self._of_any.first(close),
            self._named(symbol_key(close.fields.symbol)).first(close),
            self._read.first(close.fields),
            None if whole is None else self._read.first(whole),
        ]
        first = min((place for place in places if place is not None), default=None)
        return None if first is None else self._rooms[first]

    def _named(self, market: str) -> _UnreadLines:
        if market not in self._of_market:
            named = self._by_market.get(market, ())
            if market not in self._markets:
                named = [line for line in self._unread if market in line[1].words]
            self._of_market[market] = _UnreadLines(named)
        return self._of_market[market]


class _UnreadLines:
    """Lines that could not be read: known are the numbers and times that they show."""

    def __init__(self, lines: Sequence[_Placed]) -> None:
        self._places = [place for place, _ in lines]
        rooms = [room for _, room in lines]
        self._lacking_time = set_of([i for i, room in enumerate(rooms) if room.lacks_time])
        self._numbers = NumberIndex((i, n.copy_abs()) for i, room in enumerate(rooms) for n in room.numbers)
        self._times = Earliest((at, i) for i, room in enumerate(rooms) for at in room.times)

    def first(self, close: Event) -> int | None:
        """The place of the first that shows enough numbers of a close, or its time."""
        if not self._places:
            return None
        told: Mapping[str, Decimal | None] = {name: getattr(close.fields, name) for name in NUMBERS}
        once = enough = 0
        for value in {v.copy_abs() for v in told.values() if v is not None and is_telling(v)}:
            showing = self._numbers.agreeing(value)
            enough |= once & showing
            once |= showing
        enough |= once & self._lacking_time
        soon = self._times.within(close.at.us - _SOON, close.at.us + _SOON)
        found = next(places_in(enough), soon)
        if found is None:
            return None
        return self._places[found if soon is None else min(found, soon)]


class _ReadLines:
    """Rows that were read but for their times."""

    def __init__(self, lines: Sequence[_Placed]) -> None:
        self._lines = [(place, room.fields) for place, room in lines if room.fields is not None]
        self._prices: dict[str, Callable[[Decimal], int]] = {}
        self._without: dict[str, int] = {}
        for name in _PRICES:
            shown = [(i, getattr(fields, name)) for i, (_, fields) in enumerate(self._lines)]
            self._without[name] = set_of([i for i, price in shown if price is None])
            self._prices[name] = NumberIndex((i, price) for i, price in shown if price is not None).agreeing
        self._by_coin: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for i, (_, fields) in enumerate(self._lines):
            self._by_coin[coin_of(fields.symbol)][symbol_key(fields.symbol)].append(i)
        self._left = _COMPARED

    def first(self, told: TradeFields) -> int | None:
        """The place of the first that contradicts nothing of a trade."""
        if not self._lines:
            return None
        fitting = (1 << len(self._lines)) - 1
        for name in _PRICES:
            price = getattr(told, name)
            if price is not None:
                fitting &= self._prices[name](price) | self._without[name]
        # A market that counts a thousand coins as one shows other prices.
        for market, rows in self._by_coin.get(coin_of(told.symbol), {}).items():
            if market != symbol_key(told.symbol):
                fitting |= set_of(rows)
        for i in places_in(fitting):
            place, fields = self._lines[i]
            if not self._left:
                return place
            self._left -= 1
            if may_record(fields, told):
                return place
        return None
