"""Blocks that were written at once: which figures are whose is asked of the rows, where they tell it.

Lines of one kind are dealt out to such blocks in the order of their headlines; threads need not keep it. A row of a
close's market whose figures all stand in these blocks, but not all in the close's own, shows that they did not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from itertools import islice
from operator import or_
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import Event, Value, captures_of
from logaudit.core.fields import NUMBERS, FieldName, TradeFields
from logaudit.core.money import agree
from logaudit.core.trades import symbol_key
from logaudit.ingest.source_extract import LedgerExtract
from logaudit.reconcile.number_index import NumberIndex, places_in, set_of

#: Of more blocks at once the lines stay as they are dealt.
_MOST: Final = 64
#: So many figures of a row must stand in the blocks.
_FEWEST: Final = 2
#: So many rows that fit are compared; more are trades of equal figures, which tell nothing apart.
_ROWS: Final = 8
#: Results that a log calls one thing and a table another.
_RESULTS: Final = frozenset({FieldName.NET_PNL, FieldName.PNL})


def with_figures_of_rows(events: Sequence[Event], ledgers: Iterable[LedgerExtract]) -> tuple[Event, ...]:
    """The events, those whose blocks were written at once with the figures that rows show to be theirs."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, event in enumerate(events):
        if event.dealt is not None and event.fields.symbol:
            groups[event.dealt.group].append(number)
    several = [group for group in groups.values() if 1 < len(group) <= _MOST]
    if not several:
        return tuple(events)
    rows = _Rows(ledgers, {symbol_key(events[number].fields.symbol) for group in several for number in group})
    found = list(events)
    for group in several:
        for number, event in zip(group, _settled([events[n] for n in group], rows), strict=True):
            found[number] = event
    return tuple(found)


class _Rows:
    """The rows of some markets, found by the numbers that they show."""

    def __init__(self, ledgers: Iterable[LedgerExtract], markets: set[str]) -> None:
        self._rows: dict[str, list[TradeFields]] = defaultdict(list)
        self._indexes: dict[tuple[str, FieldName], tuple[int, NumberIndex]] = {}
        for ledger in ledgers:
            for row in ledger.ledger.rows:
                if (market := symbol_key(row.fields.symbol)) in markets:
                    self._rows[market].append(row.fields)

    def of(self, event: Event, pools: Mapping[FieldName, Sequence[Value]]) -> list[TradeFields]:
        """The rows of the event's market and side that show no number but such as stand in the pools, and enough."""
        market = symbol_key(event.fields.symbol)
        rows = self._rows.get(market, [])
        fitting = (1 << len(rows)) - 1
        for name, pool in pools.items():
            if name in NUMBERS and fitting:
                shown, index = self._index(market, name)
                pooled = (index.agreeing(value) for value in pool if isinstance(value, Decimal))
                fitting &= ~shown | reduce(or_, pooled, 0)
        found = (rows[place] for place in islice(places_in(fitting), _ROWS))
        return [
            row
            for row in found
            if (row.side is None or event.fields.side is None or row.side is event.fields.side)
            and sum(name in NUMBERS and _of_row(row, name) is not None for name in pools) >= _FEWEST
        ]

    def _index(self, market: str, name: FieldName) -> tuple[int, NumberIndex]:
        """Of a market's rows those that show a number, and by which."""
        known = self._indexes.get((market, name))
        if known is None:
            told = [(place, _of_row(row, name)) for place, row in enumerate(self._rows[market])]
            shown = [(place, value) for place, value in told if isinstance(value, Decimal)]
            known = set_of([place for place, _ in shown]) if shown else 0, NumberIndex(shown)
            self._indexes[market, name] = known
        return known


def _of_row(row: TradeFields, name: FieldName) -> Value | None:
    value: Value | None = getattr(row, name.value, None)
    if value is None and name in _RESULTS:
        return row.result
    return value or None if isinstance(value, str) else value


def _settled(group: Sequence[Event], rows: _Rows) -> Sequence[Event]:
    """The blocks of one group; as they were where rows tell nothing, or contradict one another."""
    pools: dict[FieldName, list[Value]] = defaultdict(list)
    for event in group:
        for name in _dealt(event):
            pools[name].append(event.captures.values[name])
    told = [_told(event, _own_rows(event, group, rows.of(event, pools)), pools) for event in group]
    if not any(_differs(event, values) for event, values in zip(group, told, strict=True)):
        return group
    for name, pool in pools.items():
        if not _deal(name, pool, group, told):
            return group
    return [_with(event, values) for event, values in zip(group, told, strict=True)]


def _own_rows(event: Event, group: Sequence[Event], rows: Sequence[TradeFields]) -> Sequence[TradeFields]:
    """The rows that may be a block's: those it shows as it is, else those that no other block of its market shows."""
    own = [row for row in rows if _shows(event, row)]
    market = symbol_key(event.fields.symbol)
    rivals = [other for other in group if other is not event and symbol_key(other.fields.symbol) == market]
    return own or [row for row in rows if not any(_shows(other, row) for other in rivals)]


def _shows(event: Event, row: TradeFields) -> bool:
    told = ((event.captures.values[name], _of_row(row, name)) for name in _dealt(event))
    return all(shown is None or _alike(value, shown) for value, shown in told)


def _dealt(event: Event) -> Iterable[FieldName]:
    names = event.dealt.names if event.dealt is not None else frozenset()
    return sorted(name for name in names if name in event.captures.values)


def _told(
    event: Event, rows: Sequence[TradeFields], pools: Mapping[FieldName, Sequence[Value]]
) -> dict[FieldName, Value | None]:
    """What of the pools the rows show for one block, empty where they tell nothing or not the same."""
    readings: list[dict[FieldName, Value | None]] = []
    for row in rows:
        reading: dict[FieldName, Value | None] = {}
        for name in _dealt(event):
            own, shown = event.captures.values[name], _of_row(row, name)
            if shown is None:
                continue
            alike = [value for value in pools[name] if _alike(value, shown)]
            if alike:
                reading[name] = own if own in alike else alike[0]
        if reading not in readings:
            readings.append(reading)
    return readings[0] if len(readings) == 1 else {}


def _differs(event: Event, values: Mapping[FieldName, Value | None]) -> bool:
    return any(event.captures.values[name] != value for name, value in values.items())


def _deal(
    name: FieldName,
    pool: Sequence[Value],
    group: Sequence[Event],
    told: Sequence[dict[FieldName, Value | None]],
) -> bool:
    """Gives out what is left of a pool when each row has its own; false if two rows ask for one line's.

    A lone block without a row has what no row asks for. Of several it is not known; they keep theirs as long as no
    row has taken one of these.
    """
    left = list(pool)
    for values in told:
        if name in values:
            if (value := values[name]) not in left:
                return False
            left.remove(value)
    waiting = [i for i, event in enumerate(group) if name not in told[i] and name in _dealt(event)]
    if len(waiting) == 1:
        told[waiting[0]][name] = left[0]
        return True
    own = [group[i].captures.values[name] for i in waiting]
    kept = len(own) == len(left) and all(own.count(value) == left.count(value) for value in own)
    for i in waiting:
        told[i][name] = group[i].captures.values[name] if kept else None
    return True


def _alike(one: Value, other: Value) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return agree(one, other)
    return str(one).casefold() == str(other).casefold()


def _with(event: Event, values: Mapping[FieldName, Value | None]) -> Event:
    shown = {name: values.get(name, value) for name, value in event.captures.values.items()}
    return replace(
        event, captures=captures_of({name: value for name, value in shown.items() if value is not None})
    )
