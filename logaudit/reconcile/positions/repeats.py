"""Which announcement repeats a close that was told, and which are the closes among those of one stretch."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.fields import PositionSide
from logaudit.core.money import tolerance
from logaudit.core.timestamp import MINUTE
from logaudit.reconcile.positions.announcements import contradicts, farther_than, names_same, shared
from logaudit.reconcile.positions.lot_groups import LotGroup
from logaudit.reconcile.positions.lots import Close, fill
from logaudit.reconcile.positions.telling import ECHO, SILENT_ECHO, Telling

#: An announcement so soon after another of the same position is a retry, also where sizes do not show it.
AGAIN: Final = MINUTE
#: So many closes, and so many tellings of one, are looked through for the one that is repeated.
_MOST: Final = 32


class Turn(Struct, frozen=True):
    """Tellings that are one close; ``more`` of the same position follow, which all together do not exceed it."""

    tellings: list[Telling]
    more: bool = False


def turns(lots: LotGroup, told: Sequence[Telling], costs: Decimal | None) -> list[Turn]:
    """The closes among tellings that nothing joined: each its own as long as they do not exceed what is held.

    Where they do, voices that take turns tell of one close each time, as when an exit is placed and filled at another
    price, and so do equal lines that follow at once.

    Args:
        costs: of a round trip, as a share of the exit price; with them results tell how much was closed.
    """
    lot = lots.only
    if costs is not None and lot is not None and len(told) > 1 and not lot.closes:
        from logaudit.reconcile.positions.part_sizes import parts  # noqa: PLC0415 - few incidents teach costs

        count, whole = parts(lot.fields, [one.fields for one in told], costs)
        if count:
            return [Turn([one], more=i < count - whole) for i, one in enumerate(told)]
    found = [[one] for one in told]
    for takes in (_is_other_voice, _is_equal):
        if not lots or lots.hold(turn[0].fields for turn in found):
            break
        found = _grouped(found, takes)
    fills = lot is not None and fill(lot, [turn[0].fields for turn in found])
    return [Turn(turn, more=fills and i < len(found) - 1) for i, turn in enumerate(found)]


def _grouped(
    found: Sequence[list[Telling]], takes: Callable[[Telling, Telling], bool]
) -> list[list[Telling]]:
    """Each turn with those that follow it within a minute and say nothing that sets them apart."""
    grouped: list[list[Telling]] = []
    kinds: list[Telling] = []
    for turn in found:
        others = _one_of_each(turn, last=True)
        soon = bool(grouped) and turn[0].start - grouped[-1][0].start <= ECHO
        if soon and all(takes(one, other) for one in kinds for other in others):
            grouped[-1] += turn
            kinds = _one_of_each([*kinds, *_one_of_each(turn)])
        else:
            grouped.append([*turn])
            kinds = _one_of_each(turn)
    return grouped


def _one_of_each(told: Sequence[Telling], *, last: bool = False) -> list[Telling]:
    """Of those that say the same with the same voices the first, or the last: the one that is furthest from others."""
    kinds: dict[object, Telling] = {}
    for one in sorted(told, key=lambda t: t.start, reverse=last):
        kinds.setdefault((one.said, frozenset(one.voices)), one)
    return [*kinds.values()]


def _is_other_voice(one: Telling, other: Telling) -> bool:
    return not one.voices & other.voices and not contradicts(one.fields, other.fields)


def _is_equal(one: Telling, other: Telling) -> bool:
    soon = other.start - one.start <= SILENT_ECHO
    return soon and not contradicts(one.fields, other.fields) and shared(one.fields, other.fields).equal


def is_at_once(close: Close, told: Telling) -> bool:
    """Whether an announcement follows so soon, or says so much the same, that it is a retry or an echo."""
    return told.start - close.last <= AGAIN or shared(close.fields, told.fields).equal


class History:
    """The closes of one symbol in order, with the times of its opens."""

    def __init__(self, hidden: Callable[[int, int], bool]) -> None:
        self._closes: list[Close] = []
        #: The entry price that each was first told with, and the coarsest tolerance of these.
        self._entries: list[Decimal | None] = []
        self._coarsest = Decimal(0)
        self._by_telling: dict[int, Close] = {}
        #: When the symbol was opened, by the side of a close that such an open is before: its own, or any.
        self._opened: dict[PositionSide | None, list[int]] = {side: [] for side in (*PositionSide, None)}
        self._hidden = hidden

    def opened(self, event: Event) -> None:
        """Notes an open: what is told after it repeats no close before it."""
        side = event.fields.side
        for of, times in self._opened.items():
            if of is None or side in (of, None):
                times.append(event.at.order)

    def add(self, close: Close) -> None:
        """Notes a close."""
        entry = close.fields.entry_price
        self._closes.append(close)
        self._entries.append(entry)
        if entry is not None:
            self._coarsest = max(self._coarsest, tolerance(entry))
        for told in close.tellings:
            self._by_telling[id(told)] = close

    def repeat(self, close: Close, told: Iterable[Telling]) -> None:
        """Notes that these tell of a close again."""
        for one in told:
            close.tellings.append(one)
            self._by_telling[id(one)] = close

    def close_of(self, told: Telling) -> Close | None:
        """The close that a telling belongs to; None while it is not settled."""
        return self._by_telling.get(id(told))

    def repeated_by(self, told: Telling) -> Close | None:
        """The close that an announcement repeats: of those it may, the one it shares most with, then the last."""
        since = self._last_open(told)
        apart: dict[str, bool] = {}
        # Most closes are of another position, as their entry price shows at once.
        is_other = farther_than(told.fields.entry_price, self._coarsest)
        last = zip(self._closes[-_MOST:], self._entries[-_MOST:], strict=True)
        near = (close for close, entry in last if not is_other(entry))
        may = [close for close in near if self._repeats(close, told, since, apart)]
        return max(enumerate(may), key=lambda item: _likeness(item[1], told, item[0]))[1] if may else None

    def _repeats(self, close: Close, told: Telling, since: int | None, apart: dict[str, bool]) -> bool:
        """Whether nothing speaks for a close of its own.

        Where an open lies between, or may lie in a silence of the logs, only what names the position shows a repeat.
        Where the opened size is used up, nothing was left to close. Where sizes or the open are not told, a result of
        its own speaks for another close unless it follows at once.

        Args:
            apart: by what tellings say, whether it contradicts the announcement.
        """
        after = told.start - close.last
        if close.lot is None and after > AGAIN:
            return False
        opened = since is not None and close.tellings[0].start < since
        if (opened and not names_same(close.fields, told.fields)) or any(
            _is_apart(t, told, apart) for t in close.tellings[:_MOST]
        ):
            return False
        if close.lot is None:
            echo = after <= SILENT_ECHO and not told.voices & close.tellings[-1].voices
            return echo or shared(close.fields, told.fields).equal
        if names_same(close.fields, told.fields):
            return True
        if not self._hidden(close.last, told.start) and (close.lot.is_used_up or after <= AGAIN):
            return True
        return shared(close.fields, told.fields).equal

    def _last_open(self, told: Telling) -> int | None:
        """When the symbol was last opened before an announcement, of its side or of none that is known."""
        times = self._opened[told.side]
        before = bisect_right(times, told.start)
        return times[before - 1] if before else None


def _is_apart(known: Telling, told: Telling, apart: dict[str, bool]) -> bool:
    if known.said not in apart:
        apart[known.said] = contradicts(known.fields, told.fields)
    return apart[known.said]


def _likeness(close: Close, told: Telling, order: int) -> tuple[int, int]:
    same = shared(close.fields, told.fields)
    return same.weight - 2 * same.differing, order
