"""Thousands of opens and closes of one market: each is as much work as one of ten, and found as in a list of all."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from evidence_factory import event, us
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from work_count import calls_of

from logaudit.core.events import Emitter, Event, EventKind
from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.money import agree, difference, total
from logaudit.core.timestamp import MILLISECOND, MINUTE, SECOND, Stamp
from logaudit.core.trades import PositionStatus
from logaudit.reconcile.positions import Position, build_positions
from logaudit.reconcile.positions.announcements import (
    SIZES,
    same_amount,
    same_entry,
    same_id,
    same_size,
    shared,
)
from logaudit.reconcile.positions.lots import Close, Lot, leaves_some
from logaudit.reconcile.positions.printed_index import PrintedIndex, ResultIndex, results_of
from logaudit.reconcile.positions.shelf import MOST, Shelf
from logaudit.reconcile.positions.telling import telling

START = us("10:00:00")
CONFIRMED, FLAT = EventKind.EXCHANGE_CONFIRMED, EventKind.REPORTED_FLAT
O, C = EventKind.POSITION_OPENED, EventKind.POSITION_CLOSED  # noqa: E741 - the columns of the stories below


def told(kind: EventKind, at: int, line: int, by: int = 88, **values: str) -> Event:
    """What one statement said so many µs after ten."""
    said = event(kind, "10:00:00", line, Emitter("desk.exits", "close", by), symbol="X", **values)
    return replace(said, at=Stamp(START + at, MILLISECOND))


def story(*facts: tuple[Any, ...]) -> list[Event]:
    """Facts, each a kind, a moment and values, with lines of their own."""
    return [told(kind, at, line, **values) for line, (kind, at, values) in enumerate(facts, 1)]


def built(facts: list[Event]) -> tuple[Position, ...]:
    opens, closes, exchange, flat = ([e for e in facts if e.kind is kind] for kind in (O, C, CONFIRMED, FLAT))
    return build_positions(opens, closes, exchange, (), flat=flat)[0]


def price(i: int) -> str:
    """Prices that no two trades share, in no order."""
    return f"{100 + i * 7919 % 10007 / 100:.2f}"


def values(i: int, **more: str) -> dict[str, str]:
    """A close of the long position that was opened at the i-th price."""
    return {"side": "long", "entry_price": price(i), "exit_price": price(i + 1), "net_pnl": f"{i}.25"} | more


def opens(n: int, **more: str) -> list[tuple[Any, ...]]:
    """Positions that are opened in three seconds, each at a price of its own."""
    return [
        (O, i * 3 * SECOND // n, {"side": "long", "entry_price": price(i), "size": "1"} | more)
        for i in range(n)
    ]


def stale(n: int) -> list[tuple[Any, ...]]:
    """Positions whose ends nobody told, then as many that are opened and closed, a minute each."""
    pairs = [
        [
            (O, (10 + i * 2) * MINUTE, {"side": "long", "entry_price": "90.5", "size": "1"}),
            (C, (11 + i * 2) * MINUTE, values(i, entry_price="90.5")),
        ]
        for i in range(n)
    ]
    return [*opens(n), *(fact for pair in pairs for fact in pair)]


def closes(n: int, of: Callable[[int], dict[str, str]], after: int = 5 * SECOND) -> list[tuple[Any, ...]]:
    return [(C, after + i * 3 * SECOND // n, of(i)) for i in range(n)]


CROWDS: dict[str, Callable[[int], list[tuple[Any, ...]]]] = {
    "opens alone": opens,
    "closes alone": lambda n: closes(n, values),
    "each at a price of its own": lambda n: [*opens(n), *closes(n, values)],
    "all equal": lambda n: [
        *opens(n, entry_price="100.5"),
        *closes(n, lambda _i: values(1, entry_price="100.5")),
    ],
    "equal but for the reason": lambda n: [
        *opens(n // 2, entry_price="100.5"),
        *closes(n, lambda i: values(1, entry_price="100.5", reason=f"signal {i}")),
    ],
    "named by ids": lambda n: [
        *(fact for i, (kind, at, v) in enumerate(opens(n)) for fact in [(kind, at, v | {"trade_id": f"t{i}"})]),
        *closes(n, lambda i: {"trade_id": f"t{i}", "net_pnl": f"{i}.25"}),
    ],
    "named by nothing": lambda n: [*opens(n), *closes(n, lambda i: {"side": "long", "net_pnl": f"{i}.25"})],
    "larger than each open": lambda n: [*opens(n), *closes(n, lambda i: values(i, entry_price="7.5", size="3"))],
    "of the other side": lambda n: [*opens(n, side="short"), *closes(n, values)],
    "of a side that is not told": lambda n: [
        *((kind, at, v | {"side": ("long", "short")[i % 2]}) for i, (kind, at, v) in enumerate(opens(n))),
        *closes(n, lambda i: {name: v for name, v in values(i).items() if name != "side"}),
    ],
    "parts of one": lambda n: [
        (O, 0, {"side": "long", "entry_price": "100.5", "size": str(n)}),
        *closes(n, lambda i: values(i, entry_price="100.5", size="1")),
    ],
    "beside stale ones": stale,
    "opened at one moment and confirmed": lambda n: [
        *((kind, 0, v) for kind, _, v in opens(n)),
        *((CONFIRMED, MINUTE + i, {"side": "long"}) for i in range(n)),
    ],
    "never closed, and others reported flat": lambda n: [
        *opens(n),
        *((FLAT, 2 * MINUTE + i, {"side": "short"}) for i in range(n)),
    ],
    "a list of equal results": lambda n: [
        *closes(n // 2, lambda i: values(i, net_pnl="1.25")),
        *closes(n // 2, lambda i: values(i + n, net_pnl="1.25"), MINUTE),
    ],
}  # fmt: skip


def calls(facts: list[Event]) -> int:
    """What it costs to build positions, in steps that no clock disturbs."""
    return calls_of(lambda: built(facts))


@pytest.mark.parametrize("crowd", CROWDS)
def test_twice_the_crowd_is_twice_the_work(crowd):
    """It was four times, where each close was held against each position that was open."""
    # What is imported or made once is not counted.
    _, few, many = (calls(story(*CROWDS[crowd](n))) for n in (8, 2 * MOST, 4 * MOST))
    assert many <= 2.2 * few


def test_statements_that_each_say_one_close_are_twice_the_work_for_twice_as_many():
    few, many = (
        [told(C, i, i + 1, by=i + 1, side="long", net_pnl="12.25") for i in range(n)]
        for n in (MOST, 2 * MOST)
    )
    assert len(built(many)) == 1
    calls(few)
    assert calls(many) <= 2.2 * calls(few)


#: More than are looked at one by one.
OLD = MOST + 44


@pytest.mark.parametrize("name", [{"entry_price": "42.5"}, {"entry_price": "42.50"}, {"trade_id": "first"}])
def test_the_oldest_of_hundreds_is_found_by_its_name(name):
    first = (O, 0, {"side": "long", "entry_price": "42.5", "trade_id": "first", "size": "1"})
    found = built(story(first, *opens(OLD), (C, MINUTE, {"side": "long", "net_pnl": "1.25"} | name)))
    assert [p.open.location.line for p in found if p.closes and p.open] == [1]


def test_one_close_ends_hundreds_together():
    found = built(story(*opens(OLD), (C, 5 * SECOND, {"side": "long", "size": str(OLD), "net_pnl": "1.25"})))
    assert [(p.status, len(p.added)) for p in found] == [(PositionStatus.CLOSED, OLD - 1)]


def test_what_is_left_of_hundreds_is_known_to_the_last_part():
    """Of 300 all but two have ended, one of them in part: one and a half are left."""
    ended = [(C, 5 * SECOND + i, values(i, size="1")) for i in range(OLD - 2)]
    part = (C, 10 * SECOND, values(OLD - 2, size="0.5"))
    rest = (C, 2 * MINUTE, {"side": "long", "size": "1.5", "net_pnl": "1.25"})
    found = built(story(*opens(OLD), *ended, part, rest))
    assert {p.status for p in found} == {PositionStatus.CLOSED}
    assert [(len(p.closes), len(p.added)) for p in found if p.added] == [(2, 1)]


def test_a_close_that_names_nothing_ends_the_newest_of_hundreds():
    found = built(story(*opens(OLD), (C, 5 * SECOND, {"side": "long", "net_pnl": "1.25"})))
    assert [p.open.location.line for p in found if p.closes and p.open] == [OLD]


def test_results_that_hundreds_share_are_as_little_work_as_different_ones():
    """Each was held against the first hundreds of the same result, whose prices are others."""
    calls(story(*CROWDS["closes alone"](8)))
    crowds = closes(2 * MOST, values), closes(2 * MOST, lambda i: values(i, net_pnl="1.25"))
    apart, alike = (calls(story(*crowd)) for crowd in crowds)
    assert alike <= 1.5 * apart


# --- The index says what a list would.


numbers = st.sampled_from(
    [
        Decimal(n)
        for n in ("100", "1E+2", "100.0", "100.4", "100.5", "100.50", "100.51", "101", "101.5", "0.5", "0.51")
    ]
)


@given(st.lists(numbers, max_size=20), st.data())
def test_an_index_finds_what_agrees(held, data):
    index = PrintedIndex(tolerance_of)
    for i, number in enumerate(held):
        index.add(number, i)
    gone = data.draw(st.sets(st.sampled_from(range(len(held))))) if held else set()
    for i in gone:
        index.remove(held[i], i)
    asked = data.draw(numbers)
    alike = [i for i in reversed(range(len(held))) if i not in gone and agree(held[i], asked)]
    assert list(index.newest(asked)) == alike
    assert (asked in index) is bool(alike)


results = st.none() | st.sampled_from([Decimal(n) for n in ("3", "3.1", "3.10", "3.14")])
tellings = st.builds(
    lambda **told: telling(event_of(TradeFields(**told))),
    entry_price=st.none() | numbers,
    exit_price=st.none() | numbers,
    net_pnl=results,
    gross_pnl=results,
    pnl=results,
    commission=st.none() | numbers,
)


def event_of(said: TradeFields) -> Event:
    ended = told(C, 0, 1)
    return replace(ended, captures=replace(ended.captures, fields=said))


@given(st.lists(tellings, max_size=60), tellings)
def test_an_index_of_results_leaves_out_what_differs_and_nothing_else(held, asked):
    index = ResultIndex()
    for one in held:
        index.add(one)
    found = list(index.like(asked.fields))
    for result in results_of(asked.fields):
        alike = [one for one in held if result in results_of(one.fields)]
        same = [one for one in alike if not shared(one.fields, asked.fields).differing]
        assert all(any(one is other for other in found) for one in same)
    places = {id(one): place for place, one in enumerate(held)}
    assert all(id(one) in places for one in found)


def tolerance_of(number: Decimal) -> Decimal:
    """As `agree` has it: of a whole number a half."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal((0, (1,), exponent)) if exponent < 0 else Decimal("0.5")


