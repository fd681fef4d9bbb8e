"""The opens and closes of one symbol in order → lots with their closes, and closes that repeat another."""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.location import Location
from logaudit.core.timestamp import Stamp
from logaudit.core.trades import PositionStatus
from logaudit.reconcile.positions.announcements import names_same, voice_of
from logaudit.reconcile.positions.live_lots import LiveLots
from logaudit.reconcile.positions.lot_groups import LotGroup
from logaudit.reconcile.positions.lots import Close, Lot, may_close
from logaudit.reconcile.positions.repeats import History, Turn, is_at_once, turns
from logaudit.reconcile.positions.shelf import Shelf
from logaudit.reconcile.positions.telling import ECHO, Telling, Tellings, is_open_echo


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
        self._lots = LiveLots()
        self._stacks = False
        self._waiting: list[Telling] = []
        self._tellings = Tellings(listed)

    @property
    def stacks(self) -> bool:
        """Whether the bot was seen to hold several positions of the symbol and side at once."""
        return self._stacks

    def open(self, event: Event) -> None:
        """A position was opened, or the open before is told again."""
        newest = self._lots.newest
        if newest is not None and not self._waiting and is_open_echo(newest.opens, event):
            self._lots.tell_again(newest, event)
            return
        self.flush()
        self._lots.open(event, self._run_of(event.at))
        self.history.opened(event)

    def close(self, event: Event) -> None:
        """A position was closed, or a close is told again."""
        told = self._tellings.take(event)
        if told is None:
            return
        if told.side is None and len(self._lots.sides) > 1:
            self.flush()
        self._waiting.append(told)

    def flush(self) -> None:
        """Settles what waits, side by side."""
        if not self._waiting:
            return
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
                self._active(self._lots.of(side)),
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
        return self._lots.in_order()

    def forget(self) -> None:
        """Lets lots and closes go, which name each other: no garbage is looked for while sessions are judged."""
        for lot in (*self.ended, *self._lots.in_order()):
            lot.closes.clear()

    def _is_clear(self, told: Telling) -> bool:
        """Whether it is known which side a close without one ends: there is one, or its entry price tells."""
        return len(self._lots.sides) <= 1 or self._lots.side_at(told.fields) is not None

    def _side_of(self, told: Telling) -> PositionSide | None:
        sides = self._lots.sides
        if told.side is not None or not sides:
            return told.side
        (side,) = self._lots.side_at(told.fields) or sides[:1]
        return side

    def _unclear(self, told: Telling) -> None:
        repeated = self.history.repeated_by(told)
        if repeated is not None:
            self.history.repeat(repeated, [told])
        else:
            self._bare([told], PositionStatus.UNCLEAR)

    def _active(self, lots: Shelf) -> LotGroup:
        return lots.known if self._stacks else lots.active

    def _take(self, side: PositionSide | None, turn: Turn) -> None:
        """One close: of a lot, or again of one that has ended, or of none that is known."""
        close = Close(turn.tellings)
        lots = self._lots.of(side)
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

    def _home(self, lots: Shelf, fields: TradeFields) -> Lot | None:
        """The lot that a close names, or the one it ends where it names no other position."""
        named = lots.named(fields)
        if named is not None:
            self._stacks = self._stacks or not named.is_active
            return named
        return None if lots.is_of_another(fields) else lots.chosen(self._active(lots), fields)

    def _left(self, lots: Shelf, fields: TradeFields, repeated: Close | None, told: Telling) -> Lot | None:
        """The lot that a close ends whose id or entry price is that of none, or where none is active."""
        # A retry goes on while the symbol is open anew: its entry price, or its id, is that of the position before.
        if repeated is not None and names_same(repeated.fields, fields):
            return None
        if (found := lots.chosen(self._active(lots), fields)) is not None:
            return found
        if repeated is not None and is_at_once(repeated, told):
            return None
        return lots.chosen(lots.known, fields)

    def _end(self, lot: Lot, lots: Shelf, close: Close, *, more: bool) -> None:
        """Takes the close from a lot; one as large as all that is held ends it all.

        What is left may be less than what printing cuts off; closes that follow and fit show that it is there.
        """
        if lot in lots.known and not may_close(lot, close.fields) and lots.known.ended_together(close.fields):
            lot, *others = lots.known
            lot.join(others)
            for other in others:
                self._lots.remove(other)
        ends = not more and lot.ends_with(close.fields)
        lot.take(close)
        self.history.add(close)
        if ends:
            self._lots.remove(lot)
            self.ended.append(lot)
        else:
            self._lots.changed(lot)

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
        lots, fields = self._lots.of(side), told.fields
        own = lots.bears_out(fields) or (_is_own_voice(told) and lots.may_bear_out(fields))
        if recalled is None or first is None or (own and not told.is_listed):
            self._take(side, Turn([told]))
        else:
            recalled.late_voices |= told.voices
            self.history.repeat(first, [told])

    def _bare(self, together: list[Telling], status: PositionStatus) -> None:
        close = Close(together)
        self.bare.append(Bare(close, status))
        self.history.add(close)


def _is_own_voice(told: Telling) -> bool:
    """Whether what an announcement says again was told by its own voice."""
    return told.recalls is not None and told.recalls.spoke(voice_of(told.events[0]))
