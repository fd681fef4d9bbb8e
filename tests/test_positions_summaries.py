"""A list of closes that were announced before adds none."""

from __future__ import annotations

from evidence_factory import event
from msgspec.structs import replace

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


#: What the list prints of these results to two places.
LONG = (("BTC-USDT", "-0.4013"), ("ETH-USDT", "1.7459"), ("SOL-USDT", "-0.0080"))
SHORT = (("BTC-USDT", "-0.40"), ("ETH-USDT", "1.75"), ("SOL-USDT", "-0.01"))


def test_a_list_may_print_fewer_digits_of_the_results():
    facts = [closed(f"10:{i}5:00", i, symbol, pnl) for i, (symbol, pnl) in enumerate(LONG)]
    assert counted([*facts, *summary(SHORT)]) == 3


def test_one_that_prints_more_digits_tells_of_others():
    facts = [closed(f"10:{i}5:00", i, symbol, pnl) for i, (symbol, pnl) in enumerate(SHORT)]
    others = tuple((symbol, f"{pnl}37") for symbol, pnl in SHORT)
    assert counted([*facts, *summary(others)]) == 6


def test_a_list_of_both_sides_is_one_where_only_words_tell_who_speaks():
    sides = ("long", "short", "long")
    known = [
        event(EventKind.POSITION_CLOSED, f"10:{i}5:00", i, symbol=symbol, side=side, pnl=pnl)
        for i, ((symbol, pnl), side) in enumerate(zip(LONG, sides, strict=True))
    ]
    assert (
        counted(
            [
                *known,
                *(worded(i, *told, side) for i, (told, side) in enumerate(zip(SHORT, sides, strict=True))),
            ]
        )
        == 3
    )


def worded(i: int, symbol: str, pnl: str, side: str) -> Event:
    """A line of the list that no statement of the code signs."""
    text = f"{symbol} {side} closed, pnl {pnl}"
    found = event(EventKind.POSITION_CLOSED, "11:00:00", 50 + i, symbol=symbol, side=side, pnl=pnl)
    return replace(found, emitter=Emitter("", "", 0), locations=(replace(found.location, text=text),))


def test_closes_at_once_in_the_words_of_the_earlier_ones_are_no_list_of_fewer_digits():
    """One voice prints 1.5 of 1.50, not of 1.52."""
    facts = [closed(f"10:{i}5:00", i, symbol, pnl) for i, (symbol, pnl) in enumerate(LONG)]
    at_once = [closed("11:00:00", 50 + i, symbol, pnl) for i, (symbol, pnl) in enumerate(SHORT)]
    assert counted([*facts, *at_once]) == 6
