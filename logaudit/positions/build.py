"""Opens and closes → positions: which close ended which open, in part or whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.model.events import Event, FieldName
from logaudit.model.money import agree, parse_decimal, total, unit
from logaudit.model.stamp import MINUTE
from logaudit.model.trades import Close, symbol_key
from logaudit.positions.closes import Open
from logaudit.positions.exchange import with_confirmations
from logaudit.positions.runs import Run, run_at
from logaudit.positions.types import Position, PositionStatus

#: A second close of one entry price within this time, with no open in between, ends nothing new.
AGAIN: Final = MINUTE


class _Live(Struct):
    open: Open
    run: str
    closes: list[Close]

    def after(self, item: Close) -> tuple[Decimal, Decimal] | None:
        """What is held before ``item`` and how much it closes, in one unit; None where no unit is shared.

        A close in contracts says nothing of an open in coins.
        """
        for name in (FieldName.SIZE, FieldName.CONTRACTS):
            held, closed = _amount(self.open.event, name), _amount(item.event, name)
            before = [_amount(c.event, name) for c in self.closes]
            if held is not None and closed is not None and None not in before:
                return held - total(size for size in before if size is not None), closed
        return None


def build_positions(
    opens: Sequence[Open], closes: Sequence[Close], exchange: Sequence[Event], runs: Sequence[Run]
) -> tuple[tuple[Position, ...], tuple[Close, ...]]:
    """Pairs opens with closes, symbol by symbol in time order.

    A close without a logged side takes the side of the position it ends. A close smaller than what the
    position still holds is partial. An open while one of the same symbol and side is live means that the
    first one's close was never logged.

    Returns:
        The positions in time order, and the closes with side and ``partial`` filled in.
    """
    book = _Book(runs)
    for item in _in_order([*opens, *closes]):
        if isinstance(item, Open):
            book.open(item)
        else:
            book.close(item)
    positions = with_confirmations(book.finish(), exchange)
    return tuple(sorted(positions, key=lambda p: (p.start, p.symbol))), tuple(book.closes)


def _in_order(facts: Sequence[Open | Close]) -> Iterator[Open | Close]:
    """By time; within one moment by line where one source tells all of it, else closes before opens."""
    moments: dict[int, list[Open | Close]] = defaultdict(list)
    for item in facts:
        moments[item.at.us].append(item)
    for _, group in sorted(moments.items()):
        if len({item.location.address for item in group}) == 1:
            yield from sorted(group, key=lambda item: item.location.line)
        else:
            yield from sorted(group, key=lambda item: (isinstance(item, Open), item.location))


class _Book:
    def __init__(self, runs: Sequence[Run]) -> None:
        self.closes: list[Close] = []
        self._runs = runs
        self._live: dict[str, list[_Live]] = defaultdict(list)
        self._last: dict[str, Close] = {}
        self._done: list[Position] = []

    def open(self, item: Open) -> None:
        run = self._run(item)
        live = self._live[symbol_key(item.symbol)]
        for old in [x for x in live if x.open.side == item.side]:
            live.remove(old)
            self._file(old, PositionStatus.CLOSE_MISSING if old.run == run else PositionStatus.OPEN_AT_END)
        live.append(_Live(item, run, []))

    def close(self, item: Close) -> None:
        live = self._live[symbol_key(item.symbol)]
        homes = _homes(live, item)
        if len(homes) != 1:
            status = PositionStatus.UNCLEAR if homes else self._without_open(item)
            self._note(item)
            self._done.append(Position(item.symbol, item.side, self._run(item), status, None, (item,)))
            return
        home = homes[0]
        sizes = home.after(item)
        partial = sizes is not None and _leaves_some(*sizes)
        item = replace(item, side=item.side or home.open.side, partial=partial)
        self._note(item)
        home.closes.append(item)
        if not partial:
            live.remove(home)
            self._file(home, PositionStatus.CLOSED)

    def _note(self, item: Close) -> None:
        self.closes.append(item)
        self._last[symbol_key(item.symbol)] = item

    def _without_open(self, item: Close) -> PositionStatus:
        last = self._last.get(symbol_key(item.symbol))
        if last is not None and item.at.us - last.at.us <= AGAIN and _same_trade(last, item):
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
        side = live.open.side or next((c.side for c in live.closes if c.side), None)
        self._done.append(Position(live.open.symbol, side, live.run, status, live.open, tuple(live.closes)))

    def _run(self, item: Open | Close) -> str:
        run = run_at(self._runs, item.at.end - 1)
        return run.id if run else ""


def _leaves_some(held: Decimal, closed: Decimal) -> bool:
    """Whether more is left than what one side printed away."""
    return held - closed >= max(unit(held), unit(closed))


def _amount(event: Event, name: FieldName) -> Decimal | None:
    """A size without the sign that some bots give shorts."""
    found = parse_decimal(event.get(name))
    return None if found is None else abs(found)


def _homes(live: Sequence[_Live], item: Close) -> list[_Live]:
    """The live positions that a close may end: one where side or entry price tells which."""
    fits = [x for x in live if item.side is None or x.open.side is None or x.open.side is item.side]
    exact = [x for x in fits if item.side is not None and x.open.side is item.side]
    fits = exact or fits
    if len(fits) > 1 and item.entry is not None:
        entry = item.entry
        same = [x for x in fits if x.open.entry is not None and agree(x.open.entry, entry)]
        fits = same if len(same) == 1 else fits
    return fits


def _same_trade(first: Close, second: Close) -> bool:
    sides = {first.side, second.side} - {None}
    if len(sides) > 1 or first.entry is None or second.entry is None:
        return False
    return agree(first.entry, second.entry)
