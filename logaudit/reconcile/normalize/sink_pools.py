"""The calls of one kind and symbol that another sink may still tell of, found without asking each of them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from itertools import count
from operator import attrgetter
from typing import Final, TypeAlias

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.fields import Unread

_since: Final = attrgetter("since")
_born: Final = attrgetter("born")
_Key: TypeAlias = tuple[int, ...]


class _Pool(Struct, eq=False):
    """Calls that are told alike: what holds for one of them holds for all, and the first is the next to be joined.

    Attributes:
        since: the time of their first telling, in microseconds.
        born: the number of the first call that was here.
        key: what tells each telling from others.
        tellings: those of the first call.
        waiting: the calls by number, which is their order in time; those before ``done`` have left.
    """

    since: int
    born: int
    key: _Key
    tellings: Sequence[Event]
    waiting: list[int]
    done: int = 0

    @property
    def first(self) -> int:
        return self.waiting[self.done]


class _Shelf(Struct, eq=False):
    """The pools of calls that the same sinks have told, in time order.

    Attributes:
        coarsest: the coarsest of these sinks' steps, in microseconds.
    """

    coarsest: int
    pools: list[_Pool]


class SinkPools:
    """Calls, each in time order of its first telling; thousands of equal ones are looked at once.

    Args:
        sink: what tells sinks apart.
        agree: whether two tellings may be of one call, whatever their times.
    """

    def __init__(self, sink: Callable[[Event], object], agree: Callable[[Event, Event], bool]) -> None:
        self.calls: list[list[Event]] = []
        self._sink = sink
        self._agree = agree
        self._sinks: dict[object, int] = {}
        #: What the events of one moment show, by number: of another moment none is equal.
        self._tellings: dict[object, int] = {}
        self._moment = 0
        self._numbers = count()
        self._shelves: dict[frozenset[int], _Shelf] = {}
        self._pools: dict[_Key, _Pool] = {}
        self._recent = 0
        self._coarsest = 0

    def add(self, event: Event) -> None:
        """Joins the event to the nearest call of another sink that it may tell of, of equals the first.

        Events come in time order.
        """
        self._forget(event)
        sink = self._sinks.setdefault(self._sink(event), len(self._sinks))
        key = self._number(event, sink)
        home = self._home(event, sink)
        if home is None:
            self.calls.append([event])
            self._put(len(self.calls) - 1, frozenset({sink}), (key,))
            return
        sinks, pool = home
        number = self._take(sinks, pool)
        self.calls[number].append(event)
        self._put(number, sinks | {sink}, (*pool.key, key))

    def _forget(self, event: Event) -> None:
        """Passes over what is too long ago: a call's sinks format one record, and differ by printed precision only."""
        self._coarsest = max(self._coarsest, event.at.precision)
        since = event.at.us - 2 * self._coarsest
        before = self._recent
        while self._recent < len(self.calls) and self.calls[self._recent][0].at.us < since:
            self._recent += 1
        if self._recent == before:
            return
        for sinks, shelf in [*self._shelves.items()]:
            gone = bisect_left(shelf.pools, self._recent, key=_born)
            for pool in shelf.pools[:gone]:
                del self._pools[pool.key]
            del shelf.pools[:gone]
            if not shelf.pools:
                del self._shelves[sinks]

    def _number(self, event: Event, sink: int) -> int:
        """The same for tellings that show the same."""
        if event.at.us != self._moment:
            self._tellings.clear()
            self._moment = event.at.us
        what = sink, event.at.precision, event.emitter, event.pattern, _shown(event)
        known = self._tellings.get(what)
        if known is None:
            known = self._tellings[what] = next(self._numbers)
        return known

    def _home(self, event: Event, sink: int) -> tuple[frozenset[int], _Pool] | None:
        others = [(sinks, shelf) for sinks, shelf in self._shelves.items() if sink not in sinks]
        for steps in (0, 1):
            found: tuple[frozenset[int], _Pool] | None = None
            for sinks, shelf in others:
                before = found[1].first if found else len(self.calls)
                pool = self._first(shelf, event, steps, before)
                found = found if pool is None else (sinks, pool)
            if found is not None:
                return found
        return None

    def _first(self, shelf: _Shelf, event: Event, steps: int, before: int) -> _Pool | None:
        """The pool of the first call, by number below ``before``, so many steps away."""
        coarse = max(shelf.coarsest, event.at.precision)
        start = bisect_left(shelf.pools, (event.at.us // coarse - steps) * coarse, key=_since)
        found: _Pool | None = None
        for at in range(start, len(shelf.pools)):
            pool = shelf.pools[at]
            if pool.born > before:
                break
            if pool.first < before and self._may_tell(pool, event, steps):
                found, before = pool, pool.first
        return found

    def _may_tell(self, pool: _Pool, event: Event, steps: int) -> bool:
        return all(
            e.at.could_equal(event.at) and _steps(e, event) <= steps and self._agree(e, event)
            for e in pool.tellings
        )

    def _put(self, number: int, sinks: frozenset[int], key: _Key) -> None:
        pool = self._pools.get(key)
        if pool is not None:
            pool.waiting.append(number)
            return
        call = self.calls[number]
        pool = self._pools[key] = _Pool(call[0].at.us, number, key, tuple(call), [number])
        shelf = self._shelves.get(sinks)
        if shelf is None:
            shelf = self._shelves[sinks] = _Shelf(max(e.at.precision for e in call), [])
        insort(shelf.pools, pool, key=_born)

    def _take(self, sinks: frozenset[int], pool: _Pool) -> int:
        """Takes the first call out of its pool."""
        number = pool.first
        pool.done += 1
        if pool.done == len(pool.waiting):
            del self._pools[pool.key]
            shelf = self._shelves[sinks]
            del shelf.pools[bisect_left(shelf.pools, pool.born, key=_born)]
            if not shelf.pools:
                del self._shelves[sinks]
        return number


def _steps(left: Event, right: Event) -> int:
    """How many of the coarser one's steps lie between the printed times."""
    step = max(left.at.precision, right.at.precision)
    return abs(left.at.us // step - right.at.us // step)


def _shown(event: Event) -> tuple[tuple[str, object], ...]:
    """Its values, apart also where equal numbers are printed to different precisions."""
    values = event.captures.by_name().items()
    return tuple(
        (name, (value.text,) if isinstance(value, Unread) else repr(value)) for name, value in values
    )