maybe = st.none() | st.sampled_from([Decimal(n) for n in ("1", "2", "0.5", "1.0", "0.333")])
fields = st.builds(
    TradeFields,
    symbol=st.just("X"),
    side=st.just(PositionSide.LONG),
    entry_price=st.none() | numbers,
    size=maybe,
    contracts=maybe,
    trade_id=st.sampled_from(["", "a", "b"]),
    order_id=st.sampled_from(["", "a", "c"]),
)


def lot(number: int, said: TradeFields) -> Lot:
    opened = told(O, number, number)
    return Lot(telling(replace(opened, captures=replace(opened.captures, fields=said))), "", number)


def close(said: TradeFields) -> Close:
    return Close([telling(event_of(said))])


@given(st.lists(fields, max_size=12), fields)
def test_a_close_finds_its_lot_as_in_a_list_of_all(held, asked):
    lots = [lot(i, said) for i, said in enumerate(held)]
    shelf = Shelf()
    for one in lots:
        shelf.add(one)
    left = lots
    for fits in (same_id, same_entry, same_size):
        left = [x for x in left if fits(x.fields, asked)] or left
    assert shelf.chosen(shelf.known, asked) is (left[-1] if left else None)
    named = [x for x in lots if is_named(x, lots, asked)]
    assert shelf.named(asked) is (named[0] if named else None)


