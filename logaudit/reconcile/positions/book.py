"""The opens and closes of one symbol in order → lots with their closes, and closes that repeat another."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.location import Location
from logaudit.core.timestamp import MINUTE, Stamp
from logaudit.core.trades import PositionStatus
from logaudit.reconcile.positions.announcements import names_any, names_same, same_entry, voice_of
from logaudit.reconcile.positions.lots import (
    Close,
    Lot,
    bears_out,
    chosen,
    ended_together,
    is_told_by,
    may_close,
)
from logaudit.reconcile.positions.repeats import History, Turn, is_at_once, turns
from logaudit.reconcile.positions.telling import ECHO, Telling, Tellings, is_open_echo, telling

#: Opens of one symbol and side so close together are stacked: none of them shows that another has ended.
STACKED: Final = MINUTE


class Bare(Struct, frozen=True):
    """A close of no open that is known."""

    close: Close
    status: PositionStatus


class Book:
    """What is held and was closed of one symbol.

    Closes wait until the next open of the symbol, or the end: only all that tell of a stretch show which of them are
    parts, which are closes of stacked positions and which repeat another.

    Attributes:
        ended: lots of which nothing is left.
        bare: closes without a lot.
        history: all closes, for finding the one that an announcement repeats.
    """

    def __init__(
        self,
        run_of: Callable[[Stamp], str],
        hidden: Callable[[int, int], bool],
        costs: Decimal | None = None,
        listed: Collection[Location] = (),
    ) -> None:
        self.ended: list[Lot] = []
        self.bare: list[Bare] = []
        self.history = History(hidden)
        self._run_of = run_of
        self._costs = costs
        self._lots: list[Lot] = []
        #: By side, lots in order that no later open of their run has superseded, and those that only one run opened.
        self._fresh: dict[PositionSide | None, deque[Lot]] = defaultdict(deque)
        self._of_run: dict[PositionSide | None, list[Lot]] = defaultdict(list)
        self._stacks = False
        self._waiting: list[Telling] = []
        self._tellings = Tellings(listed)

    @property
    def stacks(self) -> bool:
        """Whether the bot was seen to hold several positions of the symbol and side at once."""
        return self._stacks

    def open(self, event: Event) -> None:
        """A position was opened, or the open before is told again."""
        if self._lots and not self._waiting and is_open_echo(self._lots[-1].opens, event):
            self._tell_again(self._lots[-1], event)
            return
        self.flush()
        run, side = self._run_of(event.at), event.fields.side
        # Of thousands that are open at once, those are looked at of which something may have changed.
        fresh, of_run = self._fresh[side], self._of_run[side]
        while fresh and event.at.order - fresh[0].opens.last > STACKED:
            fresh.popleft().superseded = True
        if of_run and of_run[0].run != run:
            for lot in of_run:
                lot.forgotten = True
            of_run.clear()
        lot = Lot(telling(event), run)
        for known in (self._lots, fresh, of_run):
            known.append(lot)
        self.history.opened(event)

    def _tell_again(self, lot: Lot, event: Event) -> None:
        """Adds an announcement to the newest open that is left; it may be the first to name a side."""
        before = lot.side
        lot.opens.add(event)
        if lot.side is not before:
            self._fresh[before] = deque(x for x in self._fresh[before] if x is not lot)
            self._of_run[before] = [x for x in self._of_run[before] if x is not lot]
            self._fresh[lot.side].append(lot)
            self._of_run[lot.side].insert(0, lot)

    def close(self, event: Event) -> None:
        """A position was closed, or a close is told again."""
        told = self._tellings.take(event)
        if told is None:
            return
        if told.side is None and len({lot.side for lot in self._lots}) > 1:
            self.flush()
        self._waiting.append(told)

    def flush(self) -> None:
        """Settles what waits, side by side."""
        waiting, self._waiting = self._waiting, []
        sides: dict[PositionSide | None, list[Telling]] = {}
        for told in waiting:
            if told.side is None and not self._is_clear(told):
                self._unclear(told)
            else:
                sides.setdefault(self._side_of(told), []).append(told)
        late = {id(told) for side, group in sides.items() for told in group if self._is_late(told)}
        settled = [
            (side, turn)
            for side, group in sides.items()
            for turn in turns(
                self._active(self._lots_of(side)),
                [told for told in group if id(told) not in late],
                self._costs,
            )
        ]
        for side, turn in sorted(settled, key=lambda item: item[1].tellings[0].start):
            self._take(side, turn)
        for side, group in sides.items():
            for told in group:
                if id(told) in late:
                    self._recall(side, told)

    def finish(self) -> list[Lot]:
        """The lots that are left where the logs end."""
        self.flush()
        return self._lots

    def forget(self) -> None:
        """Lets lots and closes go, which name each other: no garbage is looked for while sessions are judged."""
        for lot in (*self.ended, *self._lots):
            lot.closes.clear()

    def _is_clear(self, told: Telling) -> bool:
        """Whether it is known which side a close without one ends: there is one, or its entry price tells."""
        return len({lot.side for lot in self._lots}) <= 1 or self._by_entry(told) is not None

    def _by_entry(self, told: Telling) -> Lot | None:
        alike = [lot for lot in self._lots if same_entry(lot.fields, told.fields)]
        return alike[0] if len({lot.side for lot in alike}) == 1 else None

    def _side_of(self, told: Telling) -> PositionSide | None:
        if told.side is not None or not self._lots:
            return told.side
        lot = self._by_entry(told) or self._lots[0]
        return lot.side

    def _unclear(self, told: Telling) -> None:
        repeated = self.history.repeated_by(told)
        if repeated is not None:
            self.history.repeat(repeated, [told])
        else:
            self._bare([told], PositionStatus.UNCLEAR)

    def _lots_of(self, side: PositionSide | None) -> list[Lot]:
        """The live lots that a close of a side may end: of that side, else of no side that is known."""
        if side is None:
            return list(self._lots)
        return [x for x in self._lots if x.side is side] or [x for x in self._lots if x.side is None]

    def _active(self, lots: Iterable[Lot]) -> list[Lot]:
        return [lot for lot in lots if lot.is_active or (self._stacks and not lot.forgotten)]

    def _take(self, side: PositionSide | None, turn: Turn) -> None:
        """One close: of a lot, or again of one that has ended, or of none that is known."""
        close = Close(turn.tellings)
        lots = self._lots_of(side)
        home = self._home(lots, close.fields)
        repeated = self.history.repeated_by(turn.tellings[0]) if home is None else None
        if home is None:
            home = self._left(lots, close.fields, repeated, turn.tellings[0])
        if home is not None:
            self._end(home, lots, close, more=turn.more)
        elif repeated is not None:
            self.history.repeat(repeated, turn.tellings)
        else:
            self._bare(turn.tellings, PositionStatus.OPEN_MISSING)

    def _home(self, lots: Sequence[Lot], fields: TradeFields) -> Lot | None:
        """The lot that a close names, or the one it ends where it names no other position."""
        named = [x for x in lots if is_told_by(x, [y for y in lots if y is not x], fields)]
        if named:
            self._stacks = self._stacks or not named[0].is_active
            return named[0]
        elsewhere = names_any(fields) and not any(names_same(lot.fields, fields) for lot in lots)
        return None if elsewhere else chosen(self._active(lots), fields)

    def _left(
        self, lots: Sequence[Lot], fields: TradeFields, repeated: Close | None, told: Telling
    ) -> Lot | None:
        """The lot that a close ends whose id or entry price is that of none, or where none is active."""
        # A retry goes on while the symbol is open anew: its entry price, or its id, is that of the position before.
        if repeated is not None and names_same(repeated.fields, fields):
            return None
        if (found := chosen(self._active(lots), fields)) is not None:
            return found
        if repeated is not None and is_at_once(repeated, told):
            return None
        return chosen([x for x in lots if not x.forgotten], fields)

    def _end(self, lot: Lot, lots: Sequence[Lot], close: Close, *, more: bool) -> None:
        """Takes the close from a lot; one as large as all that is held ends it all.

        What is left may be less than what printing cuts off; closes that follow and fit show that it is there.
        """
        known = [x for x in lots if not x.forgotten]
        if lot in known and not may_close(lot, close.fields) and ended_together(known, close.fields):
            lot, *others = known
            lot.added = others
            self._lots = [x for x in self._lots if x not in others]
        ends = not more and lot.ends_with(close.fields)
        close.lot = lot
        lot.closes.append(close)
        self.history.add(close)
        if ends:
            self._lots.remove(lot)
            self.ended.append(lot)

    def _is_late(self, told: Telling) -> bool:
        """Whether an announcement that says an earlier one again waits for those that do not.

        Where no open of the earlier one is known, its voice rather tells of another close.
        """
        if told.recalls is None or told.is_listed or not _is_own_voice(told):
            return told.recalls is not None
        first = self.history.close_of(told.recalls)
        return first is not None and first.lot is not None and told.start - told.recalls.start > ECHO

    def _recall(self, side: PositionSide | None, told: Telling) -> None:
        """A close that repeats all values of an earlier one: of a position of its own, or a late word on that one.

        Of its own, where an open bears it out; for the voice that told the earlier one, where none speaks against it.
        """
        recalled = told.recalls
        first = self.history.close_of(recalled) if recalled is not None else None
        signs = [bears_out(lot, told.fields) for lot in self._known(side)]
        own = True in signs or (None in signs and _is_own_voice(told))
        if recalled is None or first is None or (own and not told.is_listed):
            self._take(side, Turn([told]))
        else:
            recalled.late_voices |= told.voices
            self.history.repeat(first, [told])

    def _known(self, side: PositionSide | None) -> list[Lot]:
        """The live lots that a close of a side may end, but for those that a later run may have forgotten."""
        return [lot for lot in self._lots_of(side) if not lot.forgotten]

    def _bare(self, together: list[Telling], status: PositionStatus) -> None:
        close = Close(together)
        self.bare.append(Bare(close, status))
        self.history.add(close)


def _is_own_voice(told: Telling) -> bool:
    """Whether what an announcement says again was told by its own voice."""
    return told.recalls is not None and told.recalls.spoke(voice_of(told.events[0]))
