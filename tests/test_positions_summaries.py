"""A list of closes that were announced before adds none."""

from __future__ import annotations

from evidence_factory import event

from logaudit.core.events import Emitter, Event, EventKind
from logaudit.reconcile.positions import build_positions

DONE = (("BTC-USDT", "-0.40"), ("ETH-USDT", "1.75"), ("SOL-USDT", "-0.0080"))
NOTIFIER = Emitter("desk.notify", "summary", 30)


def closed(at: str, line: int, symbol: str, pnl: str, by: Emitter | None = None, **more: str) -> Event:
    return event(EventKind.POSITION_CLOSED, at, line, by, symbol=symbol, side="long", pnl=pnl, **more)


def counted(facts: list[Event]) -> int:
    """How many closes there are."""
    return len(build_positions((), facts, (), ())[1])


def told() -> list[Event]:
    return [closed(f"10:{i}5:00", i, symbol, pnl) for i, (symbol, pnl) in enumerate(DONE)]


def summary(done: tuple[tuple[str, str], ...], by: Emitter = NOTIFIER) -> list[Event]:
    """Lines at once, with figures of their own beside the result."""
    return [
        closed("11:00:00", 50 + i, symbol, pnl, by, exit_price="31.5") for i, (symbol, pnl) in enumerate(done)
    ]


def test_a_list_of_all_closes_repeats_them_however_few_digits_they_share():
    assert counted([*told(), *summary(DONE)]) == 3


def test_a_position_of_the_symbol_that_is_open_is_not_ended_by_the_list():
    again = event(EventKind.POSITION_OPENED, "10:50:00", 40, symbol="SOL-USDT", side="long")
    positions, found = build_positions([again], [*told(), *summary(DONE)], (), ())
    assert len(found) == 3
    assert [p.status.value for p in positions if p.open is not None] == ["open-at-end"]


def test_closes_at_once_that_none_announced_before_are_closes():
    others = tuple((symbol, f"{i}.31") for i, (symbol, _) in enumerate(DONE))
    assert counted([*told(), *summary(others)]) == 6


def test_two_equal_results_are_no_list():
    """A small equal result of another trade, beside one that is none."""
    assert counted([*told(), *summary((DONE[2], ("ETH-USDT", "9.31")))]) == 5


def test_results_of_one_digit_in_a_list_repeat_too():
    small = (*DONE[:2], ("SOL-USDT", "-0.04"))
    facts = [closed(f"10:{i}5:00", i, symbol, pnl) for i, (symbol, pnl) in enumerate(small)]
    assert counted([*facts, *summary(small)]) == 3