def is_named(one: Lot, lots: list[Lot], asked: TradeFields) -> bool:
    """Whether the first of id and entry price that is this lot's is no other's."""
    fits = next((f for f in (same_id, same_entry) if f(one.fields, asked)), None)
    return fits is not None and not any(fits(other.fields, asked) for other in lots if other is not one)


@given(
    st.lists(fields, min_size=2, max_size=8),
    st.lists(st.tuples(st.integers(0, 7), fields), max_size=6),
    fields,
)
def test_what_is_left_of_all_is_summed_as_anew(held, taken, asked):
    lots = [lot(i, said) for i, said in enumerate(held)]
    shelf = Shelf()
    for one in lots:
        shelf.add(one)
    for i, said in taken:
        if i >= len(lots):
            continue
        assert shelf.known.hold([asked]) is holds(lots, asked)
        lots[i].take(close(said))
        shelf.changed(lots[i])
    gone = lots.pop()
    shelf.remove(gone)
    assert shelf.known.hold([asked]) is holds(lots, asked)
    assert shelf.known.ended_together(asked) is together(lots, asked)


def rests(lots: list[Lot], unit: int) -> Decimal | None:
    """What was opened less what was closed, where all of it is told in a unit."""
    size_of = SIZES[unit]
    opened = [size_of(one.fields) for one in lots]
    closed = [size_of(ended.fields) for one in lots for ended in one.closes]
    if None in opened or None in closed:
        return None
    return difference(total(x for x in opened if x is not None), total(x for x in closed if x is not None))


def holds(lots: list[Lot], asked: TradeFields) -> bool:
    for unit, size in enumerate((asked.size, asked.contracts)):
        held = rests(lots, unit)
        if held is not None and size is not None:
            return not leaves_some(size, held)
    return bool(lots)


def together(lots: list[Lot], asked: TradeFields) -> bool:
    for unit, size in enumerate((asked.size, asked.contracts)):
        held = rests(lots, unit)
        if len(lots) > 1 and held is not None and size is not None:
            return same_amount(held, size)
    return False
