"""Parts of positions that print no size: their results tell how much was closed."""

from __future__ import annotations

from decimal import Decimal

from evidence_factory import event
from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.reconcile.positions import build_positions
from logaudit.reconcile.positions.part_sizes import learned_costs

#: Of the exit price: what both orders of a round trip cost.
COSTS = Decimal("0.001")


def opened(at: str, entry: str, size: str = "40", symbol: str = "SOL-USDT") -> Event:
    return event(EventKind.POSITION_OPENED, at, symbol=symbol, side="long", entry_price=entry, size=size)


def ended(at: str, exit_price: str, size: str, entry: str = "20.00", symbol: str = "SOL-USDT") -> Event:
    """A close that prints no size; its result is that of ``size`` less the costs."""
    price = Decimal(exit_price)
    result = (price - Decimal(entry)) * Decimal(size) - price * Decimal(size) * COSTS
    return event(
        EventKind.POSITION_CLOSED, at, symbol=symbol, side="long", exit_price=exit_price, pnl=f"{result:.4f}"
    )


def closes(*facts: Event) -> list[tuple[int, list[int]]]:
    """Of each position of SOL-USDT the number of its closes, and how often each is told again."""
    known = [e for m, p in enumerate(("19.50", "20.40", "21.00")) for e in whole(m, p)]
    told = sorted([*known, *facts], key=lambda e: e.at.us)
    told = [replace(e, locations=(replace(e.location, line=i),)) for i, e in enumerate(told, 1)]
    opens = [e for e in told if e.kind is EventKind.POSITION_OPENED]
    found, _ = build_positions(opens, [e for e in told if e.kind is EventKind.POSITION_CLOSED], (), ())
    mine = [p for p in found if p.symbol == "SOL-USDT"]
    return [(len(p.closes), [len(echoes) for echoes in p.echoes]) for p in mine]


def whole(minute: int, price: str) -> list[Event]:
    """A position of another symbol that one close ends, which teaches the costs."""
    return [
        opened(f"09:0{minute}:00", "20.00", "10", "AVAX-USDT"),
        ended(f"09:0{minute}:30", price, "10", symbol="AVAX-USDT"),
    ]


def test_two_closes_whose_results_are_of_parts_are_two():
    assert closes(
        opened("10:00:00", "20.00"), ended("10:05:00", "20.50", "15"), ended("10:20:00", "20.80", "25")
    ) == [(2, [0, 0])]


def test_a_retry_whose_result_is_of_the_whole_is_a_repeat():
    assert closes(
        opened("10:00:00", "20.00"), ended("10:05:00", "20.50", "40"), ended("10:05:40", "20.60", "40")
    ) == [(1, [1])]


def test_what_is_told_after_all_parts_is_a_repeat():
    assert closes(
        opened("10:00:00", "20.00"),
        ended("10:05:00", "20.50", "15"),
        ended("10:20:00", "20.80", "25"),
        ended("10:20:40", "20.90", "25"),
    ) == [(2, [0, 1])]


def test_the_last_part_may_leave_nothing_but_costs():
    """At a gain of a thousandth any size has the result 0."""
    assert closes(
        opened("10:00:00", "20.00"), ended("10:05:00", "20.50", "15"), ended("10:20:00", "20.02", "25")
    ) == [(2, [0, 0])]


def test_costs_are_learned_where_positions_agree_in_them():
    facts = [e for m, p in enumerate(("19.50", "20.40", "21.00")) for e in whole(m, p)]
    assert abs(learned_costs(facts) - COSTS) < Decimal("0.00001")


def test_nothing_is_learned_from_results_in_another_unit_or_from_two_positions():
    facts = [e for m, p in enumerate(("19.50", "20.40", "21.00")) for e in whole(m, p)]
    contracts = [opened(f"09:0{m}:00", "20.00", "1000", "AVAX-USDT") for m in range(3)]
    assert learned_costs([e for o, c in zip(contracts, facts[1::2], strict=True) for e in (o, c)]) is None
    assert learned_costs(facts[:4]) is None
