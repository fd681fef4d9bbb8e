"""Announcements of several voices that tell of one close: a notifier's echo, a second sink, a summary of the day."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.location import Location
from logaudit.core.money import agree, difference, product, tolerance
from logaudit.core.timestamp import MINUTE, SECOND
from logaudit.reconcile.positions.announcements import (
    Voice,
    contradicts,
    farther_than,
    filled,
    ids_of,
    same_id,
    same_size,
    shared,
    voice_of,
    with_fields,
    without_entry,
)
from logaudit.reconcile.positions.printed_index import ResultIndex

#: Another voice that prints the same number within this time tells of the same close; …
AT_ONCE: Final = 10 * SECOND
#: … within this, unless a position of its own is open; …
ECHO: Final = MINUTE
#: … one that prints no number of it, within this; …
SILENT_ECHO: Final = 5 * SECOND
#: … and one that prints its numbers in this weight, an equal size counting one, at any time.
_CERTAIN: Final = 3
#: Tellings that are looked through for the one that is echoed.
_RECENT: Final = 64
#: By which the price of a filled order may differ from the one it was placed at.
_SLIPPAGE: Final = Decimal("0.005")


class Telling(Struct):
    """One announcement, and those of other voices that say the same of it.

    Attributes:
        events: in order; another time a voice of its own speaks of the same close, it is a `Telling` of its own.
        recalls: an earlier one whose values it repeats, long after: a summary, or the close of an equal trade.
        is_listed: whether it stands in a list of closes that were told before.
        values: what its events say, each different one once, by how it is printed.
        said: all of these, to the digit; what holds for one telling holds for others that say the same.
    """

    events: list[Event]
    recalls: Telling | None = None
    voices: set[Voice] = field(default_factory=set)
    late_voices: set[Voice] = field(default_factory=set)
    joined: TradeFields = field(default_factory=TradeFields)
    is_listed: bool = False
    values: dict[str, TradeFields] = field(default_factory=dict)
    said: str = ""

    @property
    def fields(self) -> TradeFields:
        """What its events say together."""
        return self.joined

    @property
    def side(self) -> PositionSide | None:
        """The side that one of them names."""
        return self.joined.side

    @property
    def start(self) -> int:
        """Naive µs of the first."""
        return self.events[0].at.order

    @property
    def last(self) -> int:
        """Naive µs of the last."""
        return self.events[-1].at.order

    def spoke(self, voice: Voice) -> bool:
        """Whether a voice told of it at its time, so that it would hardly do so again."""
        return voice in self.voices and voice not in self.late_voices

    def add(self, event: Event) -> None:
        """One more voice."""
        self.events.append(event)
        self.voices.add(voice_of(event))
        printed = _printed(event.fields)
        if printed not in self.values:
            self.values[printed] = event.fields
            self.said += printed
        self.joined = filled(self.joined, [event.fields]) if len(self.events) > 1 else event.fields

    def is_contradicted(self, fields: TradeFields) -> bool:
        """Whether one of its events says what an announcement of the same close would not."""
        return any(contradicts(known, fields) for known in self.values.values())


def _printed(fields: TradeFields) -> str:
    """All values that announcements are compared by; thousands of a moment may differ in their reasons alone."""
    return repr(replace(fields, reason="", opened=None) if fields.reason or fields.opened else fields)


def telling(event: Event) -> Telling:
    """A telling of one announcement."""
    first = Telling([])
    first.add(event)
    return first


class Tellings:
    """The tellings of one symbol, for finding the one that an announcement joins or recalls."""

    def __init__(self, listed: Collection[Location]) -> None:
        """What of ``listed`` is told belongs to a list of closes that were told before."""
        self._listed = listed
        self._recent: deque[Telling] = deque(maxlen=_RECENT)
        self._by_result: ResultIndex[Telling] = ResultIndex()
        #: The coarsest tolerance of a price.
        self._coarsest = Decimal(0)

    def take(self, event: Event) -> Telling | None:
        """The announcement as a new telling; None where it joins one that was told just before."""
        voice = voice_of(event)
        while self._recent and event.at.order - self._recent[0].start > ECHO + event.at.precision:
            self._recent.popleft()
        others = (t for t in reversed(self._recent) if voice not in t.voices)
        echoed = next((t for t in others if is_echo(t, event)), None)
        if echoed is not None and event.at.order - echoed.start <= AT_ONCE + event.at.precision:
            echoed.add(event)
            self._index(echoed)
            return None
        new = telling(event)
        new.is_listed = event.location in self._listed
        new.recalls = echoed or self._recalled(event, 0 if new.is_listed else _CERTAIN)
        if new.recalls is None:
            self._index(new)
        self._recent.append(new)
        return new

    def _index(self, known: Telling) -> None:
        self._by_result.add(known)
        for price in (known.fields.entry_price, known.fields.exit_price):
            if price is not None:
                self._coarsest = max(self._coarsest, tolerance(price))

    def _recalled(self, event: Event, weight: int) -> Telling | None:
        """The latest one whose values it says again; told by another voice rather than by its own."""
        voice = voice_of(event)
        found: list[Telling] = []
        # A moment may hold thousands of equal ones.
        says_again: dict[str, bool] = {}
        is_apart = _apart_from(event.fields, self._coarsest)
        for known in self._by_result.like(event.fields):
            if is_apart(known.joined):
                continue
            if known.said not in says_again:
                says_again[known.said] = _says_again(known, event, weight)
            if says_again[known.said]:
                found.append(known)
        return max(found, key=lambda t: (not t.spoke(voice), t.start), default=None)


def is_echo(known: Telling, event: Event) -> bool:
    """Whether an announcement of another voice tells the same at once."""
    if known.is_contradicted(event.fields):
        return False
    same = shared(known.fields, event.fields)
    if same.differing:
        return False
    if same.telling or same_id(known.fields, event.fields):
        return True
    return event.at.order - known.last <= SILENT_ECHO


def is_open_echo(known: Telling, event: Event) -> bool:
    """Whether another voice tells of one open at once: an order placed and filled may differ a little in price."""
    if voice_of(event) in known.voices or event.at.order - known.start > ECHO + event.at.precision:
        return False
    first, other = without_entry(known.fields), without_entry(event.fields)
    if contradicts(first, other):
        return False
    entry, price = known.fields.entry_price, event.fields.entry_price
    if entry is None or price is None:
        return event.at.order - known.last <= SILENT_ECHO
    if agree(entry, price):
        return True
    slippage = product(entry.copy_abs(), _SLIPPAGE)
    return event.at.order - known.last <= SILENT_ECHO and difference(entry, price).copy_abs() <= slippage


def _apart_from(fields: TradeFields, coarsest: Decimal) -> Callable[[TradeFields], bool]:
    """Whether values are those of another close at first sight: most of those that are looked through are.

    Args:
        coarsest: tolerance of the other prices.
    """
    is_other_entry = farther_than(fields.entry_price, coarsest)
    is_other_exit = farther_than(fields.exit_price, coarsest)
    trade, position, order = ids_of(fields)

    def is_apart(known: TradeFields) -> bool:
        return (
            is_other_entry(known.entry_price)
            or is_other_exit(known.exit_price)
            or bool(trade and known.trade_id and trade != known.trade_id)
            or bool(position and known.position_id and position != known.position_id)
            or bool(order and known.order_id and order != known.order_id)
        )

    return is_apart


def _says_again(known: Telling, event: Event, weight: int) -> bool:
    """Whether all that both print is equal, and enough of it that it is no coincidence."""
    if known.is_contradicted(event.fields):
        return False
    same = shared(known.fields, event.fields)
    if same.differing or (weight == _CERTAIN and not same.telling):
        return False
    return same.weight + same_size(known.fields, event.fields) >= weight


def standing(events: Sequence[Event]) -> Event:
    """The announcement that stands for a close: the first that prints a result, else the first."""
    first = next((e for e in events if e.fields.result is not None), events[0])
    return standing_for(first, [e for e in events if e is not first])


def standing_for(first: Event, others: Iterable[Event]) -> Event:
    """An announcement with the values that only the others of its close print."""
    return with_fields(first, filled(first.fields, [e.fields for e in others]))
