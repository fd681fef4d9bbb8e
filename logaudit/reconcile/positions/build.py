"""Opens and closes → positions: which close ended which open, in part or whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import TradeFields
from logaudit.core.money import agree, difference, total, unit
from logaudit.core.timestamp import MINUTE
from logaudit.core.trades import symbol_key
from logaudit.reconcile.positions.confirmations import with_confirmations
from logaudit.reconcile.positions.position import Position, PositionStatus
from logaudit.reconcile.positions.process_runs import Run, run_at

#: A second close of one entry price within this time, with no open in between, ends nothing new.
AGAIN: Final = MINUTE
#: The units in which what is held and what is closed may both be told.
_SIZES: Final[tuple[Callable[[TradeFields], Decimal | None], ...]] = (lambda f: f.size, lambda f: f.contracts)


class _Live(Struct):
    open: Event
    run: str
    closes: list[Event]

    def after(self, close: Event) -> tuple[Decimal, Decimal] | None:
        """What is held before ``close`` and how much it closes, in one unit; None where no unit is shared.

        A close in contracts says nothing of an open in coins.
        """
        for size_of in _SIZES:
            held, closed = _unsigned(size_of(self.open.fields)), _unsigned(size_of(close.fields))
            before = [_unsigned(size_of(c.fields)) for c in self.closes]
            if held is not None and closed is not None and None not in before:
                return difference(held, total(size for size in before if size is not None)), closed
        return None


def build_positions(
    opens: Sequence[Event], closes: Sequence[Event], exchange: Sequence[Event], runs: Sequence[Run]
) -> tuple[tuple[Position, ...], tuple[Event, ...]]:
    """Pairs opens with closes, symbol by symbol in time order.

    A close without a logged side takes the side of the position it ends. A close smaller than what the
    position still holds is partial. An open while one of the same symbol and side is live means that the
    first one's close was never logged.

    Returns:
        The positions in time order, and the closes, each with the side of the position it ends where its own
        lines name none.
    """
    book = _Book(runs)
    for item in _in_order([*opens, *closes]):
        if item.kind is EventKind.POSITION_OPENED:
            book.open(item)
        else:
            book.close(item)
    positions = with_confirmations(book.finish(), exchange)
    return tuple(sorted(positions, key=lambda p: (p.start, p.symbol))), tuple(book.closes)


def _in_order(facts: Sequence[Event]) -> Iterator[Event]:
    """By time; within one moment by line where one source tells all of it, else closes before opens."""
    moments: dict[int, list[Event]] = defaultdict(list)
    for item in facts:
        moments[item.at.us].append(item)
    for _, group in sorted(moments.items()):
        if len({item.location.address for item in group}) == 1:
            yield from sorted(group, key=lambda item: item.location.line)
        else:
            yield from sorted(group, key=lambda item: (item.kind is EventKind.POSITION_OPENED, item.location))


class _Book:
    def __init__(self, runs: Sequence[Run]) -> None:
        self.closes: list[Event] = []
        self._runs = runs
        self._live: dict[str, list[_Live]] = defaultdict(list)
        self._last: dict[str, Event] = {}
        self._done: list[Position] = []

    def open(self, item: Event) -> None:
        run = self._run(item)
        live = self._live[symbol_key(item.fields.symbol)]
        for old in [x for x in live if x.open.fields.side is item.fields.side]:
            live.remove(old)
            self._file(old, PositionStatus.CLOSE_MISSING if old.run == run else PositionStatus.OPEN_AT_END)
        live.append(_Live(item, run, []))

    def close(self, item: Event) -> None:
        live = self._live[symbol_key(item.fields.symbol)]
        homes = _homes(live, item)
        if len(homes) != 1:
            status = PositionStatus.UNCLEAR if homes else self._without_open(item)
            self._note(item)
            self._done.append(
                Position(item.fields.symbol, item.fields.side, self._run(item), status, None, (item,))
            )
            return
        home = homes[0]
        sizes = home.after(item)
        partial = sizes is not None and _leaves_some(*sizes)
        if item.fields.side is None and home.open.fields.side is not None:
            captures = replace(item.captures, fields=replace(item.fields, side=home.open.fields.side))
            item = replace(item, captures=captures)
        self._note(item)
        home.closes.append(item)
        if not partial:
            live.remove(home)
            self._file(home, PositionStatus.CLOSED)

    def _note(self, item: Event) -> None:
        self.closes.append(item)
        self._last[symbol_key(item.fields.symbol)] = item

    def _without_open(self, item: Event) -> PositionStatus:
        last = self._last.get(symbol_key(item.fields.symbol))
        if last is not None and item.at.us - last.at.us <= AGAIN and _same_trade(last.fields, item.fields):
            return PositionStatus.CLOSED_AGAIN
        run = self._run(item)
        before = any(r.id == run and r.started is None for r in self._runs)
        return PositionStatus.OPENED_BEFORE if before else PositionStatus.OPEN_MISSING

    def finish(self) -> list[Position]:
        for live in self._live.values():
            for left in live:
                self._file(left, PositionStatus.OPEN_AT_END)
        self._live.clear()
        return self._done

    def _file(self, live: _Live, status: PositionStatus) -> None:
        if live.closes and status is not PositionStatus.CLOSED:
            status = PositionStatus.PARTLY_CLOSED
        told = (live.open, *live.closes)
        side = next((e.fields.side for e in told if e.fields.side), None)
        self._done.append(
            Position(live.open.fields.symbol, side, live.run, status, live.open, tuple(live.closes))
        )

    def _run(self, item: Event) -> str:
        run = run_at(self._runs, item.at.end - 1)
        return run.id if run else ""


def _leaves_some(held: Decimal, closed: Decimal) -> bool:
    """Whether more is left than what one side printed away."""
    return difference(held, closed) >= max(unit(held), unit(closed))


def _unsigned(size: Decimal | None) -> Decimal | None:
    """A size without the sign that some bots give shorts."""
    return None if size is None else size.copy_abs()


def _homes(live: Sequence[_Live], item: Event) -> list[_Live]:
    """The live positions that a close may end: one where side or entry price tells which."""
    side, entry = item.fields.side, item.fields.entry_price
    fits = [x for x in live if side is None or x.open.fields.side in (None, side)]
    exact = [x for x in fits if side is not None and x.open.fields.side is side]
    fits = exact or fits
    same = [x for x in fits if _agrees(x.open.fields.entry_price, entry)]
    return same if len(same) == 1 else fits


def _same_trade(first: TradeFields, second: TradeFields) -> bool:
    sides = {first.side, second.side} - {None}
    return len(sides) <= 1 and _agrees(first.entry_price, second.entry_price)


def _agrees(left: Decimal | None, right: Decimal | None) -> bool:
    """Whether both are known and may be one number."""
    return left is not None and right is not None and agree(left, right)
